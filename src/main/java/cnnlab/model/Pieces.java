package cnnlab.model;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Layers shared by several networks. */
final class Pieces {
  private Pieces() {}

  /** Convolution 3x3, same padding, ReLU: [N, C, H, W] to [N, filters, H, W]. */
  static ConvolutionLayer conv3x3(int filters) {
    return new ConvolutionLayer.Builder(3, 3)
        .nOut(filters)
        .convolutionMode(ConvolutionMode.Same)
        .activation(Activation.RELU)
        .build();
  }

  /** Max pooling over windows of 2x2 that do not overlap: [N, C, H, W] to [N, C, ⌊H/2⌋, ⌊W/2⌋]. */
  static SubsamplingLayer maxPool2x2() {
    return new SubsamplingLayer.Builder(PoolingType.MAX)
        .kernelSize(2, 2)
        .stride(2, 2)
        .convolutionMode(ConvolutionMode.Truncate)
        .build();
  }

  /**
   * The last layer of a classifier: [N, F] to [N, classes], softmax, categorical cross-entropy.
   *
   * @param dropout the probability to drop an input, in [0, 1)
   */
  static OutputLayer.Builder classifier(int classes, double dropout) {
    OutputLayer.Builder out =
        new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
            .nOut(classes)
            .activation(Activation.SOFTMAX);
    return dropout > 0 ? out.dropOut(1 - dropout) : out;
  }

  /**
   * Adds batch normalisation and ReLU.
   *
   * @param name prefix of their names
   * @return the name of the ReLU
   */
  static String batchNormRelu(GraphBuilder builder, String name, String input) {
    builder.addLayer(
        name + "_norm", new BatchNormalization.Builder().useLogStd(false).build(), input);
    builder.addLayer(name + "_relu", new ActivationLayer(Activation.RELU), name + "_norm");
    return name + "_relu";
  }
}
