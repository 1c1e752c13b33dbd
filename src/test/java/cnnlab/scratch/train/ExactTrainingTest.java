package cnnlab.scratch.train;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.scratch.DoubleCopy;
import cnnlab.scratch.EveryPathTest;
import cnnlab.scratch.Network;
import cnnlab.scratch.RandomNetworks;
import cnnlab.scratch.ThreadTeam;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.layer.AvgPool2d;
import cnnlab.scratch.layer.ElementwiseMerge;
import cnnlab.scratch.layer.GlobalAvgPool2d;
import cnnlab.scratch.layer.GlobalMaxPool2d;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.MaxPool2d;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.ScaleShift;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

/**
 * Loss and gradients of random networks on small whole numbers, where no sum is rounded: plain
 * loops, vectors and double precision agree in every bit, ties of a maximum included.
 */
class ExactTrainingTest {
  private static final int OUTPUTS = 4;

  /** Whole numbers up to this limit, and fractions with as few bits, are not rounded in float. */
  private static final double EXACT = 1 << 24;

  /** Weights that lead to one output, on average; the others are 0. */
  private static final int NOT_ZERO = 10;

  @Provide
  static Arbitrary<Integer> batches() {
    return EveryPathTest.batches();
  }

  @Property(tries = 200, seed = "1")
  void gradientsAreExact(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 5) int steps,
      @ForAll("batches") int n,
      @ForAll @IntRange(min = 1, max = 3) int threads) {
    Random random = new Random(seed);
    Network.Builder layers = RandomNetworks.exact(seed, steps);
    Network network = layers.build(parameters(layers, random), new ReferenceKernels());
    float[] x = whole(n * network.inputShape().size(), 2, random);
    float[] d = whole(n * OUTPUTS, 2, random);
    boolean exact = isExact(network, x, d, n);
    Statistics.label("without rounding").collect(exact);
    Assume.that(exact);

    float[] y = targets(DoubleCopy.of(network).predict(DoubleCopy.widen(x), n), d, n);
    Result expected = inDoublePrecision(network, x, y, n);
    long zeros = Arrays.stream(expected.gradients).filter(g -> g == 0).count();
    Statistics.label("gradients mostly not 0").collect(zeros < expected.gradients.length / 2);
    for (Kernels kernels : EveryPathTest.kernels()) {
      Result found = train(layers.build(network.parameters().clone(), kernels), x, y, n, threads);
      assertThat(found.loss).as("%s: loss", kernels.name()).isEqualTo(expected.loss);
      for (int i = 0; i < expected.gradients.length; i++) {
        if (found.gradients[i] != expected.gradients[i]) {
          throw new AssertionError(
              "%s: gradient %d is %s, in double precision %s: %s"
                  .formatted(
                      kernels.name(),
                      i,
                      found.gradients[i],
                      expected.gradients[i],
                      network.nodes()));
        }
      }
    }
  }

  private record Result(double loss, double[] gradients) {}

  private static Result train(Network network, float[] x, float[] y, int n, int threads) {
    try (ThreadTeam team = new ThreadTeam(threads)) {
      NetworkTrainer trainer =
          new NetworkTrainer(
              network,
              new NetworkTrainer.Options(
                  Objective.SQUARED_ERROR,
                  new Optimizer.Sgd(new Schedule.Constant(1e-3), 0),
                  List.of(),
                  List.of(),
                  List.of(),
                  0,
                  n,
                  1),
              team);
      double loss = trainer.step(x, y, n);
      return new Result(loss, DoubleCopy.widen(trainer.gradients()));
    }
  }

  private static Result inDoublePrecision(Network network, float[] x, float[] y, int n) {
    return train(DoubleCopy.of(network), DoubleCopy.widen(x), DoubleCopy.widen(y), n);
  }

  private static Result train(cnnlab.scratch64.Network network, double[] x, double[] y, int n) {
    try (cnnlab.scratch64.ThreadTeam team = new cnnlab.scratch64.ThreadTeam(1)) {
      cnnlab.scratch64.train.NetworkTrainer trainer =
          new cnnlab.scratch64.train.NetworkTrainer(
              network,
              new cnnlab.scratch64.train.NetworkTrainer.Options(
                  cnnlab.scratch64.train.Objective.SQUARED_ERROR,
                  new cnnlab.scratch64.train.Optimizer.Sgd(
                      new cnnlab.scratch64.train.Schedule.Constant(1e-3), 0),
                  List.of(),
                  List.of(),
                  List.of(),
                  0,
                  n,
                  1),
              team);
      double loss = trainer.step(x, y, n);
      return new Result(loss, trainer.gradients());
    }
  }

  /** Targets for which the gradient of the mean squared error is d. */
  private static float[] targets(double[] outputs, float[] d, int n) {
    float[] y = new float[outputs.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = (float) (outputs[i] - d[i] * n * OUTPUTS / 2);
    }
    return y;
  }

  private static float[] whole(int count, int largest, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextInt(2 * largest + 1) - largest;
    }
    return values;
  }

  /**
   * ±1 and ±2, but mostly 0 where there are many, so that sums stay small; more plus than minus, so
   * that not every ReLU is closed.
   */
  private static float[] parameters(Network.Builder layers, Random random) {
    float[] values = new float[layers.parameterCount()];
    for (Node node : layers.nodes()) {
      int at = node.parameterOffset();
      for (Layer.Parameter p : node.layer().parameters()) {
        int fanIn = p.shape().size() == 1 ? 1 : p.size() / Math.max(1, node.shape().channels());
        for (int i = 0; i < p.size(); i++, at++) {
          int sign = random.nextInt(3) == 0 ? -1 : 1;
          values[at] = random.nextInt(fanIn) < NOT_ZERO ? sign * (1 + random.nextInt(2)) : 0;
        }
      }
    }
    return values;
  }

  /**
   * Whether no sum on the way can be rounded: the same network of absolute values, in which each
   * maximum is a sum, gives the largest that any can become; every mean adds bits behind the point.
   */
  private static boolean isExact(Network network, float[] x, float[] d, int n) {
    cnnlab.scratch64.Network.Builder builder =
        cnnlab.scratch64.Network.builder(DoubleCopy.shape(network.inputShape()));
    double parts = 1;
    for (Node node : network.nodes()) {
      parts *= partsAfter(network, node);
      addAbsolute(builder, network, node);
    }
    double[] parameters = absolute(network.parameters());
    cnnlab.scratch64.Network sums =
        builder.build(parameters, new cnnlab.scratch64.kernel.ReferenceKernels());
    double[] images = absolute(x);
    double[] outputs = sums.predict(images, n);
    double[] y = new double[outputs.length];
    double largest = 0;
    for (int i = 0; i < y.length; i++) {
      y[i] = outputs[i] - Math.abs(d[i]) * n * OUTPUTS / 2;
      largest = Math.max(largest, 2 * Math.max(outputs[i], Math.abs(y[i])));
    }
    List<double[]> all = new ArrayList<>(sums.activations(images, n).values());
    all.add(train(sums, images, y, n).gradients);
    for (double[] values : all) {
      for (double value : values) {
        largest = Math.max(largest, value);
      }
    }
    return largest * parts < EXACT;
  }

  private static double[] absolute(float[] values) {
    double[] absolute = DoubleCopy.widen(values);
    for (int i = 0; i < absolute.length; i++) {
      absolute[i] = Math.abs(absolute[i]);
    }
    return absolute;
  }

  /** The largest number by which a node divides its sums. */
  private static int partsAfter(Network network, Node node) {
    if (node.layer() instanceof AvgPool2d p) {
      return p.window().kernelHeight() * p.window().kernelWidth();
    } else if (node.layer() instanceof GlobalAvgPool2d) {
      return network.nodes().get(node.inputs().get(0)).shape().plane();
    }
    return node.layer() instanceof ElementwiseMerge c && c.op() == ElementwiseMerge.Op.AVERAGE
        ? 2
        : 1;
  }

  private static void addAbsolute(
      cnnlab.scratch64.Network.Builder builder, Network network, Node node) {
    String[] inputs = DoubleCopy.inputNames(network, node);
    Layer layer = node.layer();
    if (layer instanceof MaxPool2d pool) {
      int area = pool.window().kernelHeight() * pool.window().kernelWidth();
      builder.add(
          node.name() + "/mean", DoubleCopy.layer(new AvgPool2d(pool.window(), true)), inputs);
      builder.add(node.name(), times(area), node.name() + "/mean");
    } else if (layer instanceof GlobalMaxPool2d) {
      int area = network.nodes().get(node.inputs().get(0)).shape().plane();
      builder.add(node.name() + "/mean", DoubleCopy.layer(new GlobalAvgPool2d()), inputs);
      builder.add(node.name(), times(area), node.name() + "/mean");
    } else if (layer instanceof ElementwiseMerge c && c.op() != ElementwiseMerge.Op.MULTIPLY) {
      builder.add(
          node.name(), DoubleCopy.layer(new ElementwiseMerge(ElementwiseMerge.Op.ADD)), inputs);
    } else {
      builder.add(node.name(), DoubleCopy.layer(layer), inputs);
    }
  }

  private static cnnlab.scratch64.layer.Layer times(int factor) {
    return DoubleCopy.layer(new ScaleShift(new float[] {factor}, new float[1]));
  }
}
