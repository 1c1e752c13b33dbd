package cnnlab.model;

import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.Activation;

/** Layers that several networks are built of. */
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

  /** Maximum over windows of 2x2 that do not overlap: [N, C, H, W] to [N, C, ⌊H/2⌋, ⌊W/2⌋]. */
  static SubsamplingLayer maxPool2x2() {
    return new SubsamplingLayer.Builder(PoolingType.MAX)
        .kernelSize(2, 2)
        .stride(2, 2)
        .convolutionMode(ConvolutionMode.Truncate)
        .build();
  }
}
