package cnnlab.scratch.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cnnlab.engine.Dl4jRuntime;
import cnnlab.model.LymphNodeCnn;
import cnnlab.model.MnistCnn;
import cnnlab.scratch.Network;
import cnnlab.scratch.TestNetworks;
import cnnlab.scratch.ThreadTeam;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.layer.DepthwiseConv2d;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.train.Backpropagation;
import cnnlab.scratch.train.Objective;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/**
 * Loss and gradients of the engine against DL4J's, from the same weights and batch. DL4J keeps sums
 * over the batch; its updater divides them by the batch size and adds the penalties.
 */
class Dl4jGradientTest {
  private static final double TOLERANCE = 1e-4;
  private static final List<Kernels> KERNELS = List.of(new ReferenceKernels(), Kernels.best());

  @AfterEach
  void asTheOtherTestsHaveIt() {
    Dl4jRuntime.configure(true, 1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void task1Network(boolean oneDnn) {
    Dl4jRuntime.configure(oneDnn, 1);
    ComputationGraph graph = MnistCnn.create(1, new Adam(1e-3));
    compare(graph, new Shape(1, MnistCnn.HEIGHT, MnistCnn.WIDTH), MnistCnn.CLASSES, 37);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void task3Network(boolean oneDnn) {
    Dl4jRuntime.configure(oneDnn, 1);
    Shape in = new Shape(LymphNodeCnn.CHANNELS, LymphNodeCnn.HEIGHT, LymphNodeCnn.WIDTH);
    compare(LymphNodeCnn.create(1, new Adam(1e-3), 0), in, LymphNodeCnn.CLASSES, 19);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void batchNormalisationAndASkip(boolean oneDnn) {
    Dl4jRuntime.configure(oneDnn, 1);
    Shape in = new Shape(3, 10, 8);
    // Normalisation cancels a bias: its gradient would consist of rounding errors only.
    ConvolutionLayer unbiased = same(6);
    unbiased.setHasBias(false);
    var builder =
        TestGraphs.builder(in)
            .addLayer("stem", same(6), "input")
            .addLayer("norm1", new BatchNormalization.Builder().build(), "stem")
            .addLayer("relu1", new ActivationLayer(Activation.RELU), "norm1")
            .addLayer("body", unbiased, "relu1")
            .addLayer("norm2", new BatchNormalization.Builder().eps(1e-3).build(), "body")
            .addVertex("add", new ElementWiseVertex(ElementWiseVertex.Op.Add), "norm2", "stem")
            .addLayer("relu2", new ActivationLayer(Activation.RELU), "add")
            .addLayer("pool", maxPool(), "relu2")
            .addLayer("global", new GlobalPoolingLayer(PoolingType.AVG), "pool")
            .addLayer("out", out(4), "global");
    compare(TestGraphs.init(builder, "out"), in, 4, 21);
  }

  /**
   * Equal largest values, other than the zeros of a ReLU: a 1x1 convolution lets channel 0, full of
   * ties, through to the pooling; the weight of channel 1 is 0, and its gradient tells which of the
   * equal values was chosen.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void equalMaxima(boolean oneDnn) {
    Dl4jRuntime.configure(oneDnn, 1);
    for (int[] sizes : new int[][] {{2, 2}, {3, 2}, {3, 1}}) {
      Shape in = new Shape(2, 9, 9);
      ConvolutionLayer conv =
          new ConvolutionLayer.Builder(1, 1)
              .nOut(1)
              .hasBias(false)
              .activation(Activation.IDENTITY)
              .build();
      var pool =
          new SubsamplingLayer.Builder(PoolingType.MAX)
              .kernelSize(sizes[0], sizes[0])
              .stride(sizes[1], sizes[1])
              .build();
      ComputationGraph graph =
          TestGraphs.init(
              TestGraphs.builder(in)
                  .addLayer("conv", conv, "input")
                  .addLayer("pool", pool, "conv")
                  .addLayer("out", out(3), "pool"),
              "out");
      graph
          .getParam("conv_W")
          .assign(Nd4j.create(new float[] {1, 0}, new long[] {1, 2, 1, 1}, 'c'));
      int n = 5;
      float[] x = TestGraphs.random(n * in.size(), 2);
      Random random = new Random(9);
      for (int i = 0; i < x.length; i++) {
        if (i / in.plane() % 2 == 0) {
          x[i] = 1 + random.nextInt(2);
        }
      }
      compare(graph, in, x, 3, n);
    }
  }

  private static ConvolutionLayer same(int filters) {
    return new ConvolutionLayer.Builder(3, 3)
        .nOut(filters)
        .convolutionMode(ConvolutionMode.Same)
        .activation(Activation.IDENTITY)
        .build();
  }

  private static SubsamplingLayer maxPool() {
    return new SubsamplingLayer.Builder(PoolingType.MAX).kernelSize(2, 2).stride(2, 2).build();
  }

  static OutputLayer out(int classes) {
    return new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
        .nOut(classes)
        .activation(Activation.SOFTMAX)
        .build();
  }

  /** Biases are random, too: with zeros, a dead ReLU could hide an error. */
  static void compare(ComputationGraph graph, Shape in, int classes, int n) {
    Random random = new Random(5);
    graph
        .paramTable()
        .forEach(
            (name, values) -> {
              for (long i = 0; name.endsWith("_b") && i < values.length(); i++) {
                values.putScalar(i, 0.1 * random.nextGaussian());
              }
            });
    compare(graph, in, TestGraphs.random(n * in.size(), 2), classes, n);
  }

  private static void compare(ComputationGraph graph, Shape in, float[] x, int classes, int n) {
    float[] y = TestNetworks.targets(n, classes, 3);
    Network network = GraphCompiler.compile(graph, in, KERNELS.get(0));
    graph.setInputs(Nd4j.create(x, new long[] {n, in.channels(), in.height(), in.width()}, 'c'));
    graph.setLabels(Nd4j.create(y, new long[] {n, classes}, 'c'));
    graph.computeGradientAndScore();
    Map<String, INDArray> expected = graph.gradient().gradientForVariable();
    double loss = graph.score() - graph.calcRegularizationScore(true);
    for (Kernels kernels : KERNELS) {
      // Running averages change: each run has its own.
      Network ours = GraphCompiler.compile(graph, in, kernels);
      System.arraycopy(network.parameters(), 0, ours.parameters(), 0, network.parameters().length);
      try (ThreadTeam team = new ThreadTeam(1)) {
        Objective objective = TrainingCompiler.objective(graph);
        Backpropagation backpropagation = new Backpropagation(ours, objective, n, team, false);
        assertThat(backpropagation.run(x, y, n, 0, 0)).isCloseTo(loss, within(1e-5));
        compare(graph, ours, expected, backpropagation.gradients(), n);
      }
    }
  }

  /** Compares each parameter tensor, relative to its largest value. */
  private static void compare(
      ComputationGraph graph,
      Network network,
      Map<String, INDArray> expected,
      float[] gradients,
      int n) {
    long compared = 0;
    for (Node node : network.nodes()) {
      int at = node.parameterOffset();
      for (Layer.Parameter p : node.layer().parameters()) {
        if (p.trainable()) {
          String name = GraphCompiler.vertexOf(graph, node) + "_" + key(graph, node, p);
          float[] theirs = inOurOrder(expected.get(name), node, n);
          float[] ours = Arrays.copyOfRange(gradients, at, at + p.size());
          double error = relativeError(theirs, ours);
          assertThat(error).as(name).isLessThanOrEqualTo(TOLERANCE);
          compared++;
        }
        at += p.size();
      }
    }
    assertThat(compared)
        .isEqualTo(
            expected.keySet().stream()
                .filter(name -> name.matches(".*_(W|pW|b|gamma|beta)"))
                .count());
  }

  private static String key(ComputationGraph graph, Node node, Layer.Parameter p) {
    String vertex = GraphCompiler.vertexOf(graph, node);
    return GraphParameters.key(graph.getLayer(vertex).conf().getLayer(), node, p);
  }

  /** DL4J's depthwise kernels are [KH, KW, C, M], in a separable convolution [M, C, KH, KW]. */
  private static float[] inOurOrder(INDArray gradient, Node node, int n) {
    if (node.layer() instanceof DepthwiseConv2d && gradient.rank() == 4) {
      boolean separable = node.name().endsWith(GraphCompiler.DEPTHWISE);
      gradient = separable ? gradient.permute(1, 0, 2, 3) : gradient.permute(2, 3, 0, 1);
    }
    return gradient.dup('c').div(n).data().asFloat();
  }

  /** max |a − b| / max |a|, which must not be zero. */
  private static double relativeError(float[] a, float[] b) {
    assertThat(b).hasSameSizeAs(a);
    double largest = 0;
    double worst = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i]));
      worst = Math.max(worst, Math.abs((double) a[i] - b[i]));
    }
    assertThat(largest).isPositive();
    return worst / largest;
  }
}
