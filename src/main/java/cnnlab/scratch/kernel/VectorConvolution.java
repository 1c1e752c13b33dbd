package cnnlab.scratch.kernel;

import static cnnlab.scratch.kernel.VectorMath.L;
import static cnnlab.scratch.kernel.VectorMath.broadcast;
import static cnnlab.scratch.kernel.VectorMath.load;

import jdk.incubator.vector.FloatVector;

/**
 * Convolution on a padded input, in blocks of four output channels by four positions, or of one
 * output channel by eight positions where there are fewer than four.
 *
 * <p>A call takes {@link Filters}; its blocks, which have only a few taps each, take plain arrays
 * and ints, so that no field is read again for each block.
 */
final class VectorConvolution {
  /** Output channels from which on copying the values under a window pays. */
  private static final int PACKED_FROM = 16;

  private VectorConvolution() {}

  /**
   * The kernels of a convolution and the layout of its padded input; made once per call, not per
   * block.
   *
   * @param input the layout of the padded input
   * @param channels number of output channels
   * @param weights holds the weights [channels, taps]
   * @param w the position of the first weight
   * @param biases holds the biases [channels]
   * @param b the position of the first bias
   */
  record Filters(PaddedInput input, int channels, float[] weights, int w, float[] biases, int b) {

    /** The filters of a layer; a missing bias is read from zeros. */
    static Filters of(PaddedInput input, int channels, WeightsAndBias parameters, Scratchpad pad) {
      boolean bias = parameters.hasBias();
      return new Filters(
          input,
          channels,
          parameters.values(),
          parameters.weights(),
          bias ? parameters.values() : pad.zeros(channels),
          bias ? parameters.bias() : 0);
    }
  }

  /**
   * All output channels and positions of one group.
   *
   * @param x the padded input, the group at {@code begin}
   * @param y receives [channels, outHeight, outWidth, L] at {@code out}
   */
  static void forward(Filters filters, float[] x, int begin, float[] y, int out, Scratchpad pad) {
    PaddedInput planes = filters.input;
    if (filters.channels >= PACKED_FROM && planes.positionOffsets.length >= 4) {
      packed(filters, x, begin, y, out, pad);
      return;
    }
    float[] parameters = filters.weights;
    float[] biases = filters.biases;
    int[] positions = planes.positionOffsets;
    int plane = positions.length * L;
    int[] offsets = planes.tapOffsets;
    boolean blocks = filters.channels >= 4 && positions.length >= 4;
    boolean rows = !blocks && positions.length >= 8;
    int channels = blocks ? 4 : 1;
    int block = blocks ? 4 : rows ? 8 : 1;
    for (int p = 0; p < positions.length; p += block) {
      // The last block is moved back over the one before it rather than cut short.
      int position = Math.min(p, positions.length - block);
      for (int o = 0; o < filters.channels; o += channels) {
        int channel = Math.min(o, filters.channels - channels);
        int w = filters.w + channel * offsets.length;
        int b = filters.b + channel;
        int target = out + channel * plane + position * L;
        if (blocks) {
          block4x4(planes, x, begin, position, parameters, w, biases, b, y, target);
        } else if (rows) {
          row8(planes, x, begin, position, parameters, w, biases[b], y, target);
        } else {
          int from = begin + positions[position];
          single(offsets, x, from, parameters, w, biases, b, y, target);
        }
      }
    }
  }

  /**
   * The same for many output channels: the values under four windows are copied to a place where
   * they follow each other, which the loop over them reads a quarter faster. Sums are added in the
   * same order.
   */
  private static void packed(
      Filters filters, float[] x, int begin, float[] y, int out, Scratchpad pad) {
    int[] positions = filters.input.positionOffsets;
    int[] offsets = filters.input.tapOffsets;
    int plane = positions.length * L;
    float[] window = pad.floats(2, 4 * offsets.length * L);
    for (int p = 0; p < positions.length; p += 4) {
      int position = Math.min(p, positions.length - 4);
      pack(x, begin, positions, position, offsets, window);
      for (int o = 0; o < filters.channels; o += 4) {
        int channel = Math.min(o, filters.channels - 4);
        packed4x4(
            window,
            offsets.length,
            filters.weights,
            filters.w + channel * offsets.length,
            filters.biases,
            filters.b + channel,
            y,
            out + channel * plane + position * L,
            plane);
      }
    }
  }

  /** Copies the values under four windows, those of each tap side by side. */
  private static void pack(
      float[] x, int begin, int[] positions, int position, int[] offsets, float[] window) {
    int at0 = begin + positions[position];
    int at1 = begin + positions[position + 1];
    int at2 = begin + positions[position + 2];
    int at3 = begin + positions[position + 3];
    for (int t = 0; t < offsets.length; t++) {
      int tap = offsets[t];
      int to = 4 * t * L;
      load(x, at0 + tap).intoArray(window, to);
      load(x, at1 + tap).intoArray(window, to + L);
      load(x, at2 + tap).intoArray(window, to + 2 * L);
      load(x, at3 + tap).intoArray(window, to + 3 * L);
    }
  }

  /** Four output channels at four positions, whose values are packed. */
  private static void packed4x4(
      float[] window,
      int taps,
      float[] parameters,
      int w,
      float[] biases,
      int b,
      float[] y,
      int target,
      int plane) {
    FloatVector s00 = broadcast(biases[b]), s01 = s00, s02 = s00, s03 = s00;
    FloatVector s10 = broadcast(biases[b + 1]), s11 = s10, s12 = s10, s13 = s10;
    FloatVector s20 = broadcast(biases[b + 2]), s21 = s20, s22 = s20, s23 = s20;
    FloatVector s30 = broadcast(biases[b + 3]), s31 = s30, s32 = s30, s33 = s30;
    for (int t = 0; t < taps; t++) {
      int at = 4 * t * L;
      FloatVector x0 = load(window, at);
      FloatVector x1 = load(window, at + L);
      FloatVector x2 = load(window, at + 2 * L);
      FloatVector x3 = load(window, at + 3 * L);
      FloatVector w0 = broadcast(parameters[w + t]);
      s00 = x0.fma(w0, s00);
      s01 = x1.fma(w0, s01);
      s02 = x2.fma(w0, s02);
      s03 = x3.fma(w0, s03);
      FloatVector w1 = broadcast(parameters[w + taps + t]);
      s10 = x0.fma(w1, s10);
      s11 = x1.fma(w1, s11);
      s12 = x2.fma(w1, s12);
      s13 = x3.fma(w1, s13);
      FloatVector w2 = broadcast(parameters[w + 2 * taps + t]);
      s20 = x0.fma(w2, s20);
      s21 = x1.fma(w2, s21);
      s22 = x2.fma(w2, s22);
      s23 = x3.fma(w2, s23);
      FloatVector w3 = broadcast(parameters[w + 3 * taps + t]);
      s30 = x0.fma(w3, s30);
      s31 = x1.fma(w3, s31);
      s32 = x2.fma(w3, s32);
      s33 = x3.fma(w3, s33);
    }
    s00.intoArray(y, target);
    s01.intoArray(y, target + L);
    s02.intoArray(y, target + 2 * L);
    s03.intoArray(y, target + 3 * L);
    s10.intoArray(y, target + plane);
    s11.intoArray(y, target + plane + L);
    s12.intoArray(y, target + plane + 2 * L);
    s13.intoArray(y, target + plane + 3 * L);
    s20.intoArray(y, target + 2 * plane);
    s21.intoArray(y, target + 2 * plane + L);
    s22.intoArray(y, target + 2 * plane + 2 * L);
    s23.intoArray(y, target + 2 * plane + 3 * L);
    s30.intoArray(y, target + 3 * plane);
    s31.intoArray(y, target + 3 * plane + L);
    s32.intoArray(y, target + 3 * plane + 2 * L);
    s33.intoArray(y, target + 3 * plane + 3 * L);
  }

  private static void single(
      int[] offsets,
      float[] x,
      int from,
      float[] parameters,
      int w,
      float[] biases,
      int b,
      float[] y,
      int target) {
    FloatVector sum = broadcast(biases[b]);
    for (int t = 0; t < offsets.length; t++) {
      sum = load(x, from + offsets[t]).fma(broadcast(parameters[w + t]), sum);
    }
    sum.intoArray(y, target);
  }

  /** One output channel at eight positions that follow each other. */
  private static void row8(
      PaddedInput planes,
      float[] x,
      int begin,
      int position,
      float[] parameters,
      int w,
      float bias,
      float[] y,
      int target) {
    FloatVector s0 = broadcast(bias), s1 = s0, s2 = s0, s3 = s0;
    FloatVector s4 = s0, s5 = s0, s6 = s0, s7 = s0;
    int[] offsets = planes.tapOffsets;
    int[] positions = planes.positionOffsets;
    int at0 = begin + positions[position];
    int at1 = begin + positions[position + 1];
    int at2 = begin + positions[position + 2];
    int at3 = begin + positions[position + 3];
    int at4 = begin + positions[position + 4];
    int at5 = begin + positions[position + 5];
    int at6 = begin + positions[position + 6];
    int at7 = begin + positions[position + 7];
    for (int t = 0; t < offsets.length; t++) {
      int tap = offsets[t];
      FloatVector v = broadcast(parameters[w + t]);
      s0 = load(x, at0 + tap).fma(v, s0);
      s1 = load(x, at1 + tap).fma(v, s1);
      s2 = load(x, at2 + tap).fma(v, s2);
      s3 = load(x, at3 + tap).fma(v, s3);
      s4 = load(x, at4 + tap).fma(v, s4);
      s5 = load(x, at5 + tap).fma(v, s5);
      s6 = load(x, at6 + tap).fma(v, s6);
      s7 = load(x, at7 + tap).fma(v, s7);
    }
    s0.intoArray(y, target);
    s1.intoArray(y, target + L);
    s2.intoArray(y, target + 2 * L);
    s3.intoArray(y, target + 3 * L);
    s4.intoArray(y, target + 4 * L);
    s5.intoArray(y, target + 5 * L);
    s6.intoArray(y, target + 6 * L);
    s7.intoArray(y, target + 7 * L);
  }

  /** Four output channels at four positions that follow each other. */
  private static void block4x4(
      PaddedInput planes,
      float[] x,
      int begin,
      int position,
      float[] parameters,
      int w,
      float[] biases,
      int b,
      float[] y,
      int target) {
    FloatVector s00 = broadcast(biases[b]), s01 = s00, s02 = s00, s03 = s00;
    FloatVector s10 = broadcast(biases[b + 1]), s11 = s10, s12 = s10, s13 = s10;
    FloatVector s20 = broadcast(biases[b + 2]), s21 = s20, s22 = s20, s23 = s20;
    FloatVector s30 = broadcast(biases[b + 3]), s31 = s30, s32 = s30, s33 = s30;
    int[] offsets = planes.tapOffsets;
    int at0 = begin + planes.positionOffsets[position];
    int at1 = begin + planes.positionOffsets[position + 1];
    int at2 = begin + planes.positionOffsets[position + 2];
    int at3 = begin + planes.positionOffsets[position + 3];
    int plane = planes.positionOffsets.length * L;
    int taps = offsets.length;
    for (int t = 0; t < taps; t++) {
      int tap = offsets[t];
      FloatVector x0 = load(x, at0 + tap);
      FloatVector x1 = load(x, at1 + tap);
      FloatVector x2 = load(x, at2 + tap);
      FloatVector x3 = load(x, at3 + tap);
      FloatVector w0 = broadcast(parameters[w + t]);
      s00 = x0.fma(w0, s00);
      s01 = x1.fma(w0, s01);
      s02 = x2.fma(w0, s02);
      s03 = x3.fma(w0, s03);
      FloatVector w1 = broadcast(parameters[w + taps + t]);
      s10 = x0.fma(w1, s10);
      s11 = x1.fma(w1, s11);
      s12 = x2.fma(w1, s12);
      s13 = x3.fma(w1, s13);
      FloatVector w2 = broadcast(parameters[w + 2 * taps + t]);
      s20 = x0.fma(w2, s20);
      s21 = x1.fma(w2, s21);
      s22 = x2.fma(w2, s22);
      s23 = x3.fma(w2, s23);
      FloatVector w3 = broadcast(parameters[w + 3 * taps + t]);
      s30 = x0.fma(w3, s30);
      s31 = x1.fma(w3, s31);
      s32 = x2.fma(w3, s32);
      s33 = x3.fma(w3, s33);
    }
    s00.intoArray(y, target);
    s01.intoArray(y, target + L);
    s02.intoArray(y, target + 2 * L);
    s03.intoArray(y, target + 3 * L);
    s10.intoArray(y, target + plane);
    s11.intoArray(y, target + plane + L);
    s12.intoArray(y, target + plane + 2 * L);
    s13.intoArray(y, target + plane + 3 * L);
    s20.intoArray(y, target + 2 * plane);
    s21.intoArray(y, target + 2 * plane + L);
    s22.intoArray(y, target + 2 * plane + 2 * L);
    s23.intoArray(y, target + 2 * plane + 3 * L);
    s30.intoArray(y, target + 3 * plane);
    s31.intoArray(y, target + 3 * plane + L);
    s32.intoArray(y, target + 3 * plane + 2 * L);
    s33.intoArray(y, target + 3 * plane + 3 * L);
  }

  /**
   * Convolution, ReLU and the maximum over windows of 2x2 that do not overlap, for at least four
   * output channels.
   *
   * @param x the padded input, the group at {@code begin}
   * @param y receives [channels, outHeight / 2, outWidth / 2, L] at {@code out}
   */
  static void forwardMaxPool(Filters filters, float[] x, int begin, float[] y, int out) {
    PaddedInput planes = filters.input;
    float[] parameters = filters.weights;
    float[] biases = filters.biases;
    int windows = planes.windowPositions.length / 4;
    int taps = planes.tapOffsets.length;
    for (int window = 0; window < windows; window++) {
      for (int o = 0; o < filters.channels; o += 4) {
        int channel = Math.min(o, filters.channels - 4);
        int w = filters.w + channel * taps;
        int b = filters.b + channel;
        int target = out + (channel * windows + window) * L;
        window4x4(planes, x, begin, 4 * window, parameters, w, biases, b, y, target);
      }
    }
  }

  /**
   * The largest of the four positions of one window and 0, for four output channels. Its loop
   * equals that of {@link #block4x4}: shared, the accumulators would leave the registers.
   */
  private static void window4x4(
      PaddedInput planes,
      float[] x,
      int begin,
      int window,
      float[] parameters,
      int w,
      float[] biases,
      int b,
      float[] y,
      int target) {
    FloatVector s00 = broadcast(biases[b]), s01 = s00, s02 = s00, s03 = s00;
    FloatVector s10 = broadcast(biases[b + 1]), s11 = s10, s12 = s10, s13 = s10;
    FloatVector s20 = broadcast(biases[b + 2]), s21 = s20, s22 = s20, s23 = s20;
    FloatVector s30 = broadcast(biases[b + 3]), s31 = s30, s32 = s30, s33 = s30;
    int[] offsets = planes.tapOffsets;
    int at0 = begin + planes.positionOffsets[planes.windowPositions[window]];
    int at1 = begin + planes.positionOffsets[planes.windowPositions[window + 1]];
    int at2 = begin + planes.positionOffsets[planes.windowPositions[window + 2]];
    int at3 = begin + planes.positionOffsets[planes.windowPositions[window + 3]];
    int plane = planes.windowPositions.length / 4 * L;
    int taps = offsets.length;
    for (int t = 0; t < taps; t++) {
      int tap = offsets[t];
      FloatVector x0 = load(x, at0 + tap);
      FloatVector x1 = load(x, at1 + tap);
      FloatVector x2 = load(x, at2 + tap);
      FloatVector x3 = load(x, at3 + tap);
      FloatVector w0 = broadcast(parameters[w + t]);
      s00 = x0.fma(w0, s00);
      s01 = x1.fma(w0, s01);
      s02 = x2.fma(w0, s02);
      s03 = x3.fma(w0, s03);
      FloatVector w1 = broadcast(parameters[w + taps + t]);
      s10 = x0.fma(w1, s10);
      s11 = x1.fma(w1, s11);
      s12 = x2.fma(w1, s12);
      s13 = x3.fma(w1, s13);
      FloatVector w2 = broadcast(parameters[w + 2 * taps + t]);
      s20 = x0.fma(w2, s20);
      s21 = x1.fma(w2, s21);
      s22 = x2.fma(w2, s22);
      s23 = x3.fma(w2, s23);
      FloatVector w3 = broadcast(parameters[w + 3 * taps + t]);
      s30 = x0.fma(w3, s30);
      s31 = x1.fma(w3, s31);
      s32 = x2.fma(w3, s32);
      s33 = x3.fma(w3, s33);
    }
    FloatVector zero = broadcast(0);
    s00.max(s01).max(s02.max(s03)).max(zero).intoArray(y, target);
    s10.max(s11).max(s12.max(s13)).max(zero).intoArray(y, target + plane);
    s20.max(s21).max(s22.max(s23)).max(zero).intoArray(y, target + 2 * plane);
    s30.max(s31).max(s32.max(s33)).max(zero).intoArray(y, target + 3 * plane);
  }

  /** Weights [O, C, KH, KW] as [C, O, KH, KW], each kernel rotated by 180 degrees. */
  static void flipKernels(ConvolutionGeometry shape, WeightsAndBias parameters, float[] flipped) {
    int kernel = shape.geometry().kernelHeight() * shape.geometry().kernelWidth();
    for (int o = 0; o < shape.outChannels(); o++) {
      for (int c = 0; c < shape.inChannels(); c++) {
        int from = parameters.weights() + shape.weight(o, c);
        int last = (c * shape.outChannels() + o) * kernel + kernel - 1;
        for (int t = 0; t < kernel; t++) {
          flipped[last - t] = parameters.values()[from + t];
        }
      }
    }
  }
}
