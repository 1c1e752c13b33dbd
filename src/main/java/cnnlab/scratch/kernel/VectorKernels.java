package cnnlab.scratch.kernel;

import static cnnlab.scratch.kernel.VectorMath.L;

import java.util.Arrays;

/**
 * Kernels on the Vector API. L images lie side by side, so that one vector holds the same value of
 * L images: convolution, pooling and dense layers of any size, stride and padding then need no
 * shuffling and no special cases inside a vector.
 *
 * <p>What remains is to keep the multipliers busy: blocks of 4 x 4 (or 8 x 2) accumulators stay in
 * registers, so that eight to ten loads feed sixteen fused multiply-adds. Each such block is a
 * method with exactly one loop, and no vector is chosen by a condition: with nested loops or a
 * conditional between vectors the compiler of JDK 17 keeps the accumulators on the heap, ten times
 * slower. Tables of offsets make one loop of what would be three.
 */
final class VectorKernels implements Kernels {

  VectorKernels() {
    if (Kernels.MICRO_BATCH % L != 0 || L < 2) {
      throw new IllegalStateException("vectors of " + L + " floats are not supported");
    }
  }

  @Override
  public String name() {
    return "vector";
  }

  @Override
  public int lanes() {
    return L;
  }

  @Override
  public void conv2d(
      ConvolutionGeometry shape,
      float[] x,
      float[] parameters,
      int weights,
      int bias,
      boolean relu,
      float[] y,
      int from,
      int to,
      Scratchpad pad) {
    PaddedInput planes = shape.planes(L);
    int inSize = planes.sourceSize();
    int outSize = shape.outChannels() * planes.positionOffsets.length * L;
    for (int group = from; group < to; group++) {
      float[] padded = planes.padded ? pad.floats(0, planes.size()) : x;
      int begin = planes.pad(x, group * inSize, padded);
      VectorConvolution.forward(
          planes,
          shape.outChannels(),
          padded,
          begin,
          parameters,
          weights,
          bias < 0 ? pad.zeros(shape.outChannels()) : parameters,
          Math.max(bias, 0),
          y,
          group * outSize);
      if (relu) {
        VectorElements.relu(y, group * outSize, (group + 1) * outSize);
      }
    }
  }

  @Override
  public boolean fusesPooling() {
    return true;
  }

  @Override
  public void conv2dMaxPool(
      ConvolutionGeometry shape,
      float[] x,
      float[] parameters,
      int weights,
      int bias,
      float[] y,
      int from,
      int to,
      Scratchpad pad) {
    PaddedInput planes = shape.planes(L);
    int inSize = planes.sourceSize();
    int outSize = shape.outChannels() * planes.windowPositions.length / 4 * L;
    float[] biases = bias < 0 ? pad.zeros(shape.outChannels()) : parameters;
    for (int group = from; group < to; group++) {
      float[] padded = planes.padded ? pad.floats(0, planes.size()) : x;
      int begin = planes.pad(x, group * inSize, padded);
      VectorConvolution.forwardMaxPool(
          planes,
          shape.outChannels(),
          padded,
          begin,
          parameters,
          weights,
          biases,
          Math.max(bias, 0),
          y,
          group * outSize);
    }
  }

  @Override
  public void interleave(float[] x, int first, int size, float[] out, int begin) {
    VectorMath.interleave(x, first, size, out, begin);
  }

  /**
   * The gradient is itself a convolution with stride 1: of dy, spread out by the stride and padded,
   * with the kernel flipped around and its input and output channels exchanged.
   */
  @Override
  public void conv2dInputGradient(
      ConvolutionGeometry shape,
      float[] dy,
      float[] parameters,
      int weights,
      float[] dx,
      int from,
      int to,
      Scratchpad pad) {
    PaddedInput planes = shape.gradientPlanes(L);
    float[] flipped = pad.floats(1, shape.inChannels() * planes.tapOffsets.length);
    VectorConvolution.flipKernels(shape, parameters, weights, flipped);
    int outSize = planes.sourceSize();
    int inSize = shape.inChannels() * planes.positionOffsets.length * L;
    for (int group = from; group < to; group++) {
      float[] padded = planes.padded ? pad.floats(0, planes.size()) : dy;
      int begin = planes.pad(dy, group * outSize, padded);
      VectorConvolution.forward(
          planes,
          shape.inChannels(),
          padded,
          begin,
          flipped,
          0,
          pad.zeros(shape.inChannels()),
          0,
          dx,
          group * inSize);
    }
  }

  @Override
  public void conv2dWeightGradient(
      ConvolutionGeometry shape,
      float[] x,
      float[] dy,
      float[] gradients,
      int weights,
      int bias,
      int from,
      int to,
      Scratchpad pad) {
    PaddedInput planes = shape.planes(L);
    int count = shape.outChannels() * planes.tapOffsets.length;
    int inSize = planes.sourceSize();
    int positions = planes.positionOffsets.length;
    float[] sums = pad.floats(1, count * L);
    VectorConvolutionGradient.clear(sums, count);
    for (int group = from; group < to; group++) {
      float[] padded = planes.padded ? pad.floats(0, planes.size()) : x;
      int begin = planes.pad(x, group * inSize, padded);
      int out = group * shape.outChannels() * positions * L;
      VectorConvolutionGradient.add(planes, shape.outChannels(), padded, begin, dy, out, sums);
    }
    VectorConvolutionGradient.addLanes(sums, count, gradients, weights);
    if (bias >= 0) {
      addChannelSums(shape.outChannels(), positions, dy, gradients, bias, from, to, pad);
    }
  }

  @Override
  public void dense(
      int in,
      int out,
      float[] x,
      float[] parameters,
      int weights,
      int bias,
      boolean relu,
      float[] y,
      int from,
      int to,
      Scratchpad pad) {
    float[] biases = bias < 0 ? pad.zeros(out) : parameters;
    VectorDense.product(
        in, out, x, parameters, weights, out, 1, biases, Math.max(bias, 0), y, from, to);
    if (relu) {
      VectorElements.relu(y, from * out * L, to * out * L);
    }
  }

  @Override
  public void denseInputGradient(
      int in,
      int out,
      float[] dy,
      float[] parameters,
      int weights,
      float[] dx,
      int from,
      int to,
      Scratchpad pad) {
    VectorDense.product(out, in, dy, parameters, weights, 1, out, pad.zeros(in), 0, dx, from, to);
  }

  @Override
  public void denseWeightGradient(
      int in,
      int out,
      float[] x,
      float[] dy,
      float[] gradients,
      int weights,
      int groups,
      int fromRow,
      int toRow,
      Scratchpad pad) {
    VectorDenseGradient.weightGradientRows(
        in, out, x, dy, gradients, weights, groups, fromRow, toRow, pad);
  }

  @Override
  public void addChannelSums(
      int channels,
      int plane,
      float[] dy,
      float[] sums,
      int begin,
      int from,
      int to,
      Scratchpad pad) {
    for (int g = from; g < to; g++) {
      for (int c = 0; c < channels; c++) {
        int at = (g * channels + c) * plane * L;
        sums[begin + c] += VectorElements.sum(dy, at, at + plane * L, pad);
      }
    }
  }

  @Override
  public void addChannelProducts(
      int channels,
      int plane,
      float[] a,
      float[] aShift,
      float[] b,
      float[] bShift,
      float[] sums,
      int begin,
      int from,
      int to,
      Scratchpad pad) {
    for (int g = from; g < to; g++) {
      for (int c = 0; c < channels; c++) {
        int at = (g * channels + c) * plane * L;
        sums[begin + c] +=
            VectorElements.products(a, aShift[c], b, bShift[c], at, at + plane * L, pad);
      }
    }
  }

  @Override
  public void maxPool2d(int channels, Window.Geometry g, float[] x, float[] y, int from, int to) {
    for (int plane = from * channels; plane < to * channels; plane++) {
      int in = plane * g.height() * g.width() * L;
      VectorPooling.max(g, x, in, y, plane * g.outHeight() * g.outWidth() * L);
    }
  }

  @Override
  public void maxPool2dGradient(
      int channels,
      Window.Geometry g,
      float[] x,
      float[] y,
      float[] dy,
      float[] dx,
      int from,
      int to) {
    int size = channels * g.height() * g.width() * L;
    Arrays.fill(dx, from * size, to * size, 0);
    for (int plane = from * channels; plane < to * channels; plane++) {
      int in = plane * g.height() * g.width() * L;
      VectorPooling.gradient(g, x, in, y, dy, dx, plane * g.outHeight() * g.outWidth() * L);
    }
  }

  @Override
  public void scaleShift(
      float[] x, float scale, float shift, boolean relu, float[] y, int begin, int end) {
    VectorElements.scaleShift(x, scale, shift, relu, y, begin, end);
  }

  @Override
  public void reluGradient(float[] y, float[] dy, int begin, int end) {
    VectorElements.reluGradient(y, dy, begin, end);
  }

  @Override
  public double addPenalty(
      float[] parameters, float[] gradients, int begin, int end, float l1, float l2) {
    return VectorElements.addPenalty(parameters, gradients, begin, end, l1, l2);
  }
}
