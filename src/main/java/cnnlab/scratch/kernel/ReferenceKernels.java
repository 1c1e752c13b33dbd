package cnnlab.scratch.kernel;

import java.util.Arrays;

/**
 * The plain loops: one image after another, tensors as plain [N, C, H, W]. They are written to be
 * checked by eye and are what every faster kernel is tested against.
 */
public final class ReferenceKernels implements Kernels {

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public int lanes() {
    return 1;
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
    ReferenceConvolution.forward(shape, x, parameters, weights, bias, relu, y, from, to);
  }

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
    ReferenceConvolution.inputGradient(shape, dy, parameters, weights, dx, from, to);
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
    ReferenceConvolution.addWeightGradient(shape, x, dy, gradients, weights, from, to);
    if (bias >= 0) {
      int outPlane = shape.geometry().outHeight() * shape.geometry().outWidth();
      addChannelSums(shape.outChannels(), outPlane, dy, gradients, bias, from, to, pad);
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
    for (int n = from; n < to; n++) {
      for (int o = 0; o < out; o++) {
        double sum = bias < 0 ? 0 : parameters[bias + o];
        for (int f = 0; f < in; f++) {
          sum += (double) parameters[weights + f * out + o] * x[n * in + f];
        }
        float z = (float) sum;
        y[n * out + o] = relu ? Math.max(z, 0) : z;
      }
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
    for (int n = from; n < to; n++) {
      for (int i = 0; i < in; i++) {
        double sum = 0;
        for (int o = 0; o < out; o++) {
          sum += (double) parameters[weights + i * out + o] * dy[n * out + o];
        }
        dx[n * in + i] = (float) sum;
      }
    }
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
    for (int i = fromRow; i < toRow; i++) {
      for (int o = 0; o < out; o++) {
        double sum = 0;
        for (int n = 0; n < groups; n++) {
          sum += (double) x[n * in + i] * dy[n * out + o];
        }
        gradients[weights + i * out + o] = (float) sum;
      }
    }
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
    for (int c = 0; c < channels; c++) {
      double sum = 0;
      for (int n = from; n < to; n++) {
        for (int p = 0; p < plane; p++) {
          sum += dy[(n * channels + c) * plane + p];
        }
      }
      sums[begin + c] += (float) sum;
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
    for (int c = 0; c < channels; c++) {
      double sum = 0;
      for (int n = from; n < to; n++) {
        for (int p = 0; p < plane; p++) {
          int at = (n * channels + c) * plane + p;
          sum += ((double) a[at] - aShift[c]) * ((double) b[at] - bShift[c]);
        }
      }
      sums[begin + c] += (float) sum;
    }
  }

  @Override
  public void maxPool2d(int channels, Window.Geometry g, float[] x, float[] y, int from, int to) {
    for (int plane = from * channels; plane < to * channels; plane++) {
      int in = plane * g.height() * g.width();
      int out = plane * g.outHeight() * g.outWidth();
      for (int i = 0; i < g.outHeight(); i++) {
        for (int j = 0; j < g.outWidth(); j++) {
          y[out + i * g.outWidth() + j] = x[in + largest(g, x, in, i, j)];
        }
      }
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
    for (int plane = from * channels; plane < to * channels; plane++) {
      int in = plane * g.height() * g.width();
      int out = plane * g.outHeight() * g.outWidth();
      Arrays.fill(dx, in, in + g.height() * g.width(), 0);
      for (int i = 0; i < g.outHeight(); i++) {
        for (int j = 0; j < g.outWidth(); j++) {
          dx[in + largest(g, x, in, i, j)] += dy[out + i * g.outWidth() + j];
        }
      }
    }
  }

  /**
   * The position (row · W + column) of the first largest value under a window; NaN is larger than
   * all, and 0 than −0, as {@link Math#max(float, float)} has it.
   */
  private static int largest(Window.Geometry g, float[] x, int plane, int i, int j) {
    int best = -1;
    for (int row = Math.max(g.row(i), 0);
        row < Math.min(g.row(i) + g.kernelHeight(), g.height());
        row++) {
      for (int column = Math.max(g.column(j), 0);
          column < Math.min(g.column(j) + g.kernelWidth(), g.width());
          column++) {
        int at = row * g.width() + column;
        if (best < 0 || Float.compare(x[plane + at], x[plane + best]) > 0) {
          best = at;
        }
      }
    }
    return best;
  }

  @Override
  public void scaleShift(
      float[] x, float scale, float shift, boolean relu, float[] y, int begin, int end) {
    for (int i = begin; i < end; i++) {
      float z = (float) ((double) scale * x[i] + shift);
      y[i] = relu ? Math.max(z, 0) : z;
    }
  }

  @Override
  public void reluGradient(float[] y, float[] dy, int begin, int end) {
    for (int i = begin; i < end; i++) {
      dy[i] = y[i] == 0 ? 0 : dy[i];
    }
  }

  @Override
  public double addPenalty(
      float[] parameters, float[] gradients, int begin, int end, float l1, float l2) {
    for (int i = begin; i < end; i++) {
      double w = parameters[i];
      gradients[i] += (float) (l1 * Math.signum(w) + l2 * w);
    }
    return penalty(parameters, begin, end, l1, l2);
  }

  /** l1·Σ|w| + l2/2·Σw². */
  static double penalty(float[] parameters, int begin, int end, float l1, float l2) {
    double penalty = 0;
    for (int i = begin; i < end; i++) {
      double w = parameters[i];
      penalty += l1 * Math.abs(w) + l2 / 2.0 * w * w;
    }
    return penalty;
  }
}
