package cnnlab.bench.model;

import cnnlab.model.LymphNodeCnn;
import cnnlab.model.LymphNodeResNet;
import cnnlab.model.MnistCnn;
import cnnlab.model.SmallDigitsCnn;
import cnnlab.model.Updaters;
import cnnlab.scratch.layer.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** The networks of the experiments, with random weights, trained as there. */
public enum NamedModel {
  /** The lab's network for MNIST. */
  TASK1(new Shape(1, MnistCnn.HEIGHT, MnistCnn.WIDTH), 128, 0),

  /** The report's network for PatchCamelyon. */
  TASK3(new Shape(LymphNodeCnn.CHANNELS, LymphNodeCnn.HEIGHT, LymphNodeCnn.WIDTH), 128, 0),

  /** The network of {@code experiments/task2-best.yaml}. */
  TASK2_BEST(new Shape(1, MnistCnn.HEIGHT, MnistCnn.WIDTH), 32, 0.999),

  /** The network of {@code experiments/task3-best.yaml}. */
  TASK3_BEST(new Shape(LymphNodeCnn.CHANNELS, LymphNodeCnn.HEIGHT, LymphNodeCnn.WIDTH), 128, 0.995);

  static final long SEED = 1;

  /** The architecture of Task 2's best recipe. */
  static final SmallDigitsCnn.Shape TASK2_SHAPE =
      new SmallDigitsCnn.Shape(
          List.of(List.of(24), List.of(48, 48), List.of(96, 96)), true, true, false, 0, 0.4);

  /** The architecture of Task 3's best configuration. */
  static final LymphNodeResNet.Shape TASK3_SHAPE =
      new LymphNodeResNet.Shape(List.of(32, 64, 128), 1, true, 0);

  private static final double TASK2_DECAY = 0.1;
  private static final double TASK3_DECAY = 0.02;
  private static final double LEARNING_RATE = 1e-3;

  private final Shape input;
  private final int trainBatch;
  private final double averageDecay;

  NamedModel(Shape input, int trainBatch, double averageDecay) {
    this.input = input;
    this.trainBatch = trainBatch;
    this.averageDecay = averageDecay;
  }

  /** The network that a name means, in any case. */
  static Optional<NamedModel> of(String name) {
    return Arrays.stream(values()).filter(m -> m.toString().equalsIgnoreCase(name)).findFirst();
  }

  /** All names, for messages. */
  public static String names() {
    return Arrays.stream(values()).map(NamedModel::toString).collect(Collectors.joining(", "));
  }

  Shape input() {
    return input;
  }

  int trainBatch() {
    return trainBatch;
  }

  double averageDecay() {
    return averageDecay;
  }

  /**
   * The network.
   *
   * @param random whether it drops values in training; without, two engines train alike
   */
  ComputationGraph graph(boolean random) {
    var adam = Updaters.adam(LEARNING_RATE, Updaters.BETA1, Updaters.BETA2, Updaters.EPSILON);
    return switch (this) {
      case TASK1 -> MnistCnn.create(SEED, adam);
      case TASK3 -> LymphNodeCnn.create(SEED, adam, random ? LymphNodeCnn.DROPOUT : 0);
      case TASK2_BEST ->
          SmallDigitsCnn.create(SEED, random ? TASK2_SHAPE : withoutDropout(), adam, TASK2_DECAY);
      case TASK3_BEST -> LymphNodeResNet.create(SEED, TASK3_SHAPE, adam, TASK3_DECAY);
    };
  }

  private static SmallDigitsCnn.Shape withoutDropout() {
    return new SmallDigitsCnn.Shape(
        TASK2_SHAPE.blocks(),
        TASK2_SHAPE.batchNorm(),
        TASK2_SHAPE.poolLast(),
        TASK2_SHAPE.globalPooling(),
        TASK2_SHAPE.dense(),
        0);
  }

  /** Its name on the command line: {@code task2-best}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
