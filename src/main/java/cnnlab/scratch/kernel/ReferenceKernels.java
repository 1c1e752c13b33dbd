package cnnlab.scratch.kernel;

import cnnlab.scratch.kernel.Kernels.Shifted;
import java.util.Arrays;

/**
 * The plain loops: one image after another, tensors as plain [N, C, H, W]. They are written to be
 * checked by eye; every faster kernel is tested against them.
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
      WeightsAndBias parameters,
      boolean relu,
      float[] x,
      float[] y,
      Range groups,
      Scratchpad pad) {
    ReferenceConvolution.forward(shape, parameters, relu, x, y, groups);
  }

  @Override
  public void conv2dInputGradient(
      ConvolutionGeometry shape,
      WeightsAndBias parameters,
      float[] dy,
      float[] dx,
      Range groups,
      Scratchpad pad) {
    ReferenceConvolution.inputGradient(shape, parameters, dy, dx, groups);
  }

  @Override
  public void conv2dWeightGradient(
      ConvolutionGeometry shape,
      float[] x,
      float[] dy,
      WeightsAndBias gradients,
      Range groups,
      Scratchpad pad) {
    ReferenceConvolution.addWeightGradient(shape, x, dy, gradients, groups);
    if (gradients.hasBias()) {
      int plane = shape.geometry().outHeight() * shape.geometry().outWidth();
      ChannelShape out = new ChannelShape(shape.outChannels(), plane);
      addChannelSums(out, dy, gradients.values(), gradients.bias(), groups, pad);
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
    int in = shape.in();
    int out = shape.out();
    float[] w = parameters.values();
    for (int n = groups.from(); n < groups.to(); n++) {
      for (int o = 0; o < out; o++) {
        double sum = parameters.hasBias() ? w[parameters.bias() + o] : 0;
        for (int i = 0; i < in; i++) {
          sum += (double) w[parameters.weights() + i * out + o] * x[n * in + i];
        }
        float z = (float) sum;
        y[n * out + o] = relu ? Math.max(z, 0) : z;
      }
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
    int in = shape.in();
    int out = shape.out();
    float[] w = parameters.values();
    for (int n = groups.from(); n < groups.to(); n++) {
      for (int i = 0; i < in; i++) {
        double sum = 0;
        for (int o = 0; o < out; o++) {
          sum += (double) w[parameters.weights() + i * out + o] * dy[n * out + o];
        }
        dx[n * in + i] = (float) sum;
      }
    }
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
    int in = shape.in();
    int out = shape.out();
    for (int i = rows.from(); i < rows.to(); i++) {
      for (int o = 0; o < out; o++) {
        double sum = 0;
        for (int n = 0; n < groups; n++) {
          sum += (double) x[n * in + i] * dy[n * out + o];
        }
        gradients.values()[gradients.weights() + i * out + o] = (float) sum;
      }
    }
  }

  @Override
  public void addChannelSums(
      ChannelShape shape, float[] x, float[] sums, int begin, Range groups, Scratchpad pad) {
    for (int c = 0; c < shape.channels(); c++) {
      double sum = 0;
      for (int n = groups.from(); n < groups.to(); n++) {
        for (int p = 0; p < shape.plane(); p++) {
          sum += x[(n * shape.channels() + c) * shape.plane() + p];
        }
      }
      sums[begin + c] += (float) sum;
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
    for (int c = 0; c < shape.channels(); c++) {
      double aShift = a.shifts()[c];
      double bShift = b.shifts()[c];
      double sum = 0;
      for (int n = groups.from(); n < groups.to(); n++) {
        for (int p = 0; p < shape.plane(); p++) {
          int at = (n * shape.channels() + c) * shape.plane() + p;
          sum += (a.values()[at] - aShift) * (b.values()[at] - bShift);
        }
      }
      sums[begin + c] += (float) sum;
    }
  }

  @Override
  public void maxPool2d(int channels, Window.Geometry g, float[] x, float[] y, Range groups) {
    for (int plane = groups.from() * channels; plane < groups.to() * channels; plane++) {
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
      int channels, Window.Geometry g, float[] x, float[] y, float[] dy, float[] dx, Range groups) {
    for (int plane = groups.from() * channels; plane < groups.to() * channels; plane++) {
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
   * The position (row · W + column) of the first largest value under a window; ordered as by {@link
   * Math#max(float, float)}: NaN is largest, and 0 is larger than −0.
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
