package cnnlab.scratch;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Kernels on the Vector API. L images lie side by side, so that one vector holds the same value of
 * L images: convolution, pooling and dense layers of any size, stride and padding then need no
 * shuffling and no special cases inside a vector.
 *
 * <p>What remains is to keep the multipliers busy: blocks of 4 x 4 (or 8 x 2) accumulators stay in
 * registers, so that eight loads feed sixteen fused multiply-adds. Methods are small enough for the
 * compiler and called often enough to be compiled soon.
 */
final class VectorKernels implements Kernels {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int L = SPECIES.length();

  /**
   * Positions of the output that one pass over the weight gradient takes: enough to hide the loads
   * of its accumulators.
   */
  private static final int TILE = 64;

  VectorKernels() {
    if (Buffers.PIECE % L != 0) {
      throw new IllegalStateException("vectors of " + L + " floats are too long");
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

  // Convolution.

  @Override
  public void conv2d(
      ConvShape shape,
      float[] x,
      float[] parameters,
      int weights,
      int bias,
      boolean relu,
      float[] y,
      int from,
      int to,
      Scratchpad pad) {
    Window.Geometry g = shape.geometry();
    Planes planes = Planes.forConvolution(shape.inChannels(), g);
    int outSize = shape.outChannels() * g.outHeight() * g.outWidth() * L;
    for (int group = from; group < to; group++) {
      float[] padded = x;
      int begin = group * shape.inChannels() * g.height() * g.width() * L;
      if (planes.padded) {
        padded = pad.floats(0, planes.size(L));
        planes.pad(x, begin, padded, L);
        begin = 0;
      }
      convolve(
          planes,
          shape.outChannels(),
          g.outHeight(),
          g.outWidth(),
          padded,
          begin,
          parameters,
          weights,
          bias,
          relu,
          y,
          group * outSize);
    }
  }

  /** All output channels and positions of one group; the input is padded already. */
  private static void convolve(
      Planes planes,
      int outChannels,
      int outHeight,
      int outWidth,
      float[] x,
      int begin,
      float[] parameters,
      int weights,
      int bias,
      boolean relu,
      float[] y,
      int out) {
    int plane = outHeight * outWidth * L;
    boolean blocks = outChannels >= 4 && outWidth >= 4;
    for (int i = 0; i < outHeight; i++) {
      int row = begin + i * planes.strideHeight * planes.width * L;
      for (int o = 0; o < outChannels; o += blocks ? 4 : 1) {
        int channel = blocks ? Math.min(o, outChannels - 4) : o;
        int w = weights + channel * planes.taps();
        for (int j = 0; j < outWidth; j += blocks ? 4 : 1) {
          // The last block is moved back over the one before it rather than cut short.
          int column = blocks ? Math.min(j, outWidth - 4) : j;
          int from = row + column * planes.strideWidth * L;
          int target = out + channel * plane + (i * outWidth + column) * L;
          int b = bias < 0 ? -1 : bias + channel;
          if (blocks) {
            block4x4(planes, x, from, parameters, w, b, relu, y, target, plane);
          } else {
            single(planes, x, from, parameters, w, b, relu, y, target);
          }
        }
      }
    }
  }

  private static void single(
      Planes planes,
      float[] x,
      int from,
      float[] parameters,
      int w,
      int bias,
      boolean relu,
      float[] y,
      int target) {
    FloatVector sum = FloatVector.broadcast(SPECIES, bias < 0 ? 0 : parameters[bias]);
    for (int c = 0; c < planes.channels; c++) {
      for (int u = 0; u < planes.kernelHeight; u++) {
        int at = from + (c * planes.height + u) * planes.width * L;
        for (int v = 0; v < planes.kernelWidth; v++) {
          sum = FloatVector.fromArray(SPECIES, x, at).fma(broadcast(parameters[w++]), sum);
          at += L;
        }
      }
    }
    store(sum, relu, y, target);
  }

  /** Four output channels at four neighbouring positions. */
  private static void block4x4(
      Planes planes,
      float[] x,
      int from,
      float[] parameters,
      int w,
      int bias,
      boolean relu,
      float[] y,
      int target,
      int plane) {
    FloatVector b0 = broadcast(bias < 0 ? 0 : parameters[bias]);
    FloatVector b1 = broadcast(bias < 0 ? 0 : parameters[bias + 1]);
    FloatVector b2 = broadcast(bias < 0 ? 0 : parameters[bias + 2]);
    FloatVector b3 = broadcast(bias < 0 ? 0 : parameters[bias + 3]);
    FloatVector s00 = b0, s01 = b0, s02 = b0, s03 = b0;
    FloatVector s10 = b1, s11 = b1, s12 = b1, s13 = b1;
    FloatVector s20 = b2, s21 = b2, s22 = b2, s23 = b2;
    FloatVector s30 = b3, s31 = b3, s32 = b3, s33 = b3;
    int taps = planes.taps();
    int step = planes.strideWidth * L;
    int kernelWidth = planes.kernelWidth;
    int kernelHeight = planes.kernelHeight;
    int rowStep = planes.width * L;
    int channelStep = planes.height * rowStep;
    for (int c = 0; c < planes.channels; c++) {
      for (int u = 0; u < kernelHeight; u++) {
        int at = from + c * channelStep + u * rowStep;
        for (int v = 0; v < kernelWidth; v++) {
          FloatVector x0 = FloatVector.fromArray(SPECIES, x, at);
          FloatVector x1 = FloatVector.fromArray(SPECIES, x, at + step);
          FloatVector x2 = FloatVector.fromArray(SPECIES, x, at + 2 * step);
          FloatVector x3 = FloatVector.fromArray(SPECIES, x, at + 3 * step);
          FloatVector w0 = broadcast(parameters[w]);
          s00 = x0.fma(w0, s00);
          s01 = x1.fma(w0, s01);
          s02 = x2.fma(w0, s02);
          s03 = x3.fma(w0, s03);
          FloatVector w1 = broadcast(parameters[w + taps]);
          s10 = x0.fma(w1, s10);
          s11 = x1.fma(w1, s11);
          s12 = x2.fma(w1, s12);
          s13 = x3.fma(w1, s13);
          FloatVector w2 = broadcast(parameters[w + 2 * taps]);
          s20 = x0.fma(w2, s20);
          s21 = x1.fma(w2, s21);
          s22 = x2.fma(w2, s22);
          s23 = x3.fma(w2, s23);
          FloatVector w3 = broadcast(parameters[w + 3 * taps]);
          s30 = x0.fma(w3, s30);
          s31 = x1.fma(w3, s31);
          s32 = x2.fma(w3, s32);
          s33 = x3.fma(w3, s33);
          w++;
          at += L;
        }
      }
    }
    store4(s00, s01, s02, s03, relu, y, target);
    store4(s10, s11, s12, s13, relu, y, target + plane);
    store4(s20, s21, s22, s23, relu, y, target + 2 * plane);
    store4(s30, s31, s32, s33, relu, y, target + 3 * plane);
  }

  /**
   * The gradient is itself a convolution with stride 1: of dy, spread out by the stride and padded,
   * with the kernel turned around and its input and output channels exchanged.
   */
  @Override
  public void conv2dInputGradient(
      ConvShape shape,
      float[] dy,
      float[] parameters,
      int weights,
      float[] dx,
      int from,
      int to,
      Scratchpad pad) {
    Window.Geometry g = shape.geometry();
    Planes planes = Planes.forInputGradient(shape.outChannels(), g);
    float[] turned = pad.floats(1, shape.inChannels() * planes.taps());
    turn(shape, parameters, weights, turned);
    float[] spread = pad.floats(0, planes.size(L));
    int outSize = shape.outChannels() * g.outHeight() * g.outWidth() * L;
    int inSize = shape.inChannels() * g.height() * g.width() * L;
    for (int group = from; group < to; group++) {
      planes.pad(dy, group * outSize, spread, L);
      convolve(
          planes,
          shape.inChannels(),
          g.height(),
          g.width(),
          spread,
          0,
          turned,
          0,
          -1,
          false,
          dx,
          group * inSize);
    }
  }

  private static void turn(ConvShape shape, float[] parameters, int weights, float[] turned) {
    int kernel = shape.geometry().kernelHeight() * shape.geometry().kernelWidth();
    for (int o = 0; o < shape.outChannels(); o++) {
      for (int c = 0; c < shape.inChannels(); c++) {
        for (int t = 0; t < kernel; t++) {
          turned[(c * shape.outChannels() + o) * kernel + kernel - 1 - t] =
              parameters[weights + (o * shape.inChannels() + c) * kernel + t];
        }
      }
    }
  }

  @Override
  public void conv2dWeightGradient(
      ConvShape shape,
      float[] x,
      float[] dy,
      float[] gradients,
      int weights,
      int bias,
      int from,
      int to,
      Scratchpad pad) {
    Window.Geometry g = shape.geometry();
    Planes planes = Planes.forConvolution(shape.inChannels(), g);
    int taps = planes.taps();
    int outPlane = g.outHeight() * g.outWidth() * L;
    float[] sums = pad.floats(1, shape.outChannels() * taps * L);
    Arrays.fill(sums, 0, shape.outChannels() * taps * L, 0);
    int rows = Math.max(1, TILE / g.outWidth());
    for (int group = from; group < to; group++) {
      float[] padded = x;
      int begin = group * shape.inChannels() * g.height() * g.width() * L;
      if (planes.padded) {
        padded = pad.floats(0, planes.size(L));
        planes.pad(x, begin, padded, L);
        begin = 0;
      }
      int out = group * shape.outChannels() * outPlane;
      for (int i = 0; i < g.outHeight(); i += rows) {
        weightGradientRows(
            planes,
            shape.outChannels(),
            padded,
            begin,
            dy,
            out,
            outPlane,
            g.outWidth(),
            i,
            Math.min(i + rows, g.outHeight()),
            sums);
      }
    }
    for (int k = 0; k < shape.outChannels() * taps; k++) {
      gradients[weights + k] += sumLanes(sums, k * L);
    }
    if (bias >= 0) {
      addChannelSums(
          shape.outChannels(), g.outHeight() * g.outWidth(), dy, gradients, bias, from, to);
    }
  }

  /** Some rows of the output, all output channels, all taps; sums are vectors [O, C·KH·KW, L]. */
  private static void weightGradientRows(
      Planes planes,
      int outChannels,
      float[] x,
      int begin,
      float[] dy,
      int out,
      int outPlane,
      int outWidth,
      int fromRow,
      int toRow,
      float[] sums) {
    int taps = planes.taps();
    boolean blocks = outChannels >= 4;
    int kernelWidth = planes.kernelWidth;
    for (int o = 0; o < outChannels; o += 4) {
      // A last block that is not full is done channel by channel: moving it back would add twice.
      boolean full = blocks && o + 4 <= outChannels;
      for (int c = 0; c < planes.channels; c++) {
        for (int u = 0; u < planes.kernelHeight; u++) {
          int at =
              begin + ((c * planes.height + fromRow * planes.strideHeight + u) * planes.width) * L;
          int tap = (c * planes.kernelHeight + u) * kernelWidth;
          int y = out + o * outPlane + fromRow * outWidth * L;
          int v = 0;
          for (; full && v + 3 <= kernelWidth; v += 3) {
            gradient4x3(
                planes,
                x,
                at + v * L,
                dy,
                y,
                outPlane,
                outWidth,
                toRow - fromRow,
                sums,
                (o * taps + tap + v) * L,
                taps * L);
          }
          for (; v < kernelWidth; v++) {
            for (int k = o; k < Math.min(o + 4, outChannels); k++) {
              gradient1x1(
                  planes,
                  x,
                  at + v * L,
                  dy,
                  y + (k - o) * outPlane,
                  outWidth,
                  toRow - fromRow,
                  sums,
                  (k * taps + tap + v) * L);
            }
          }
        }
      }
    }
  }

  /** Four output channels and three neighbouring taps over some rows. */
  private static void gradient4x3(
      Planes planes,
      float[] x,
      int at,
      float[] dy,
      int y,
      int outPlane,
      int outWidth,
      int rows,
      float[] sums,
      int s,
      int sumStep) {
    FloatVector s00 = load(sums, s), s01 = load(sums, s + L), s02 = load(sums, s + 2 * L);
    int t = s + sumStep;
    FloatVector s10 = load(sums, t), s11 = load(sums, t + L), s12 = load(sums, t + 2 * L);
    t += sumStep;
    FloatVector s20 = load(sums, t), s21 = load(sums, t + L), s22 = load(sums, t + 2 * L);
    t += sumStep;
    FloatVector s30 = load(sums, t), s31 = load(sums, t + L), s32 = load(sums, t + 2 * L);
    int step = planes.strideWidth * L;
    int rowStep = planes.strideHeight * planes.width * L;
    for (int i = 0; i < rows; i++) {
      int p = at + i * rowStep;
      int q = y + i * outWidth * L;
      for (int j = 0; j < outWidth; j++) {
        FloatVector x0 = load(x, p);
        FloatVector x1 = load(x, p + L);
        FloatVector x2 = load(x, p + 2 * L);
        FloatVector y0 = load(dy, q);
        s00 = x0.fma(y0, s00);
        s01 = x1.fma(y0, s01);
        s02 = x2.fma(y0, s02);
        FloatVector y1 = load(dy, q + outPlane);
        s10 = x0.fma(y1, s10);
        s11 = x1.fma(y1, s11);
        s12 = x2.fma(y1, s12);
        FloatVector y2 = load(dy, q + 2 * outPlane);
        s20 = x0.fma(y2, s20);
        s21 = x1.fma(y2, s21);
        s22 = x2.fma(y2, s22);
        FloatVector y3 = load(dy, q + 3 * outPlane);
        s30 = x0.fma(y3, s30);
        s31 = x1.fma(y3, s31);
        s32 = x2.fma(y3, s32);
        p += step;
        q += L;
      }
    }
    store3(s00, s01, s02, sums, s);
    store3(s10, s11, s12, sums, s + sumStep);
    store3(s20, s21, s22, sums, s + 2 * sumStep);
    store3(s30, s31, s32, sums, s + 3 * sumStep);
  }

  private static void gradient1x1(
      Planes planes,
      float[] x,
      int at,
      float[] dy,
      int y,
      int outWidth,
      int rows,
      float[] sums,
      int s) {
    FloatVector sum = load(sums, s);
    for (int i = 0; i < rows; i++) {
      int p = at + i * planes.strideHeight * planes.width * L;
      int q = y + i * outWidth * L;
      for (int j = 0; j < outWidth; j++) {
        sum = load(x, p).fma(load(dy, q), sum);
        p += planes.strideWidth * L;
        q += L;
      }
    }
    sum.intoArray(sums, s);
  }

  // Dense layers.

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
      int to) {
    for (int o = 0; o < out; o += out >= 8 ? 8 : 1) {
      int unit = out >= 8 ? Math.min(o, out - 8) : o;
      int b = bias < 0 ? -1 : bias + unit;
      for (int g = from; g < to; g++) {
        if (out < 8) {
          product1(
              in, x, g * in * L, parameters, weights + unit, out, b, relu, y, (g * out + unit) * L);
        } else if (g + 2 <= to) {
          product8x2(
              in,
              x,
              g * in * L,
              in * L,
              parameters,
              weights + unit,
              out,
              1,
              b,
              relu,
              y,
              (g * out + unit) * L,
              out * L);
          g++;
        } else {
          for (int k = 0; k < 8; k++) {
            product1(
                in,
                x,
                g * in * L,
                parameters,
                weights + unit + k,
                out,
                b < 0 ? -1 : b + k,
                relu,
                y,
                (g * out + unit + k) * L);
          }
        }
      }
    }
  }

  @Override
  public void denseInputGradient(
      int in, int out, float[] dy, float[] parameters, int weights, float[] dx, int from, int to) {
    for (int i = 0; i < in; i += in >= 8 ? 8 : 1) {
      int unit = in >= 8 ? Math.min(i, in - 8) : i;
      int w = weights + unit * out;
      for (int g = from; g < to; g++) {
        if (in >= 8 && g + 2 <= to) {
          product8x2(
              out,
              dy,
              g * out * L,
              out * L,
              parameters,
              w,
              1,
              out,
              -1,
              false,
              dx,
              (g * in + unit) * L,
              in * L);
          g++;
        } else {
          for (int k = 0; k < (in >= 8 ? 8 : 1); k++) {
            product1(
                out,
                dy,
                g * out * L,
                parameters,
                w + k * out,
                1,
                -1,
                false,
                dx,
                (g * in + unit + k) * L);
          }
        }
      }
    }
  }

  /** One unit of one group: Σ over n inputs of w · x. */
  private static void product1(
      int n,
      float[] x,
      int at,
      float[] parameters,
      int w,
      int wStep,
      int bias,
      boolean relu,
      float[] y,
      int target) {
    FloatVector sum = broadcast(bias < 0 ? 0 : parameters[bias]);
    for (int k = 0; k < n; k++) {
      sum = load(x, at).fma(broadcast(parameters[w]), sum);
      at += L;
      w += wStep;
    }
    store(sum, relu, y, target);
  }

  /**
   * Eight units of two groups.
   *
   * @param n how many inputs are summed over
   * @param xStep from one group's inputs to the other's
   * @param wStep from one input's weight to the next
   * @param unitStep from one unit's weight to the next
   * @param yStep from one group's outputs to the other's
   */
  private static void product8x2(
      int n,
      float[] x,
      int at,
      int xStep,
      float[] parameters,
      int w,
      int wStep,
      int unitStep,
      int bias,
      boolean relu,
      float[] y,
      int target,
      int yStep) {
    FloatVector s0 = broadcast(bias < 0 ? 0 : parameters[bias]), t0 = s0;
    FloatVector s1 = broadcast(bias < 0 ? 0 : parameters[bias + 1]), t1 = s1;
    FloatVector s2 = broadcast(bias < 0 ? 0 : parameters[bias + 2]), t2 = s2;
    FloatVector s3 = broadcast(bias < 0 ? 0 : parameters[bias + 3]), t3 = s3;
    FloatVector s4 = broadcast(bias < 0 ? 0 : parameters[bias + 4]), t4 = s4;
    FloatVector s5 = broadcast(bias < 0 ? 0 : parameters[bias + 5]), t5 = s5;
    FloatVector s6 = broadcast(bias < 0 ? 0 : parameters[bias + 6]), t6 = s6;
    FloatVector s7 = broadcast(bias < 0 ? 0 : parameters[bias + 7]), t7 = s7;
    for (int k = 0; k < n; k++) {
      FloatVector x0 = load(x, at);
      FloatVector x1 = load(x, at + xStep);
      FloatVector w0 = broadcast(parameters[w]);
      s0 = x0.fma(w0, s0);
      t0 = x1.fma(w0, t0);
      FloatVector w1 = broadcast(parameters[w + unitStep]);
      s1 = x0.fma(w1, s1);
      t1 = x1.fma(w1, t1);
      FloatVector w2 = broadcast(parameters[w + 2 * unitStep]);
      s2 = x0.fma(w2, s2);
      t2 = x1.fma(w2, t2);
      FloatVector w3 = broadcast(parameters[w + 3 * unitStep]);
      s3 = x0.fma(w3, s3);
      t3 = x1.fma(w3, t3);
      FloatVector w4 = broadcast(parameters[w + 4 * unitStep]);
      s4 = x0.fma(w4, s4);
      t4 = x1.fma(w4, t4);
      FloatVector w5 = broadcast(parameters[w + 5 * unitStep]);
      s5 = x0.fma(w5, s5);
      t5 = x1.fma(w5, t5);
      FloatVector w6 = broadcast(parameters[w + 6 * unitStep]);
      s6 = x0.fma(w6, s6);
      t6 = x1.fma(w6, t6);
      FloatVector w7 = broadcast(parameters[w + 7 * unitStep]);
      s7 = x0.fma(w7, s7);
      t7 = x1.fma(w7, t7);
      at += L;
      w += wStep;
    }
    store4(s0, s1, s2, s3, relu, y, target);
    store4(s4, s5, s6, s7, relu, y, target + 4 * L);
    store4(t0, t1, t2, t3, relu, y, target + yStep);
    store4(t4, t5, t6, t7, relu, y, target + yStep + 4 * L);
  }

  /**
   * With many outputs, dy is transposed to [n, out] and vectors run along the outputs; with few,
   * vectors run along the images and are summed up at the end.
   */
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
    int wide = out / (4 * L) * (4 * L);
    float[] transposed = pad.floats(2, groups * L * 4 * L);
    for (int o = 0; o < wide; o += 4 * L) {
      transpose(out, o, dy, groups, transposed);
      for (int i = fromRow; i < toRow; i += 4) {
        if (i + 4 <= toRow) {
          outer4x4(in, i, x, transposed, groups, gradients, weights + i * out + o, out);
        } else {
          for (int k = i; k < toRow; k++) {
            outer1x4(in, k, x, transposed, groups, gradients, weights + k * out + o);
          }
        }
      }
    }
    for (int i = fromRow; i < toRow; i++) {
      for (int o = wide; o < out; o++) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int g = 0; g < groups; g++) {
          sum = load(x, (g * in + i) * L).fma(load(dy, (g * out + o) * L), sum);
        }
        sum.intoArray(transposed, 0);
        gradients[weights + i * out + o] = sumLanes(transposed, 0);
      }
    }
  }

  /** Columns o to o + 4L of dy as [n, 4L]. */
  private static void transpose(int out, int o, float[] dy, int groups, float[] transposed) {
    int width = 4 * L;
    for (int g = 0; g < groups; g++) {
      for (int k = 0; k < width; k++) {
        int at = (g * out + o + k) * L;
        for (int l = 0; l < L; l++) {
          transposed[(g * L + l) * width + k] = dy[at + l];
        }
      }
    }
  }

  private static void outer4x4(
      int in, int i, float[] x, float[] rows, int groups, float[] dw, int target, int out) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector s00 = zero, s01 = zero, s02 = zero, s03 = zero;
    FloatVector s10 = zero, s11 = zero, s12 = zero, s13 = zero;
    FloatVector s20 = zero, s21 = zero, s22 = zero, s23 = zero;
    FloatVector s30 = zero, s31 = zero, s32 = zero, s33 = zero;
    int row = 0;
    for (int g = 0; g < groups; g++) {
      int at = (g * in + i) * L;
      for (int l = 0; l < L; l++) {
        FloatVector y0 = load(rows, row);
        FloatVector y1 = load(rows, row + L);
        FloatVector y2 = load(rows, row + 2 * L);
        FloatVector y3 = load(rows, row + 3 * L);
        FloatVector x0 = broadcast(x[at + l]);
        s00 = y0.fma(x0, s00);
        s01 = y1.fma(x0, s01);
        s02 = y2.fma(x0, s02);
        s03 = y3.fma(x0, s03);
        FloatVector x1 = broadcast(x[at + L + l]);
        s10 = y0.fma(x1, s10);
        s11 = y1.fma(x1, s11);
        s12 = y2.fma(x1, s12);
        s13 = y3.fma(x1, s13);
        FloatVector x2 = broadcast(x[at + 2 * L + l]);
        s20 = y0.fma(x2, s20);
        s21 = y1.fma(x2, s21);
        s22 = y2.fma(x2, s22);
        s23 = y3.fma(x2, s23);
        FloatVector x3 = broadcast(x[at + 3 * L + l]);
        s30 = y0.fma(x3, s30);
        s31 = y1.fma(x3, s31);
        s32 = y2.fma(x3, s32);
        s33 = y3.fma(x3, s33);
        row += 4 * L;
      }
    }
    store4(s00, s01, s02, s03, false, dw, target);
    store4(s10, s11, s12, s13, false, dw, target + out);
    store4(s20, s21, s22, s23, false, dw, target + 2 * out);
    store4(s30, s31, s32, s33, false, dw, target + 3 * out);
  }

  private static void outer1x4(
      int in, int i, float[] x, float[] rows, int groups, float[] dw, int target) {
    FloatVector s0 = FloatVector.zero(SPECIES), s1 = s0, s2 = s0, s3 = s0;
    int row = 0;
    for (int g = 0; g < groups; g++) {
      for (int l = 0; l < L; l++) {
        FloatVector x0 = broadcast(x[(g * in + i) * L + l]);
        s0 = load(rows, row).fma(x0, s0);
        s1 = load(rows, row + L).fma(x0, s1);
        s2 = load(rows, row + 2 * L).fma(x0, s2);
        s3 = load(rows, row + 3 * L).fma(x0, s3);
        row += 4 * L;
      }
    }
    store4(s0, s1, s2, s3, false, dw, target);
  }

  // Sums, pooling and element-wise loops.

  @Override
  public void addChannelSums(
      int channels, int plane, float[] dy, float[] sums, int begin, int from, int to) {
    for (int c = 0; c < channels; c++) {
      FloatVector sum = FloatVector.zero(SPECIES);
      for (int g = from; g < to; g++) {
        int at = (g * channels + c) * plane * L;
        for (int end = at + plane * L; at < end; at += L) {
          sum = sum.add(load(dy, at));
        }
      }
      sums[begin + c] += sumLanes(sum);
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
      int to) {
    for (int c = 0; c < channels; c++) {
      FloatVector sum = FloatVector.zero(SPECIES);
      FloatVector p = broadcast(aShift[c]);
      FloatVector q = broadcast(bShift[c]);
      for (int g = from; g < to; g++) {
        int at = (g * channels + c) * plane * L;
        for (int end = at + plane * L; at < end; at += L) {
          sum = load(a, at).sub(p).fma(load(b, at).sub(q), sum);
        }
      }
      sums[begin + c] += sumLanes(sum);
    }
  }

  @Override
  public void maxPool2d(int channels, Window.Geometry g, float[] x, float[] y, int from, int to) {
    for (int plane = from * channels; plane < to * channels; plane++) {
      int in = plane * g.height() * g.width() * L;
      int out = plane * g.outHeight() * g.outWidth() * L;
      for (int i = 0; i < g.outHeight(); i++) {
        maxRow(g, x, in, i, y, out + i * g.outWidth() * L);
      }
    }
  }

  private static void maxRow(Window.Geometry g, float[] x, int in, int i, float[] y, int out) {
    int top = Math.max(g.row(i), 0);
    int bottom = Math.min(g.row(i) + g.kernelHeight(), g.height());
    for (int j = 0; j < g.outWidth(); j++) {
      int left = Math.max(g.column(j), 0);
      int right = Math.min(g.column(j) + g.kernelWidth(), g.width());
      FloatVector max = load(x, in + (top * g.width() + left) * L);
      for (int row = top; row < bottom; row++) {
        for (int column = left; column < right; column++) {
          max = max.max(load(x, in + (row * g.width() + column) * L));
        }
      }
      max.intoArray(y, out + j * L);
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
      int out = plane * g.outHeight() * g.outWidth() * L;
      for (int i = 0; i < g.outHeight(); i++) {
        maxRowGradient(g, x, in, i, y, dy, dx, out + i * g.outWidth() * L);
      }
    }
  }

  /**
   * Each lane's gradient goes to the first position that equals the maximum; {@code rest} is what
   * has not found its place yet.
   */
  private static void maxRowGradient(
      Window.Geometry g, float[] x, int in, int i, float[] y, float[] dy, float[] dx, int out) {
    int top = Math.max(g.row(i), 0);
    int bottom = Math.min(g.row(i) + g.kernelHeight(), g.height());
    FloatVector zero = FloatVector.zero(SPECIES);
    for (int j = 0; j < g.outWidth(); j++) {
      int left = Math.max(g.column(j), 0);
      int right = Math.min(g.column(j) + g.kernelWidth(), g.width());
      FloatVector max = load(y, out + j * L);
      FloatVector rest = load(dy, out + j * L);
      for (int row = top; row < bottom; row++) {
        for (int column = left; column < right; column++) {
          int at = in + (row * g.width() + column) * L;
          var here = load(x, at).compare(VectorOperators.EQ, max);
          load(dx, at).add(zero.blend(rest, here)).intoArray(dx, at);
          rest = rest.blend(zero, here);
        }
      }
    }
  }

  @Override
  public void scaleShift(
      float[] x, float scale, float shift, boolean relu, float[] y, int begin, int end) {
    FloatVector a = broadcast(scale);
    FloatVector b = broadcast(shift);
    for (int i = begin; i < end; i += L) {
      store(load(x, i).fma(a, b), relu, y, i);
    }
  }

  @Override
  public void reluGradient(float[] y, float[] dy, int begin, int end) {
    FloatVector zero = FloatVector.zero(SPECIES);
    for (int i = begin; i < end; i += L) {
      load(dy, i).blend(zero, load(y, i).compare(VectorOperators.LE, zero)).intoArray(dy, i);
    }
  }

  @Override
  public double addPenalty(
      float[] parameters, float[] gradients, int begin, int end, float l1, float l2) {
    FloatVector absolute = FloatVector.zero(SPECIES);
    FloatVector squares = FloatVector.zero(SPECIES);
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector plus = broadcast(l1);
    FloatVector minus = broadcast(-l1);
    FloatVector factor = broadcast(l2);
    int i = begin;
    for (; i + L <= end; i += L) {
      FloatVector w = load(parameters, i);
      absolute = absolute.add(w.abs());
      squares = w.fma(w, squares);
      FloatVector sign =
          zero.blend(plus, w.compare(VectorOperators.GT, zero))
              .blend(minus, w.compare(VectorOperators.LT, zero));
      w.fma(factor, sign).add(load(gradients, i)).intoArray(gradients, i);
    }
    double penalty = (double) l1 * sumLanes(absolute) + l2 / 2.0 * sumLanes(squares);
    for (; i < end; i++) {
      double w = parameters[i];
      penalty += l1 * Math.abs(w) + l2 / 2.0 * w * w;
      gradients[i] += (float) (l1 * Math.signum(w) + l2 * w);
    }
    return penalty;
  }

  private static FloatVector load(float[] a, int at) {
    return FloatVector.fromArray(SPECIES, a, at);
  }

  private static FloatVector broadcast(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }

  private static void store(FloatVector v, boolean relu, float[] y, int at) {
    (relu ? v.max(0) : v).intoArray(y, at);
  }

  private static void store3(FloatVector a, FloatVector b, FloatVector c, float[] y, int at) {
    a.intoArray(y, at);
    b.intoArray(y, at + L);
    c.intoArray(y, at + 2 * L);
  }

  private static void store4(
      FloatVector a, FloatVector b, FloatVector c, FloatVector d, boolean relu, float[] y, int at) {
    store(a, relu, y, at);
    store(b, relu, y, at + L);
    store(c, relu, y, at + 2 * L);
    store(d, relu, y, at + 3 * L);
  }

  /** In a fixed order, which {@code reduceLanes} does not promise. */
  private static float sumLanes(float[] a, int at) {
    float sum = 0;
    for (int l = 0; l < L; l++) {
      sum += a[at + l];
    }
    return sum;
  }

  private static float sumLanes(FloatVector v) {
    return sumLanes(v.toArray(), 0);
  }
}
