package cnnlab.scratch.dl4j;

import cnnlab.model.layer.ChannelAffine;
import cnnlab.model.layer.ChannelSoftmax;
import cnnlab.model.layer.ChannelsLastFlatten;
import cnnlab.model.layer.GeluExact;
import cnnlab.model.layer.LogSoftmax;
import cnnlab.model.layer.Mish;
import cnnlab.model.layer.RectifiedLinear;
import cnnlab.model.layer.Silu;
import cnnlab.model.norm.GroupNormalization;
import cnnlab.model.product.MatrixProduct;
import cnnlab.model.shape.AxisPermutation;
import cnnlab.model.shape.AxisRegrouping;
import cnnlab.model.shape.BilinearResize;
import cnnlab.model.shape.ChannelSelection;
import cnnlab.model.shape.ChannelsLastReshape;
import cnnlab.model.shape.InputPart;
import cnnlab.model.shape.Repetition;
import cnnlab.model.shape.Resampling;
import cnnlab.scratch.layer.Shape;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Loss and gradients of the layers that Keras models need, against DL4J's. Two of them are only
 * checked by differences: DL4J's loss layers apply the activation twice before they compute the
 * loss, and its PReLU fails with shared slopes.
 */
class KerasDl4jGradientTest {
  private static final Shape IN = new Shape(3, 8, 7);

  private static ConvolutionLayer conv(int filters) {
    return new ConvolutionLayer.Builder(3, 3)
        .nOut(filters)
        .convolutionMode(ConvolutionMode.Same)
        .activation(new Silu())
        .build();
  }

  /**
   * Weights so small that no probability comes near the limits at which DL4J and the engine clip
   * it, which differ.
   */
  private static void compare(GraphBuilder builder, int outputs, int n) {
    ComputationGraph graph = TestGraphs.init(builder, "out");
    graph.params().muli(0.3);
    Dl4jGradientTest.compare(graph, IN, outputs, n);
  }

  @Test
  void depthwiseSeparableAndDilatedConvolutions() {
    DepthwiseConvolution2D.Builder depthwise = new DepthwiseConvolution2D.Builder();
    depthwise
        .depthMultiplier(2)
        .kernelSize(3, 2)
        .convolutionMode(ConvolutionMode.Same)
        .activation(new GeluExact());
    var builder =
        TestGraphs.builder(IN)
            .addLayer("depthwise", depthwise.build(), "input")
            .addLayer(
                "separable",
                new SeparableConvolution2D.Builder(3, 3)
                    .depthMultiplier(2)
                    .stride(2, 2)
                    .nOut(5)
                    .convolutionMode(ConvolutionMode.Same)
                    .activation(Activation.TANH)
                    .build(),
                "depthwise")
            .addLayer(
                "dilated",
                new ConvolutionLayer.Builder(2, 2)
                    .dilation(2, 1)
                    .nOut(4)
                    .activation(new Mish())
                    .build(),
                "separable")
            .addLayer("out", Dl4jGradientTest.out(4), "dilated");
    compare(builder, 4, 9);
  }

  @ParameterizedTest
  @EnumSource(ElementWiseVertex.Op.class)
  void branches(ElementWiseVertex.Op op) {
    var builder =
        TestGraphs.builder(IN)
            .addLayer("a", conv(4), "input")
            .addLayer("relu", new ActivationLayer(new RectifiedLinear(2.0, 0.1, 0.2)), "a")
            .addLayer("b", conv(4), "relu")
            .addVertex("both", new ElementWiseVertex(op), "b", "relu")
            .addVertex("merged", new MergeVertex(), "both", "a", "input")
            .addLayer("pad", new ZeroPaddingLayer(0, 1, 2, 0), "merged")
            .addLayer("c", conv(3), "pad")
            .addLayer("max", new GlobalPoolingLayer(PoolingType.MAX), "c")
            .addLayer("mean", new GlobalPoolingLayer(PoolingType.AVG), "c")
            .addVertex("features", new MergeVertex(), "mean", "max")
            .addLayer("out", Dl4jGradientTest.out(4), "features");
    compare(builder, 4, 9);
  }

  /** Two inputs that are joined in one vector. */
  @Test
  void partsOfTheInput() {
    Shape joined = Shape.vector(20);
    var builder =
        TestGraphs.builder(joined)
            .addLayer("all", new DenseLayer.Builder().nOut(20).build(), "input")
            .addVertex("image", of(new InputPart(20, 0, new int[] {3, 2, 2})), "all")
            .addVertex("numbers", of(new InputPart(20, 12, new int[] {8})), "all")
            .addLayer("a", conv(4), "image")
            .addLayer("mean", new GlobalPoolingLayer(PoolingType.AVG), "a")
            .addVertex("both", new MergeVertex(), "mean", "numbers")
            .addLayer("out", Dl4jGradientTest.out(4), "both");
    ComputationGraph graph = TestGraphs.init(builder, "out");
    graph.params().muli(0.3);
    Dl4jGradientTest.compare(graph, joined, 4, 9);
  }

  @Test
  void attention() {
    var builder =
        TestGraphs.builder(IN)
            .addLayer("query", conv(4), "input")
            .addLayer("value", conv(5), "query")
            .addVertex("key", of(new AxisPermutation(new int[] {2, 1, 0})), "query")
            .addVertex("scores", new MatrixProduct(), "query", "key")
            .addLayer("weights", new ActivationLayer(new ChannelSoftmax()), "scores")
            .addVertex("heads", new MatrixProduct(), "weights", "value")
            .addVertex("turned", of(new AxisPermutation(new int[] {2, 1, 0})), "heads")
            .addVertex("squared", new MatrixProduct(), "heads", "turned")
            .addLayer("mean", new GlobalPoolingLayer(PoolingType.AVG), "squared")
            .addLayer("out", Dl4jGradientTest.out(4), "mean");
    compare(builder, 4, 9);
  }

  @Test
  void changesOfShapeAndNormalisation() {
    var size = new Upsampling2D.Builder().size(new int[] {2, 2}).build();
    var transposed = new Deconvolution2D.Builder(3, 2).stride(2, 2).nOut(3).build();
    transposed.setActivationFn(new Silu());
    var builder =
        TestGraphs.builder(IN)
            .addLayer("a", conv(4), "input")
            .addLayer("groups", new GroupNormalization(4, 2, false, 1e-3, true, true), "a")
            .addLayer("pixels", new GroupNormalization(4, 1, true, 1e-3, true, true), "groups")
            .addLayer("up", transposed, "pixels")
            .addLayer("crop", new Cropping2D(1, 2, 2, 0), "up")
            .addVertex("some", of(new ChannelSelection(1, 3, 3)), "crop")
            .addVertex("turned", of(new AxisPermutation(new int[] {0, 2, 1})), "some")
            .addVertex(
                "resized", of(new BilinearResize(new long[] {12, 14}, new long[] {5, 6})), "turned")
            .addVertex(
                "reshaped",
                of(new ChannelsLastReshape(new long[] {5, 6, 2}, new long[] {3, 4, 5})),
                "resized")
            .addVertex(
                "regrouped",
                of(
                    new AxisRegrouping(
                        new long[] {5, 3, 4},
                        new long[] {5, 3, 2, 2},
                        new int[] {3, 0, 1, 2},
                        new long[] {5, 4, 3})),
                "reshaped")
            .addVertex(
                "resampled",
                of(
                    new Resampling(
                        new long[] {4, 3},
                        new int[][] {{3}, {0, 2}, {1}},
                        new double[][] {{1}, {0.25, -2}, {1}},
                        new int[][] {{0}, {2}, {0, 1, 2}, {}},
                        new double[][] {{1}, {1}, {0.5, 0.25, 1.5}, {}})),
                "regrouped")
            .addLayer("doubled", size, "resampled")
            .addLayer("mean", new GlobalPoolingLayer(PoolingType.AVG), "reshaped")
            .addVertex(
                "image", of(new ChannelsLastReshape(new long[] {5}, new long[] {1, 1, 5})), "mean")
            .addVertex(
                "repeated", of(new Repetition(new long[] {5, 1, 1}, new long[] {5, 6, 8})), "image")
            .addVertex(
                "product",
                new ElementWiseVertex(ElementWiseVertex.Op.Product),
                "doubled",
                "repeated")
            .addLayer("max", new GlobalPoolingLayer(PoolingType.AVG), "product")
            .addLayer("features", new GroupNormalization(5, 1, true, 1e-3, true, true), "max")
            .addLayer("out", Dl4jGradientTest.out(4), "features");
    compare(builder, 4, 9);
  }

  private static PreprocessorVertex of(InputPreProcessor change) {
    return new PreprocessorVertex(change);
  }

  @Test
  void softmaxAndRescaling() {
    ChannelAffine affine = new ChannelAffine(new float[] {0.5f, 2, 1}, new float[] {1, 0, -1});
    var builder =
        TestGraphs.builder(IN)
            .addVertex("rescale", new PreprocessorVertex(affine), "input")
            .addLayer("a", conv(4), "rescale")
            .addLayer("shares", new ActivationLayer(new ChannelSoftmax()), "a")
            .addLayer("b", conv(2), "shares")
            .addLayer("logs", new ActivationLayer(new LogSoftmax()), "b")
            .addVertex("flat", new PreprocessorVertex(new ChannelsLastFlatten(8, 7, 2)), "logs")
            .addLayer("dense", new DenseLayer.Builder().nOut(5).build(), "flat")
            .addLayer("out", Dl4jGradientTest.out(3), "dense");
    compare(builder, 3, 9);
  }

  @Test
  void sigmoidsWithBinaryCrossEntropy() {
    var builder =
        TestGraphs.builder(IN)
            .addLayer("a", conv(3), "input")
            .addLayer("norm", new BatchNormalization.Builder().build(), "a")
            .addLayer(
                "out",
                new OutputLayer.Builder(LossFunction.XENT)
                    .nOut(3)
                    .activation(Activation.SIGMOID)
                    .build(),
                "norm");
    compare(builder, 3, 9);
  }

  @Test
  void valuesWithSquaredError() {
    var builder =
        TestGraphs.builder(IN)
            .addLayer("a", conv(3), "input")
            .addLayer(
                "out",
                new OutputLayer.Builder(LossFunction.MSE)
                    .nOut(2)
                    .activation(Activation.IDENTITY)
                    .build(),
                "a");
    compare(builder, 2, 9);
  }
}
