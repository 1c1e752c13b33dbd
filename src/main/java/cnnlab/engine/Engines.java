package cnnlab.engine;

import cnnlab.scratch.Network;
import cnnlab.scratch.dl4j.GraphCompiler;
import cnnlab.scratch.dl4j.GraphParameters;
import cnnlab.scratch.dl4j.TrainingCompiler;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.train.NetworkTrainer;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Makes engines from graphs. */
public final class Engines {
  private Engines() {}

  /**
   * How to train, besides what the graph itself says (optimiser, learning rate, clipping, l1, l2,
   * dropout).
   *
   * @param maxBatch the largest batch
   * @param averageDecay of averaged weights in [0, 1), 0 for none
   * @param seed of dropout, from scratch only (DL4J draws from its thread's stream)
   */
  public record Training(int maxBatch, double averageDecay, long seed) {

    /** Nothing beyond what the graph says. */
    public static Training plain(int maxBatch, long seed) {
      return new Training(maxBatch, 0, seed);
    }
  }

  /**
   * An engine that trains the graph.
   *
   * @param input the shape of one image
   * @param threads threads of the engine from scratch; DL4J's are set by {@link Dl4jRuntime}
   * @throws IllegalArgumentException when the engine cannot do what is asked
   */
  public static Engine training(
      EngineKind kind, ComputationGraph graph, Shape input, Training training, int threads) {
    return kind == EngineKind.DL4J
        ? new Dl4jEngine(
            graph, input.channels(), input.height(), input.width(), training.averageDecay)
        : scratch(graph, input, training, Kernels.best(), threads);
  }

  /** The engine from scratch on the kernels of one's choice; see {@link #training}. */
  public static Engine scratch(
      ComputationGraph graph, Shape input, Training training, Kernels kernels, int threads) {
    Network network = GraphCompiler.compile(graph, input, kernels);
    NetworkTrainer.Options options =
        TrainingCompiler.options(
            graph, network, training.averageDecay, training.maxBatch, training.seed);
    return ScratchEngine.training(network, options, threads);
  }

  /**
   * Gives the graph the weights with which an engine that was made from it by {@link #training}
   * predicts. DL4J trains the graph itself, but predicts with averaged weights where there are any.
   */
  public static void writeBack(Engine engine, ComputationGraph graph, Shape input) {
    if (engine instanceof ScratchEngine) {
      Network network = GraphCompiler.compile(graph, input, Kernels.best());
      GraphParameters.write(network.withParameters(engine.weights()), graph);
    } else {
      engine.setWeights(engine.weights());
    }
  }
}
