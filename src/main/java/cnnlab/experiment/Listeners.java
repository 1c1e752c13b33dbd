package cnnlab.experiment;

import cnnlab.engine.EpochMetrics;
import cnnlab.engine.Trainer;
import java.util.List;

/**
 * Several that listen to one training.
 *
 * @param all told in this order
 */
record Listeners(List<Trainer.Listener> all) implements Trainer.Listener {

  static Listeners of(Trainer.Listener... all) {
    return new Listeners(List.of(all));
  }

  @Override
  public void batchDone(int epoch, int images, double loss) {
    all.forEach(l -> l.batchDone(epoch, images, loss));
  }

  @Override
  public void epochDone(EpochMetrics metrics) {
    all.forEach(l -> l.epochDone(metrics));
  }
}
