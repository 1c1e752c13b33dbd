package cnnlab.scratch.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.model.MnistCnn;
import cnnlab.scratch.Network;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Shape;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** The compiled network against DL4J, layer by layer, over a grid of shapes. */
class GraphCompilerTest {
  private static final double TOLERANCE = 2e-6;
  private static final Kernels KERNELS = new ReferenceKernels();

  static List<Arguments> grid() {
    List<Arguments> cases = new ArrayList<>();
    for (int kernel = 1; kernel <= 5; kernel++) {
      for (int stride = 1; stride <= 3; stride++) {
        for (ConvolutionMode mode :
            new ConvolutionMode[] {ConvolutionMode.Same, ConvolutionMode.Truncate}) {
          if (mode == ConvolutionMode.Same && kernel < stride) {
            continue; // DL4J computes a negative padding here and fails, or pools the wrong
            // windows.
          }
          for (int[] size : new int[][] {{7, 8}, {6, 9}}) {
            cases.add(
                Arguments.of(kernel, stride, mode, size[0], size[1], kernel % 2 == 0 ? 1 : 3));
          }
        }
      }
    }
    return cases;
  }

  @ParameterizedTest
  @MethodSource("grid")
  void convolution(int kernel, int stride, ConvolutionMode mode, int h, int w, int channels) {
    Shape in = new Shape(channels, h, w);
    ConvolutionLayer.Builder layer =
        new ConvolutionLayer.Builder(kernel, kernel)
            .stride(stride, stride)
            .convolutionMode(mode)
            .nOut(5)
            .activation(Activation.RELU)
            .hasBias(stride != 3);
    TestGraphs.assertSame(TestGraphs.single(in, layer.build()), in, KERNELS, 3, TOLERANCE);
  }

  @ParameterizedTest
  @MethodSource("grid")
  void pooling(int kernel, int stride, ConvolutionMode mode, int h, int w, int channels) {
    Shape in = new Shape(channels, h, w);
    for (PoolingType type : new PoolingType[] {PoolingType.MAX, PoolingType.AVG}) {
      SubsamplingLayer layer =
          new SubsamplingLayer.Builder(type)
              .kernelSize(kernel, kernel)
              .stride(stride, stride)
              .convolutionMode(mode)
              .build();
      TestGraphs.assertSame(TestGraphs.single(in, layer), in, KERNELS, 3, TOLERANCE);
    }
  }

  @Test
  void explicitPaddingAndRectangularWindows() {
    Shape in = new Shape(2, 7, 6);
    TestGraphs.assertSame(
        TestGraphs.single(
            in,
            new ConvolutionLayer.Builder(new int[] {2, 3}, new int[] {1, 2}, new int[] {1, 0})
                .nOut(3)
                .build()),
        in,
        KERNELS,
        2,
        TOLERANCE);
    TestGraphs.assertSame(
        TestGraphs.single(
            in,
            new SubsamplingLayer.Builder(
                    SubsamplingLayer.PoolingType.AVG, new int[] {3, 2}, new int[] {2, 1})
                .padding(1, 1)
                .avgPoolIncludePadInDivisor(true)
                .build()),
        in,
        KERNELS,
        2,
        TOLERANCE);
  }

  static List<IActivation> activations() {
    return List.of(
        new ActivationIdentity(),
        new ActivationReLU(),
        new ActivationLReLU(0.2),
        new ActivationELU(0.7),
        new ActivationGELU(false),
        new ActivationSigmoid(),
        new ActivationTanH(),
        new ActivationSoftmax());
  }

  @ParameterizedTest
  @MethodSource("activations")
  void denseWithEveryActivation(IActivation activation) {
    Shape in = new Shape(2, 3, 4);
    ComputationGraph graph =
        TestGraphs.single(in, new DenseLayer.Builder().nOut(6).activation(activation).build());
    Network network = TestGraphs.assertSame(graph, in, KERNELS, 4, 5e-6);
    // The preprocessor that DL4J adds automatically becomes a node.
    assertThat(network.nodes().get(0).name()).isEqualTo("layer/flatten");
  }

  @Test
  void aResidualNetworkWithEverything() {
    Shape in = new Shape(3, 8, 7);
    var builder =
        TestGraphs.builder(in)
            .addLayer("stem", same(6), "input")
            .addLayer("norm", new BatchNormalization.Builder().nOut(6).build(), "stem")
            .addLayer("relu", new ActivationLayer(Activation.RELU), "norm")
            .addLayer("body", same(6), "relu")
            .addLayer("drop", new DropoutLayer(0.5), "body")
            .addVertex("add", new ElementWiseVertex(ElementWiseVertex.Op.Add), "drop", "stem")
            .addLayer("global", new GlobalPoolingLayer(PoolingType.AVG), "add")
            .addLayer(
                "out",
                new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                    .nOut(4)
                    .activation(Activation.SOFTMAX)
                    .dropOut(0.8)
                    .build(),
                "global");
    Network network = TestGraphs.assertSame(TestGraphs.init(builder, "out"), in, KERNELS, 5, 5e-6);
    assertThat(network.nodes())
        .extracting(Node::name)
        .contains("drop/dropout", "out/dropout", "out/linear");
  }

  private static ConvolutionLayer same(int filters) {
    return new ConvolutionLayer.Builder(3, 3)
        .nOut(filters)
        .convolutionMode(ConvolutionMode.Same)
        .build();
  }

  @Test
  void task1NetworkAndItsWeights() {
    Shape in = new Shape(1, 28, 28);
    ComputationGraph graph = MnistCnn.create(1, new Adam(1e-3));
    Network network = TestGraphs.assertSame(graph, in, KERNELS, 3, TOLERANCE);
    assertThat(network.parameters()).hasSize(4266).hasSize((int) graph.numParams());
  }

  @Test
  void parametersGoBackIntoTheGraph() {
    ComputationGraph graph = MnistCnn.create(1, new Adam(1e-3));
    Network network = GraphCompiler.compile(graph, new Shape(1, 28, 28), KERNELS);
    for (int i = 0; i < network.parameters().length; i++) {
      network.parameters()[i] += i * 1e-4f;
    }
    GraphParameters.write(network, graph);
    assertThat(GraphCompiler.compile(graph, new Shape(1, 28, 28), KERNELS).parameters())
        .containsExactly(network.parameters());
  }

  @Test
  void whatTheEngineCannotDoIsNamed() {
    Shape in = new Shape(2, 6, 6);
    refuses(
        TestGraphs.single(in, new LocalResponseNormalization.Builder().build()),
        "'layer' (LocalResponseNormalization)");
    refuses(
        TestGraphs.single(
            in,
            new SubsamplingLayer.Builder(PoolingType.MAX).kernelSize(2, 2).dilation(2, 2).build()),
        "dilation 2");
    refuses(
        TestGraphs.single(
            in, new ConvolutionLayer.Builder(3, 3).nOut(2).activation(Activation.CUBE).build()),
        "activation cube");
    refuses(
        TestGraphs.single(
            in, new ConvolutionLayer.Builder(3, 3).nOut(2).activation(Activation.SOFTMAX).build()),
        "softmax along the rows of an image",
        "ChannelSoftmax");
    refuses(TestGraphs.single(in, new ActivationLayer(Activation.SOFTMAX)), "along the rows");
    refuses(
        TestGraphs.single(
            in, new DenseLayer.Builder().nOut(2).activation(new ActivationGELU(true)).build()),
        "gelu(precise=true)");
    refuses(
        TestGraphs.single(
            in, new SubsamplingLayer.Builder(PoolingType.PNORM).pnorm(2).kernelSize(2, 2).build()),
        "pooling PNORM");
    refuses(
        TestGraphs.init(
            TestGraphs.builder(in)
                .addLayer("a", same(2), "input")
                .addVertex("norm", new L2NormalizeVertex(), "a"),
            "norm"),
        "'norm' (L2NormalizeVertex)",
        "this kind of vertex");
  }

  @Test
  void poolingOfNothingButPaddingNamesTheLayer() {
    for (PoolingType type : new PoolingType[] {PoolingType.MAX, PoolingType.AVG}) {
      ComputationGraph graph =
          TestGraphs.single(
              new Shape(2, 6, 6),
              new SubsamplingLayer.Builder(type).kernelSize(2, 2).padding(2, 2).build());
      assertThatThrownBy(() -> GraphCompiler.compile(graph, new Shape(2, 6, 6), KERNELS))
          .hasMessageContainingAll("'layer' (SubsamplingLayer)", "2x2", "entirely in the padding");
    }
  }

  private static void refuses(ComputationGraph graph, String... parts) {
    assertThatThrownBy(() -> GraphCompiler.compile(graph, new Shape(2, 6, 6), KERNELS))
        .isInstanceOf(UnsupportedGraphException.class)
        .hasMessageContainingAll(parts);
  }
}
