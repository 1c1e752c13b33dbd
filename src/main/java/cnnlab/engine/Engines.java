package cnnlab.engine;

import cnnlab.scratch.Network;
import cnnlab.scratch.dl4j.GraphCompiler;
import cnnlab.scratch.dl4j.GraphParameters;
import cnnlab.scratch.dl4j.TrainingCompiler;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.train.NetworkTrainer;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Creates engines from graphs. */
public final class Engines {
  private Engines() {}

  /**
   * The number of threads that a configuration's key {@code threads} asks for.
   *
   * @param threads 0 for one for each core
   */
  public static int threads(int threads) {
    return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
  }

  /**
   * Training settings that are not part of the graph. Optimiser, learning rate, clipping, L1, L2
   * and dropout are.
   *
   * @param maxBatch the largest number of images of a batch
   * @param averageDecay decay of averaged weights, in [0, 1); 0 for none
   * @param seed the seed of dropout in the engine from scratch; DL4J uses its thread's random
   *     stream
   */
  public record Training(int maxBatch, double averageDecay, long seed) {

    /** Settings without averaged weights. */
    public static Training withDefaults(int maxBatch, long seed) {
      return new Training(maxBatch, 0, seed);
    }
  }

  /**
   * An engine that trains the graph.
   *
   * @param input shape of one image
   * @param threads threads of the engine from scratch; those of DL4J are set by {@link Dl4jRuntime}
   * @throws IllegalArgumentException when the engine does not support the graph
   */
  public static Engine training(
      EngineKind kind, ComputationGraph graph, Shape input, Training training, int threads) {
    return kind == EngineKind.DL4J
        ? new Dl4jEngine(
            graph, input.channels(), input.height(), input.width(), training.averageDecay)
        : scratch(graph, input, training, Kernels.best(), threads);
  }

  /** The engine from scratch with the given kernels; see {@link #training}. */
  public static Engine scratch(
      ComputationGraph graph, Shape input, Training training, Kernels kernels, int threads) {
    Network network = GraphCompiler.compile(graph, input, kernels);
    NetworkTrainer.Options options =
        TrainingCompiler.options(
            graph, network, training.averageDecay, training.maxBatch, training.seed);
    return ScratchEngine.forTraining(network, options, threads);
  }

  /**
   * Copies the weights that an engine predicts with into the graph from which {@link #training}
   * created it. DL4J trains the graph itself, but predicts with averaged weights if there are any.
   */
  public static void writeBack(Engine engine, ComputationGraph graph, Shape input) {
    if (engine instanceof ScratchEngine) {
      copy(engine, graph, input);
    } else {
      engine.setWeights(engine.weights());
    }
  }

  /**
   * Copies the weights that an engine predicts with into another graph of the same network; the
   * engine stays as it is.
   */
  public static void copy(Engine engine, ComputationGraph to, Shape input) {
    if (engine instanceof ScratchEngine) {
      Network network = GraphCompiler.compile(to, input, Kernels.best());
      GraphParameters.write(network.withParameters(engine.weights()), to);
    } else {
      new Dl4jEngine(to, input.channels(), input.height(), input.width())
          .setWeights(engine.weights());
    }
  }
}
