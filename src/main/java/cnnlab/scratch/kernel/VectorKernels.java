package cnnlab.scratch.kernel;

import static cnnlab.scratch.kernel.VectorMath.L;

import cnnlab.scratch.kernel.Kernels.Shifted;
import cnnlab.scratch.kernel.VectorConvolution.Filters;
import cnnlab.scratch.kernel.VectorConvolutionGradient.Group;
import cnnlab.scratch.kernel.VectorDense.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Kernels on the Vector API. L images lie side by side, so that one vector holds the same value of
 * L images: convolution, pooling and dense layers of any size, stride and padding then need no
 * shuffling and no special cases for partly filled vectors.
 *
 * <p>Speed then depends on keeping the multipliers busy: blocks of 4 x 4 (or 8 x 2) accumulators
 * stay in registers, so that eight to ten loads feed sixteen fused multiply-adds. Each such block
 * is a method with exactly one loop, and no vector is selected by a condition: with nested loops or
 * a conditional between vectors, the compiler of JDK 17 keeps the accumulators on the heap, which
 * is ten times slower. Tables of offsets replace three nested loops by one.
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
      WeightsAndBias parameters,
      boolean relu,
      float[] x,
      float[] y,
      Range groups,
      Scratchpad pad) {
    PaddedInput input = shape.paddedInput(L);
    Filters filters = Filters.of(input, shape.outChannels(), parameters, pad);
    float[] padded = paddedArray(input, x, pad);
    int outSize = shape.outChannels() * input.positionOffsets.length * L;
    for (int group = groups.from(); group < groups.to(); group++) {
      int begin = input.pad(x, group * input.sourceSize(), padded, 0);
      VectorConvolution.forward(filters, padded, begin, y, group * outSize, pad);
      if (relu) {
        VectorElements.relu(y, group * outSize, (group + 1) * outSize);
      }
    }
  }

  /** Where a group's input goes with its padding: the input's own array if there is none. */
  private static float[] paddedArray(PaddedInput input, float[] x, Scratchpad pad) {
    return input.padded ? pad.floats(0, input.size()) : x;
  }

  @Override
  public boolean fusesPooling() {
    return true;
  }

  @Override
  public void conv2dMaxPool(
      ConvolutionGeometry shape,
      WeightsAndBias parameters,
      float[] x,
      float[] y,
      Range groups,
      Scratchpad pad) {
    PaddedInput input = shape.paddedInput(L);
    Filters filters = Filters.of(input, shape.outChannels(), parameters, pad);
    float[] padded = paddedArray(input, x, pad);
    int outSize = shape.outChannels() * input.windowPositions.length / 4 * L;
    for (int group = groups.from(); group < groups.to(); group++) {
      int begin = input.pad(x, group * input.sourceSize(), padded, 0);
      VectorConvolution.forwardMaxPool(filters, padded, begin, y, group * outSize);
    }
  }

  @Override
  public void interleave(float[] x, int first, int size, float[] out, int begin) {
    VectorMath.interleave(x, first, size, out, begin);
  }

  /**
   * The gradient is itself a convolution with stride 1: of dy, spread out by the stride and padded,
   * with flipped kernels whose input and output channels are swapped.
   */
  @Override
  public void conv2dInputGradient(
      ConvolutionGeometry shape,
      WeightsAndBias parameters,
      float[] dy,
      float[] dx,
      Range groups,
      Scratchpad pad) {
    PaddedInput input = shape.paddedGradient(L);
    int channels = shape.inChannels();
    float[] flipped = pad.floats(1, channels * input.tapOffsets.length);
    VectorConvolution.flipKernels(shape, parameters, flipped);
    Filters filters = new Filters(input, channels, flipped, 0, pad.zeros(channels), 0);
    float[] padded = paddedArray(input, dy, pad);
    int inSize = channels * input.positionOffsets.length * L;
    for (int group = groups.from(); group < groups.to(); group++) {
      int begin = input.pad(dy, group * input.sourceSize(), padded, 0);
      VectorConvolution.forward(filters, padded, begin, dx, group * inSize, pad);
    }
  }

  @Override
  public void conv2dWeightGradient(
      ConvolutionGeometry shape,
      float[] x,
      float[] dy,
      WeightsAndBias gradients,
      Range groups,
      Scratchpad pad) {
    PaddedInput input = shape.paddedInput(L);
    int channels = shape.outChannels();
    int positions = input.positionOffsets.length;
    float[] sums = pad.floats(1, VectorConvolutionGradient.sumsSize(input, channels));
    float[] padded = input.padded ? pad.floats(0, (groups.to() - groups.from()) * input.size()) : x;
    List<Group> all = new ArrayList<>();
    for (int group = groups.from(); group < groups.to(); group++) {
      int begin =
          input.pad(x, group * input.sourceSize(), padded, (group - groups.from()) * input.size());
      int out = group * channels * positions * L;
      all.add(new Group(input, channels, padded, begin, dy, out, sums));
    }
    VectorConvolutionGradient.add(all, gradients.values(), gradients.weights());
    if (gradients.hasBias()) {
      ChannelShape outShape = new ChannelShape(channels, positions);
      addChannelSums(outShape, dy, gradients.values(), gradients.bias(), groups, pad);
    }
  }

  @Override
  public void dense(
      DenseShape shape,
      WeightsAndBias parameters,
      boolean relu,
      float[] x,
      float[] y,
      Range groups,
      Scratchpad pad) {
    VectorDense.product(Matrix.of(shape, parameters, pad), x, y, groups);
    if (relu) {
      VectorElements.relu(y, groups.from() * shape.out() * L, groups.to() * shape.out() * L);
    }
  }

  @Override
  public void denseInputGradient(
      DenseShape shape,
      WeightsAndBias parameters,
      float[] dy,
      float[] dx,
      Range groups,
      Scratchpad pad) {
    VectorDense.product(Matrix.transposed(shape, parameters, pad), dy, dx, groups);
  }

  @Override
  public void denseWeightGradient(
      DenseShape shape,
      float[] x,
      float[] dy,
      WeightsAndBias gradients,
      int groups,
      Range rows,
      Scratchpad pad) {
    VectorDenseGradient.weightGradientRows(shape, x, dy, gradients, groups, rows, pad);
  }

  @Override
  public void addChannelSums(
      ChannelShape shape, float[] x, float[] sums, int begin, Range groups, Scratchpad pad) {
    int run = shape.plane() * L;
    for (int g = groups.from(); g < groups.to(); g++) {
      for (int c = 0; c < shape.channels(); c++) {
        int at = (g * shape.channels() + c) * run;
        sums[begin + c] += VectorElements.sum(x, at, at + run, pad);
      }
    }
  }

  @Override
  public void addChannelProducts(
      ChannelShape shape,
      Shifted a,
      Shifted b,
      float[] sums,
      int begin,
      Range groups,
      Scratchpad pad) {
    int run = shape.plane() * L;
    for (int g = groups.from(); g < groups.to(); g++) {
      for (int c = 0; c < shape.channels(); c++) {
        int at = (g * shape.channels() + c) * run;
        sums[begin + c] += VectorElements.products(a, b, c, at, at + run, pad);
      }
    }
  }

  @Override
  public void maxPool2d(int channels, Window.Geometry g, float[] x, float[] y, Range groups) {
    for (int plane = groups.from() * channels; plane < groups.to() * channels; plane++) {
      int in = plane * g.height() * g.width() * L;
      VectorPooling.max(g, x, in, y, plane * g.outHeight() * g.outWidth() * L);
    }
  }

  @Override
  public void maxPool2dGradient(
      int channels, Window.Geometry g, float[] x, float[] y, float[] dy, float[] dx, Range groups) {
    int size = channels * g.height() * g.width() * L;
    Arrays.fill(dx, groups.from() * size, groups.to() * size, 0);
    VectorPooling.Tensors tensors = new VectorPooling.Tensors(x, y, dy, dx);
    for (int plane = groups.from() * channels; plane < groups.to() * channels; plane++) {
      int in = plane * g.height() * g.width() * L;
      VectorPooling.gradient(g, tensors, in, plane * g.outHeight() * g.outWidth() * L);
    }
  }

  @Override
  public void avgPool2d(
      int channels, Window.Geometry g, boolean countPadding, float[] x, float[] y, Range groups) {
    if (!VectorPooling.isPlain2x2(g)) {
      Kernels.super.avgPool2d(channels, g, countPadding, x, y, groups);
      return;
    }
    for (int plane = groups.from() * channels; plane < groups.to() * channels; plane++) {
      int in = plane * g.height() * g.width() * L;
      VectorPooling.average2x2(g, x, in, y, plane * g.outHeight() * g.outWidth() * L);
    }
  }

  @Override
  public void avgPool2dGradient(
      int channels, Window.Geometry g, boolean countPadding, float[] dy, float[] dx, Range groups) {
    if (!VectorPooling.isPlain2x2(g)) {
      Kernels.super.avgPool2dGradient(channels, g, countPadding, dy, dx, groups);
      return;
    }
    int plane = g.height() * g.width() * L;
    if (plane != 4 * g.outHeight() * g.outWidth() * L) {
      // The last row or column is under no window.
      Arrays.fill(dx, groups.from() * channels * plane, groups.to() * channels * plane, 0);
    }
    for (int p = groups.from() * channels; p < groups.to() * channels; p++) {
      VectorPooling.average2x2Gradient(g, dy, p * g.outHeight() * g.outWidth() * L, dx, p * plane);
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
