package cnnlab.scratch.dl4j;

import cnnlab.model.layer.ChannelAffine;
import cnnlab.model.layer.ChannelSoftmax;
import cnnlab.model.layer.ChannelsLastFlatten;
import cnnlab.model.layer.GeluExact;
import cnnlab.model.layer.LogSoftmax;
import cnnlab.model.layer.Mish;
import cnnlab.model.layer.RectifiedLinear;
import cnnlab.model.layer.Silu;
import cnnlab.scratch.layer.Shape;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
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
