package cnnlab.training;

import cnnlab.engine.Engine;
import cnnlab.engine.Engines;
import cnnlab.inference.EpochWeights;
import cnnlab.scratch.layer.Shape;
import cnnlab.store.RunDirectory;
import java.io.IOException;
import java.util.function.Supplier;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Keeps the weights of a training after every k-th epoch and the last; see {@link EpochWeights}.
 */
public final class WeightKeeper implements TrainingListener {
  private final RunDirectory directory;
  private final Epochs wanted;
  private final Supplier<ComputationGraph> network;
  private final Shape input;
  private ComputationGraph graph;

  /**
   * Which epochs to keep, and where.
   *
   * @param folder a name in the run directory
   * @param every the epochs from one to the next; 0 for none
   * @param last the configured number of epochs
   */
  public record Epochs(String folder, int every, int last) {}

  /**
   * @param network makes the network that is trained, with any weights
   * @param input shape of one image
   */
  public WeightKeeper(
      RunDirectory directory, Epochs wanted, Supplier<ComputationGraph> network, Shape input) {
    this.directory = directory;
    this.wanted = wanted;
    this.network = network;
    this.input = input;
  }

  @Override
  public void epochWeights(int epoch, Engine engine) throws IOException {
    if (!EpochWeights.keeps(epoch, wanted.every, wanted.last)) {
      return;
    }
    if (graph == null) {
      graph = network.get();
    }
    Engines.copy(engine, graph, input);
    EpochWeights.write(directory, wanted.folder, epoch, graph);
  }
}
