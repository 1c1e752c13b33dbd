package cnnlab.model;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/** The lab's networks with random weights, by name, for training on demand. */
public final class TrainableGraphs {
  private static final double DROPOUT = 0.3;
  private static final LymphNodeResNet.Shape BEST =
      new LymphNodeResNet.Shape(List.of(32, 64, 128), 1, true, 0);

  private TrainableGraphs() {}

  /** The networks. */
  public enum Kind {
    /** {@link MnistCnn}. */
    TASK1,
    /** {@link SmallDigitsCnn} with batch normalisation and dropout, as in Task 2. */
    TASK2,
    /** {@link LymphNodeCnn}. */
    TASK3,
    /** {@link LymphNodeResNet} with the stages of {@code experiments/task3-best.yaml}. */
    TASK3_BEST;

    /** Whether it classifies patches of lymph nodes, not digits. */
    public boolean onPatches() {
      return this == TASK3 || this == TASK3_BEST;
    }
  }

  /** The optimisers. */
  public enum Optimiser {
    /** Adam with Keras' other defaults. */
    ADAM,
    /** Plain stochastic gradient descent. */
    SGD
  }

  /**
   * Creates a graph.
   *
   * @param seed the seed of the initial weights
   * @param learningRate constant, above 0
   */
  public static ComputationGraph create(
      Kind kind, long seed, Optimiser optimiser, double learningRate) {
    IUpdater updater =
        optimiser == Optimiser.SGD
            ? new Sgd(learningRate)
            : Updaters.keras(learningRate, false, 0, 1);
    return switch (kind) {
      case TASK1 -> MnistCnn.create(seed, updater);
      case TASK2 ->
          SmallDigitsCnn.create(
              seed,
              new SmallDigitsCnn.Shape(
                  List.of(List.of(16), List.of(32)), true, true, false, 64, DROPOUT),
              updater,
              0);
      case TASK3 -> LymphNodeCnn.create(seed, updater, LymphNodeCnn.DROPOUT);
      case TASK3_BEST -> LymphNodeResNet.create(seed, BEST, updater, 0);
    };
  }
}
