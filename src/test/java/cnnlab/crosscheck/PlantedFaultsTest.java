package cnnlab.crosscheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cnnlab.crosscheck.bound.BoundUse;
import cnnlab.crosscheck.bound.Bounded;
import cnnlab.crosscheck.bound.RoundingBounds;
import cnnlab.data.Datasets;
import cnnlab.data.Mnist;
import cnnlab.engine.Dl4jEngine;
import cnnlab.engine.Dl4jRuntime;
import cnnlab.model.file.ModelFiles;
import cnnlab.scratch.Network;
import cnnlab.scratch.dl4j.GraphCompiler;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.Padding;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.kernel.Window;
import cnnlab.scratch.layer.Conv2d;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.FlattenChannelsLast;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.MaxPool2d;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Small faults in the computation of the trained Task 1 network are detected by the bounds. */
class PlantedFaultsTest {
  private static final int IMAGES = 20;
  private static final Shape INPUT = new Shape(1, 28, 28);
  private static final String WEIGHTS = "weights that differ, bit for bit";

  private static ComputationGraph graph;
  private static float[] images;
  private static int[] labels;
  private static float[] library;

  @BeforeAll
  static void load() {
    Dl4jRuntime.configure(true, 1);
    graph = ModelFiles.load(Path.of("results/reference/task1/model.zip"));
    var test = Mnist.load(Datasets.locate(null, Map.of(), Path.of(""), Path.of(""))).test();
    int[] first = IntStream.range(0, IMAGES).toArray();
    images = test.batch(first, 0, IMAGES);
    labels = Arrays.copyOf(test.labels(), IMAGES);
    library = new Dl4jEngine(graph, 1, 28, 28).predict(images, IMAGES);
  }

  private interface Fault {
    Network in(Network network);
  }

  private static Network good(Kernels kernels) {
    return GraphCompiler.compile(graph, INPUT, kernels);
  }

  private static Comparison compare(Network network, Network fast) {
    return Comparison.of(
        new Comparison.Networks(graph, network, fast),
        new Comparison.Run(images, IMAGES, labels, library, fast.predict(images, IMAGES), null));
  }

  /** In the plain loops and in the kernels of predict; not detected by comparing weights. */
  private static void assertFound(Fault fault) {
    Network network = good(new ReferenceKernels());
    Network fast = good(Kernels.best());
    for (Comparison c :
        List.of(compare(fault.in(network), fast), compare(network, fault.in(fast)))) {
      assertThat(c.passed()).isFalse();
      assertThat(c.checks())
          .as("checks besides that of the weights")
          .anyMatch(check -> !check.name().equals(WEIGHTS) && !check.passed());
    }
  }

  @Test
  void passesAllChecksWithoutAFault() {
    Comparison c = compare(good(new ReferenceKernels()), good(Kernels.best()));
    assertThat(c.checks()).allMatch(Check::passed);
    assertThat(c.examined()).isEqualTo(IMAGES);
    assertThat(c.impulses()).hasSize(3).allMatch(i -> i.impulses() == i.of());
  }

  /** Largest, smallest and some others of each layer. */
  @ParameterizedTest
  @ValueSource(strings = {"conv1", "conv2", "dense/linear"})
  void oneWeightOffByOneInTenThousand(String layer) {
    Node node = node(good(new ReferenceKernels()), layer);
    int count = node.layer().parameters().get(0).size();
    float[] w = good(new ReferenceKernels()).parameters();
    int at = node.parameterOffset();
    int[] bySize =
        IntStream.range(at, at + count)
            .boxed()
            .sorted((i, j) -> Float.compare(Math.abs(w[i]), Math.abs(w[j])))
            .mapToInt(i -> i)
            .toArray();
    for (double quantile : new double[] {0.05, 0.5, 1}) {
      int one = bySize[(int) Math.round(quantile * (count - 1))];
      assertFound(
          network -> {
            float[] p = network.parameters().clone();
            p[one] *= 1 + 1e-4f;
            return network.withParameters(p);
          });
    }
  }

  /**
   * The effect of TF32 on graphics cards on the inputs of a wide layer: 13 bits less than single
   * precision, which ordinary images cannot reveal among thousands of products.
   */
  @Test
  void inputsOfAWideLayerRoundedToTf32() {
    Random random = new Random(1);
    int in = 6000;
    float[] x = random(random, in);
    float[] p = random(random, in + 1);
    var exact =
        cnnlab.scratch64.Network.builder(new cnnlab.scratch64.layer.Shape(in, 1, 1))
            .add("wide", new cnnlab.scratch64.layer.Dense(in, 1, true, false))
            .build(widened(p), new cnnlab.scratch64.kernel.ReferenceKernels());
    RoundingBounds bounds = RoundingBounds.of(exact, exact.nodes().get(0));
    Network wide =
        Network.builder(new Shape(in, 1, 1))
            .add("wide", new Dense(in, 1, true, false))
            .build(p, new ReferenceKernels());
    float[] onImage = wide.predict(tf32(x), 1);
    float[] impulse = new float[in];
    impulse[17] = Impulses.HIGH;
    float[] onImpulse = wide.predict(tf32(impulse), 1);
    Bounded image = bounds.apply(List.of(Bounded.exact(x)), 1);
    Bounded one = bounds.apply(List.of(Bounded.exact(impulse)), 1);
    assertThat(BoundUse.of(onImage, image).passed()).as("on an image nobody sees it").isTrue();
    assertThat(BoundUse.of(wide.predict(impulse, 1), one).passed()).isTrue();
    assertThat(BoundUse.of(onImpulse, one).share()).isGreaterThan(100);
  }

  private static float[] random(Random random, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static double[] widened(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  /** To 11 bits. */
  private static float[] tf32(float[] values) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = Float.intBitsToFloat(Float.floatToRawIntBits(values[i]) + 0x1000 & ~0x1fff);
    }
    return rounded;
  }

  @Test
  void detectsATransposedKernel() {
    assertFound(
        network -> {
          float[] p = network.parameters().clone();
          int at = node(network, "conv2").parameterOffset() + 13 * 9;
          for (int i = 0; i < 9; i++) {
            p[at + i] = network.parameters()[at + i % 3 * 3 + i / 3];
          }
          return network.withParameters(p);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"conv1", "conv2"})
  void twoChannelsSwapped(String layer) {
    assertFound(
        network -> {
          float[] p = network.parameters().clone();
          Node node = node(network, layer);
          int w = node.parameterOffset();
          int size = node.layer().parameters().get(0).size();
          int channels = node.shape().channels();
          swap(p, w, size / channels);
          swap(p, w + size, 1);
          return network.withParameters(p);
        });
  }

  private static void swap(float[] p, int at, int size) {
    float[] first = Arrays.copyOfRange(p, at, at + size);
    System.arraycopy(p, at + size, p, at, size);
    System.arraycopy(first, 0, p, at + size, size);
  }

  @ParameterizedTest
  @ValueSource(strings = {"conv1", "conv2", "dense/linear"})
  void aBiasLeftOut(String layer) {
    assertFound(
        network ->
            with(
                network,
                layer,
                node(network, layer).layer() instanceof Conv2d c
                    ? new Conv2d(c.inChannels(), c.outChannels(), c.window(), false, c.relu())
                    : new Dense(392, 10, false, false)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"conv1", "conv2"})
  void paddingOffByOne(String layer) {
    assertFound(
        network -> {
          Conv2d c = (Conv2d) node(network, layer).layer();
          Window shifted = Window.square(3, 1, new Padding.Explicit(2, 1, 0, 1));
          return with(
              network, layer, new Conv2d(c.inChannels(), c.outChannels(), shifted, true, c.relu()));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"pool1", "pool2"})
  void poolingOfTheWrongWindow(String layer) {
    Padding padding = layer.equals("pool1") ? Padding.SAME : new Padding.Explicit(0, 0, 1, 1);
    assertFound(network -> with(network, layer, new MaxPool2d(Window.square(3, 2, padding))));
  }

  @Test
  void detectsAFlattenInTheOtherOrder() {
    assertFound(network -> with(network, "flatten", new FlattenChannelsLast()));
  }

  private static Node node(Network network, String name) {
    return network.nodes().stream().filter(n -> n.name().equals(name)).findFirst().orElseThrow();
  }

  /** The network with one layer replaced; the new layer gets the first of its parameters. */
  private static Network with(Network network, String name, Layer other) {
    Network.Builder builder = Network.builder(network.inputShape());
    float[] parameters = new float[network.parameters().length];
    int at = 0;
    for (Node node : network.nodes()) {
      Layer layer = node.name().equals(name) ? other : node.layer();
      builder.add(node.name(), layer);
      System.arraycopy(
          network.parameters(), node.parameterOffset(), parameters, at, layer.parameterCount());
      at += layer.parameterCount();
    }
    return builder.build(Arrays.copyOf(parameters, at), network.kernels());
  }

  /** The bounds of these probabilities are too wide, so a fixed tolerance is used. */
  @ParameterizedTest
  @CsvSource({"5e-6, true", "2e-5, false"})
  void whereNoBoundTellsAChosenNumberJudges(float off, boolean passed) {
    Network network = good(new ReferenceKernels());
    Network fast = good(Kernels.best());
    float[] other = library.clone();
    int most = IntStream.range(0, 10).reduce(0, (a, b) -> other[b] > other[a] ? b : a);
    other[most] -= off;
    Comparison c =
        Comparison.of(
            new Comparison.Networks(graph, network, fast),
            new Comparison.Run(
                images, IMAGES, labels, other, fast.predict(images, IMAGES), library));
    List<Check> chosen =
        c.checks().stream().filter(check -> check.name().endsWith(", no derived bound")).toList();
    assertThat(chosen)
        .extracting(Check::name)
        .containsExactly(
            "predict against layer by layer, DL4J, no derived bound",
            "expected outputs, DL4J, no derived bound",
            "expected outputs, from scratch, no derived bound");
    assertThat(chosen).extracting(Check::bound).containsOnly(1e-5);
    assertThat(chosen.get(0).found()).isCloseTo(off, within(1e-6));
    assertThat(chosen).extracting(Check::passed).containsExactly(passed, passed, true);
  }
}
