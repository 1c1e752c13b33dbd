package cnnlab.inference;

import cnnlab.model.layer.GeluTanh;
import cnnlab.model.shape.AxisPermutation;
import cnnlab.model.shape.BilinearResize;
import cnnlab.model.shape.ChannelSelection;
import cnnlab.model.shape.ChannelsLastReshape;
import cnnlab.model.shape.Repetition;
import cnnlab.scratch.dl4j.TestGraphs;
import cnnlab.scratch.layer.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
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
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationLReLU;

/** Models of DL4J to export, with what Keras files do not bring along. */
final class ExportModels {
  static final Shape IMAGE = new Shape(3, 9, 7);

  private ExportModels() {}

  static Map<String, ComputationGraph> all() {
    Map<String, ComputationGraph> all = new LinkedHashMap<>();
    all.put("dl4j_padding", padding());
    all.put("dl4j_flattened_norm", flattenedNorm());
    all.put("dl4j_dropout_inside", dropoutInside());
    all.put("dl4j_several_layers", severalLayers());
    all.put("dl4j_moved_values", movedValues());
    return all;
  }

  private static ConvolutionLayer conv(int kernel, int out, IActivation activation) {
    return new ConvolutionLayer.Builder(kernel, kernel)
        .nOut(out)
        .padding(1, 1)
        .convolutionMode(ConvolutionMode.Truncate)
        .activation(activation)
        .build();
  }

  private static OutputLayer out() {
    return new OutputLayer.Builder().nOut(4).activation(Activation.SOFTMAX).build();
  }

  private static SubsamplingLayer pool(PoolingType type) {
    return new SubsamplingLayer.Builder(type)
        .kernelSize(3, 3)
        .stride(2, 2)
        .padding(1, 1)
        .convolutionMode(ConvolutionMode.Truncate)
        .build();
  }

  /** Padding by numbers, as PyTorch has it: convolutions, and pooling after a ReLU. */
  private static ComputationGraph padding() {
    return TestGraphs.init(
        TestGraphs.builder(IMAGE)
            .addLayer("conv", conv(3, 5, new ActivationLReLU(0.1)), "input")
            .addLayer("relu", new ActivationLayer(Activation.RELU), "conv")
            .addLayer("pool", pool(PoolingType.MAX), "relu")
            .addLayer("mean", averaged(), "pool")
            .addLayer("out", out(), "mean"),
        "out");
  }

  private static SubsamplingLayer averaged() {
    SubsamplingLayer pool = pool(PoolingType.AVG);
    pool.setAvgPoolIncludePadInDivisor(true);
    return pool;
  }

  /** A normalisation of a vector that is flattened channels first. */
  private static ComputationGraph flattenedNorm() {
    BatchNormalization norm = new BatchNormalization.Builder().decay(0.8).eps(1e-4).build();
    return TestGraphs.init(
        TestGraphs.builder(IMAGE)
            .addLayer("conv", conv(3, 4, Activation.TANH.getActivationFunction()), "input")
            .addLayer(
                "flat",
                new DenseLayer.Builder().nOut(12).activation(Activation.SIGMOID).build(),
                "conv")
            .addLayer("norm", norm, "flat")
            .addLayer("out", out(), "norm"),
        "out");
  }

  /** Dropout of a dense layer's flattened input, penalties, and a dropout layer. */
  private static ComputationGraph dropoutInside() {
    Layer dense =
        new DenseLayer.Builder()
            .nOut(6)
            .activation(Activation.RELU)
            .dropOut(0.75)
            .l1(0.01)
            .l2(0.04)
            .l2Bias(0.002)
            .build();
    return TestGraphs.init(
        TestGraphs.builder(IMAGE)
            .addLayer("conv", conv(3, 4, Activation.RELU.getActivationFunction()), "input")
            .addLayer("dense", dense, "conv")
            .addLayer("drop", new DropoutLayer(0.9), "dense")
            .addLayer("out", out(), "drop"),
        "out");
  }

  /** What Keras says with several layers, or in another way. */
  private static ComputationGraph severalLayers() {
    return TestGraphs.init(
        TestGraphs.builder(IMAGE)
            .addLayer("dilated", dilatedAndStrided(), "input")
            .addLayer("uneven", uneven(), "input")
            .addLayer("small_kernel", transposed(2, 3, 0), "dilated")
            .addLayer("padded", transposed(4, 2, 1), "dilated")
            .addLayer("cut", transposed(3, 1, 1), "dilated")
            .addLayer("cut_more", transposed(3, 2, 1), "dilated")
            .addLayer("hard", new ActivationLayer(Activation.HARDSIGMOID), "uneven")
            .addLayer("logistic", new ActivationLayer(Activation.GELU), "uneven")
            .addLayer("tanh", new ActivationLayer(new GeluTanh()), "uneven")
            .addVertex("both", new MergeVertex(), "hard", "logistic", "tanh")
            .addLayer("mean_0", mean(), "small_kernel")
            .addLayer("mean_1", mean(), "padded")
            .addLayer("mean_2", mean(), "cut")
            .addLayer("mean_3", mean(), "cut_more")
            .addLayer("mean_4", mean(), "both")
            .addVertex("all", new MergeVertex(), "mean_0", "mean_1", "mean_2", "mean_3", "mean_4")
            .addLayer("out", out(), "all"),
        "out");
  }

  private static Layer mean() {
    return new GlobalPoolingLayer.Builder(PoolingType.AVG).build();
  }

  private static Layer dilatedAndStrided() {
    return new ConvolutionLayer.Builder(3, 2)
        .nOut(4)
        .stride(2, 1)
        .padding(1, 0)
        .dilation(2, 3)
        .activation(Activation.TANH)
        .build();
  }

  private static Layer uneven() {
    return new DepthwiseConvolution2D.Builder()
        .kernelSize(3, 2)
        .stride(1, 2)
        .convolutionMode(ConvolutionMode.Same)
        .depthMultiplier(2)
        .nIn(IMAGE.channels())
        .nOut(2 * IMAGE.channels())
        .build();
  }

  private static Layer transposed(int kernel, int stride, int padding) {
    return new Deconvolution2D.Builder(kernel, kernel)
        .stride(stride, stride)
        .padding(padding, padding)
        .nOut(2)
        .activation(Activation.SIGMOID)
        .build();
  }

  /** Slices, repetitions that no merge does, and a product of all channels with one. */
  private static ComputationGraph movedValues() {
    return TestGraphs.init(
        TestGraphs.builder(IMAGE)
            .addVertex("last", of(new ChannelSelection(2, 3, 3)), "input")
            .addVertex("three", of(new Repetition(sides(1, 9, 7), sides(3, 9, 7))), "last")
            .addLayer("over", conv(3, 4, Activation.TANH.getActivationFunction()), "three")
            .addVertex("turned", of(new AxisPermutation(new int[] {2, 0, 1})), "over")
            .addLayer("mean", mean(), "over")
            .addVertex("pixel", of(new ChannelsLastReshape(sides(4), sides(1, 1, 4))), "mean")
            .addVertex("first", of(new ChannelSelection(0, 1, 4)), "pixel")
            .addVertex("vector", of(new ChannelsLastReshape(sides(1, 1, 1), sides(1))), "first")
            .addVertex("wide", of(new Repetition(sides(1, 1, 1), sides(2, 3, 5))), "first")
            .addVertex("four", of(new Repetition(sides(1, 9, 7), sides(4, 9, 7))), "last")
            .addVertex("times", new ElementWiseVertex(ElementWiseVertex.Op.Product), "four", "over")
            .addVertex("large", of(new BilinearResize(sides(9, 7), sides(5, 8))), "times")
            .addLayer("mean_0", mean(), "turned")
            .addLayer("mean_1", mean(), "wide")
            .addLayer("mean_2", mean(), "large")
            .addVertex("all", new MergeVertex(), "mean_0", "mean_1", "mean_2", "vector")
            .addLayer("out", out(), "all"),
        "out");
  }

  private static PreprocessorVertex of(InputPreProcessor preprocessor) {
    return new PreprocessorVertex(preprocessor);
  }

  private static long[] sides(long... sides) {
    return sides;
  }
}
