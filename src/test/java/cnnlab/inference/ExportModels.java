package cnnlab.inference;

import cnnlab.scratch.dl4j.TestGraphs;
import cnnlab.scratch.layer.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
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
}
