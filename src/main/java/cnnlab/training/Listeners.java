package cnnlab.training;

import cnnlab.engine.Engine;
import java.io.IOException;
import java.util.List;

/**
 * Several listeners of one training.
 *
 * @param all the listeners, in the order in which they are called
 */
public record Listeners(List<TrainingListener> all) implements TrainingListener {

  public static Listeners of(TrainingListener... all) {
    return new Listeners(List.of(all));
  }

  @Override
  public void batchDone(int epoch, int images, double loss) {
    all.forEach(l -> l.batchDone(epoch, images, loss));
  }

  @Override
  public void epochWeights(int epoch, Engine engine) throws IOException {
    for (TrainingListener l : all) {
      l.epochWeights(epoch, engine);
    }
  }

  @Override
  public void epochDone(EpochMetrics metrics) {
    all.forEach(l -> l.epochDone(metrics));
  }

  @Override
  public void epochEvaluated(EvaluatedEpoch epoch) {
    all.forEach(l -> l.epochEvaluated(epoch));
  }

  @Override
  public void epochBeforeDone(String network, EpochMetrics metrics) {
    all.forEach(l -> l.epochBeforeDone(network, metrics));
  }

  @Override
  public void partDone() {
    all.forEach(TrainingListener::partDone);
  }
}
