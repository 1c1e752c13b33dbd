package cnnlab.scratch.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.model.layer.ChannelAffine;
import cnnlab.model.layer.ChannelSoftmax;
import cnnlab.model.layer.ChannelsLastFlatten;
import cnnlab.model.layer.Exponential;
import cnnlab.model.layer.ExponentialLinear;
import cnnlab.model.layer.GeluExact;
import cnnlab.model.layer.GeluTanh;
import cnnlab.model.layer.HardSigmoid;
import cnnlab.model.layer.HardSilu;
import cnnlab.model.layer.LogSigmoid;
import cnnlab.model.layer.LogSoftmax;
import cnnlab.model.layer.Mish;
import cnnlab.model.layer.PartialBatchNormalization;
import cnnlab.model.layer.RectifiedLinear;
import cnnlab.model.layer.Silu;
import cnnlab.model.layer.Softplus;
import cnnlab.scratch.Network;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Shape;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.dropout.SpatialDropout;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationHardTanH;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationThresholdedReLU;

/** Layers that Keras models need beyond CNN Lab's own networks, against DL4J, vertex by vertex. */
class KerasGraphsTest {
  private static final double TOLERANCE = 2e-6;
  private static final Kernels KERNELS = new ReferenceKernels();
  private static final Shape IN = new Shape(3, 7, 6);

  private static void same(GraphBuilder builder, String output) {
    TestGraphs.assertSame(TestGraphs.init(builder, output), IN, KERNELS, 3, TOLERANCE);
  }

  static List<Arguments> windows() {
    List<Arguments> cases = new ArrayList<>();
    for (int kernel = 1; kernel <= 4; kernel++) {
      for (int stride = 1; stride <= 3; stride++) {
        for (int multiplier = 1; multiplier <= 3; multiplier++) {
          cases.add(Arguments.of(kernel, stride, multiplier, ConvolutionMode.Truncate));
          if (kernel >= stride) {
            cases.add(Arguments.of(kernel, stride, multiplier, ConvolutionMode.Same));
          }
        }
      }
    }
    return cases;
  }

  @ParameterizedTest
  @MethodSource("windows")
  void depthwiseConvolution(int kernel, int stride, int multiplier, ConvolutionMode mode) {
    DepthwiseConvolution2D.Builder layer = new DepthwiseConvolution2D.Builder();
    layer
        .depthMultiplier(multiplier)
        .kernelSize(kernel, kernel + 1)
        .stride(stride, 1)
        .convolutionMode(mode)
        .hasBias(stride != 2)
        .activation(kernel == 2 ? Activation.RELU : Activation.TANH);
    same(TestGraphs.builder(IN).addLayer("layer", layer.build(), "input"), "layer");
  }

  @ParameterizedTest
  @MethodSource("windows")
  void separableConvolution(int kernel, int stride, int multiplier, ConvolutionMode mode) {
    SeparableConvolution2D layer =
        new SeparableConvolution2D.Builder(kernel, kernel + 1)
            .depthMultiplier(multiplier)
            .stride(stride, 1)
            .convolutionMode(mode)
            .nOut(5)
            .hasBias(stride != 2)
            .activation(kernel == 2 ? Activation.RELU : Activation.SIGMOID)
            .build();
    same(TestGraphs.builder(IN).addLayer("layer", layer, "input"), "layer");
  }

  @Test
  void dilatedConvolutions() {
    for (ConvolutionMode mode :
        new ConvolutionMode[] {ConvolutionMode.Same, ConvolutionMode.Truncate}) {
      for (int kernel = 2; kernel <= 3; kernel++) {
        ConvolutionLayer layer =
            new ConvolutionLayer.Builder(kernel, 2)
                .dilation(2, 3)
                .convolutionMode(mode)
                .nOut(4)
                .build();
        same(TestGraphs.builder(IN).addLayer("layer", layer, "input"), "layer");
      }
    }
  }

  static List<IActivation> activations() {
    return List.of(
        new ActivationReLU(2.0, 0.5, 0.1),
        new ActivationReLU(1.0, null, null),
        new ActivationReLU6(),
        new ActivationThresholdedReLU(0.7),
        new ActivationSELU(),
        new ActivationSoftSign(),
        new ActivationSwish(),
        new ActivationHardSigmoid(),
        new ActivationHardTanH(),
        new RectifiedLinear(1.5, 0.2, 0.4),
        new RectifiedLinear(null, 0, 0.4),
        new ExponentialLinear(0.7),
        new GeluExact(),
        new GeluTanh(),
        new Silu(),
        new HardSilu(),
        new Softplus(),
        new LogSigmoid(),
        new Mish(),
        new HardSigmoid(),
        new Exponential(),
        new ChannelSoftmax(),
        new LogSoftmax());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("activations")
  void everyActivationOfImagesAndVectors(IActivation activation) {
    TestGraphs.assertSame(
        TestGraphs.init(
            TestGraphs.builder(IN)
                .addLayer("conv", new ConvolutionLayer.Builder(2, 2).nOut(4).build(), "input")
                .addLayer("layer", new ActivationLayer(activation), "conv")
                .addLayer(
                    "dense",
                    new DenseLayer.Builder().nOut(5).activation(activation).build(),
                    "layer"),
            "dense"),
        IN,
        KERNELS,
        3,
        activation instanceof Exponential ? 1e-5 : TOLERANCE);
  }

  @ParameterizedTest
  @EnumSource(ElementWiseVertex.Op.class)
  void inputsCombinedValueByValue(ElementWiseVertex.Op op) {
    GraphBuilder builder =
        TestGraphs.builder(IN).addLayer("a", conv(3), "input").addLayer("b", conv(3), "a");
    String[] inputs = {"a", "input", "b"};
    if (op == ElementWiseVertex.Op.Subtract) {
      inputs = new String[] {"input", "b"};
    }
    same(builder.addVertex("both", new ElementWiseVertex(op), inputs), "both");
  }

  private static ConvolutionLayer conv(int filters) {
    return new ConvolutionLayer.Builder(3, 3)
        .nOut(filters)
        .convolutionMode(ConvolutionMode.Same)
        .activation(Activation.IDENTITY)
        .build();
  }

  @Test
  void channelsAndFeaturesSideBySide() {
    same(
        TestGraphs.builder(IN)
            .addLayer("a", conv(2), "input")
            .addLayer("b", conv(4), "a")
            .addVertex("images", new MergeVertex(), "b", "input", "a")
            .addLayer("mean", new GlobalPoolingLayer(PoolingType.AVG), "images")
            .addLayer("max", new GlobalPoolingLayer(PoolingType.MAX), "images")
            .addVertex("vectors", new MergeVertex(), "max", "mean"),
        "vectors");
  }

  /** DL4J inserts a vertex before a layer with several inputs. */
  @Test
  void aLayerWithSeveralInputs() {
    ComputationGraph graph =
        TestGraphs.init(
            TestGraphs.builder(IN)
                .addLayer("a", conv(2), "input")
                .addLayer("b", conv(4), "a", "input"),
            "b");
    Network network = TestGraphs.assertSame(graph, IN, KERNELS, 2, TOLERANCE);
    assertThat(network.nodes()).extracting(Node::name).contains("b-merge");
  }

  @Test
  void zeroPaddingOfEverySide() {
    same(
        TestGraphs.builder(IN)
            .addLayer("layer", new ZeroPaddingLayer(1, 0, 2, 3), "input")
            .addLayer("conv", new ConvolutionLayer.Builder(2, 3).nOut(2).build(), "layer"),
        "conv");
  }

  @Test
  void preluWithSharedAndWithOwnSlopes() {
    for (long[] shared : new long[][] {{}, {2, 3}, {1}, {1, 2, 3}}) {
      PReLULayer.Builder layer = new PReLULayer.Builder().inputShape(3, 7, 6);
      if (shared.length > 0) {
        layer.sharedAxes(shared);
      }
      same(
          TestGraphs.builder(IN)
              .addLayer("conv", conv(3), "input")
              .addLayer("layer", layer.build(), "conv")
              .addLayer("dense", new DenseLayer.Builder().nOut(4).build(), "layer")
              .addLayer("flat", new PReLULayer.Builder().inputShape(4).build(), "dense"),
          "flat");
    }
  }

  @Test
  void rescalingAndTheFlattenOfKeras() {
    ChannelAffine each = new ChannelAffine(new float[] {2, -1, 0.5f}, new float[] {1, 0, 3});
    same(
        TestGraphs.builder(IN)
            .addVertex(
                "all",
                new PreprocessorVertex(new ChannelAffine(new float[] {0.5f}, new float[] {-1})),
                "input")
            .addVertex("each", new PreprocessorVertex(each), "all")
            .addVertex("flat", new PreprocessorVertex(new ChannelsLastFlatten(7, 6, 3)), "each")
            .addLayer("dense", new DenseLayer.Builder().nOut(4).build(), "flat"),
        "dense");
    same(
        TestGraphs.builder(IN)
            .addLayer("dense", new DenseLayer.Builder().nIn(126).nOut(4).build(), "input")
            .inputPreProcessor("dense", new ChannelsLastFlatten(7, 6, 3)),
        "dense");
  }

  @Test
  void batchNormalisationWithoutGammaOrBeta() {
    same(
        TestGraphs.builder(IN)
            .addLayer("partial", new PartialBatchNormalization(true, false), "input")
            .addLayer(
                "locked",
                new BatchNormalization.Builder().lockGammaBeta(true).gamma(1.5).beta(-0.5).build(),
                "partial"),
        "locked");
  }

  static List<IDropout> noises() {
    return List.of(new GaussianNoise(0.3), new GaussianDropout(0.3), new SpatialDropout(0.7));
  }

  @ParameterizedTest
  @MethodSource("noises")
  void randomChangesAreNothingAtInference(IDropout noise) {
    ComputationGraph graph =
        TestGraphs.init(
            TestGraphs.builder(IN)
                .addLayer("noise", new DropoutLayer(noise), "input")
                .addLayer("conv", conv(2), "noise"),
            "conv");
    Network network = TestGraphs.assertSame(graph, IN, KERNELS, 2, TOLERANCE);
    assertThat(network.nodes().get(0).layer().kind()).isEqualTo(noise.getClass().getSimpleName());
  }

  /**
   * Skips across activation layers, which DL4J computes in place, and branches whose names are not
   * in the order of computation.
   */
  @Test
  void branchesInAnyOrder() {
    var builder =
        TestGraphs.builder(IN)
            .addLayer("z/out", new ActivationLayer(new GeluExact()), "y/add")
            .addVertex(
                "y/add", new ElementWiseVertex(ElementWiseVertex.Op.Add), "b/relu", "a/linear", "c")
            .addVertex("c", new ElementWiseVertex(ElementWiseVertex.Op.Max), "input", "first")
            .addLayer("b/relu", new ActivationLayer(Activation.RELU), "a/linear")
            .addLayer("a/linear", conv(3), "first")
            .addLayer("first", new ActivationLayer(Activation.RELU), "input");
    same(builder, "z/out");
  }

  @Test
  void parametersOfAllKindsGoBackIntoTheGraph() {
    DepthwiseConvolution2D.Builder depthwise = new DepthwiseConvolution2D.Builder();
    depthwise.depthMultiplier(2).kernelSize(2, 3);
    var builder =
        TestGraphs.builder(IN)
            .addLayer("depthwise", depthwise.build(), "input")
            .addLayer(
                "separable",
                new SeparableConvolution2D.Builder(3, 2)
                    .depthMultiplier(2)
                    .nOut(3)
                    .activation(Activation.SIGMOID)
                    .build(),
                "depthwise")
            .addLayer(
                "prelu",
                new PReLULayer.Builder().inputShape(3, 4, 3).sharedAxes(2).build(),
                "separable")
            .addLayer(
                "norm", new BatchNormalization.Builder().lockGammaBeta(true).build(), "prelu");
    ComputationGraph graph = TestGraphs.init(builder, "norm");
    Network network = GraphCompiler.compile(graph, IN, KERNELS);
    for (int i = 0; i < network.parameters().length; i++) {
      network.parameters()[i] = 0.5f + i * 1e-3f;
    }
    GraphParameters.write(network, graph);
    assertThat(graph.getParam("depthwise_W").getDouble(1, 2, 1, 1))
        .isEqualTo(network.parameters()[(1 * 2 + 1) * 6 + 1 * 3 + 2]);
    TestGraphs.assertSame(graph, IN, KERNELS, 2, TOLERANCE);
    float[] expected = network.parameters().clone();
    int gamma = network.nodes().get(network.nodes().size() - 1).parameterOffset();
    for (int i = gamma; i < gamma + 6; i++) {
      expected[i] = i < gamma + 3 ? 1 : 0;
    }
    float[] again = GraphCompiler.compile(graph, IN, KERNELS).parameters();
    TestGraphs.assertClose("parameters", expected, again, 1e-6);
  }
}
