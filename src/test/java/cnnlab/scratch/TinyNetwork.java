package cnnlab.scratch;

import cnnlab.scratch.kernel.ChannelShape;
import cnnlab.scratch.kernel.ConvolutionGeometry;
import cnnlab.scratch.kernel.DenseShape;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.Padding;
import cnnlab.scratch.kernel.Range;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.kernel.Scratchpad;
import cnnlab.scratch.kernel.WeightsAndBias;
import cnnlab.scratch.kernel.Window;

/**
 * The walk-through of docs/from-scratch.md. The document shows this class line by line; {@link
 * TinyNetworkTest} checks that.
 */
final class TinyNetwork {
  final Kernels kernels = new ReferenceKernels();
  final Scratchpad pad = new Scratchpad(); // working memory of the kernels

  // Convolution 3x3 with ReLU: [n, 1, 6, 6] becomes [n, 2, 4, 4].
  final ConvolutionGeometry conv =
      new ConvolutionGeometry(1, 2, Window.square(3, 1, Padding.VALID).on(6, 6));
  // Max pooling 2x2: [n, 2, 4, 4] becomes [n, 2, 2, 2], which a dense layer reads as [n, 8].
  final Window.Geometry pool = Window.square(2, 2, Padding.VALID).on(4, 4);
  // Dense: [n, 8] becomes [n, 2], one logit per class.
  final DenseShape dense = new DenseShape(8, 2);

  // All parameters in one array, and their gradients in another of the same layout:
  // kernels [2, 1, 3, 3] at 0, their bias [2] at 18, dense weights [8, 2] at 20, their bias at 36.
  final float[] parameters = new float[38];

  static WeightsAndBias ofConv(float[] array) {
    return new WeightsAndBias(array, 0, 18);
  }

  static WeightsAndBias ofDense(float[] array) {
    return new WeightsAndBias(array, 20, 36);
  }

  double step(float[] x, int[] labels, float learningRate) {
    int n = labels.length;
    Range images = new Range(0, n);

    float[] a = new float[n * 32];
    kernels.conv2d(conv, ofConv(parameters), true, x, a, images, pad);
    float[] p = new float[n * 8];
    kernels.maxPool2d(2, pool, a, p, images);
    float[] z = new float[n * 2];
    kernels.dense(dense, ofDense(parameters), false, p, z, images, pad);

    float[] dz = new float[n * 2];
    double loss = 0;
    for (int i = 0; i < n; i++) {
      double sum = Math.exp(z[2 * i]) + Math.exp(z[2 * i + 1]);
      loss -= Math.log(Math.exp(z[2 * i + labels[i]]) / sum) / n;
      for (int k = 0; k < 2; k++) {
        double probability = Math.exp(z[2 * i + k]) / sum;
        dz[2 * i + k] = (float) (probability - (k == labels[i] ? 1 : 0)) / n;
      }
    }

    float[] gradients = new float[parameters.length];
    kernels.denseWeightGradient(dense, p, dz, ofDense(gradients), n, new Range(0, 8), pad);
    kernels.addChannelSums(new ChannelShape(2, 1), dz, gradients, 36, images, pad);
    float[] dp = new float[p.length];
    kernels.denseInputGradient(dense, ofDense(parameters), dz, dp, images, pad);
    float[] da = new float[a.length];
    kernels.maxPool2dGradient(2, pool, a, p, dp, da, images);
    kernels.reluGradient(a, da, 0, da.length);
    kernels.conv2dWeightGradient(conv, x, da, ofConv(gradients), images, pad);

    for (int i = 0; i < parameters.length; i++) {
      parameters[i] -= learningRate * gradients[i];
    }
    return loss;
  }
}
