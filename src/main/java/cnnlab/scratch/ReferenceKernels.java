package cnnlab.scratch;

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

  /** Equation (1) of the report, as {@link Conv2d} quotes it. */
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
    int outPlane = shape.geometry().outHeight() * shape.geometry().outWidth();
    int inSize = shape.inChannels() * shape.geometry().height() * shape.geometry().width();
    int kernelSize = shape.geometry().kernelHeight() * shape.geometry().kernelWidth();
    for (int n = from; n < to; n++) {
      for (int o = 0; o < shape.outChannels(); o++) {
        float b = bias < 0 ? 0 : parameters[bias + o];
        int w = weights + o * shape.inChannels() * kernelSize;
        int out = (n * shape.outChannels() + o) * outPlane;
        for (int i = 0; i < shape.geometry().outHeight(); i++) {
          for (int j = 0; j < shape.geometry().outWidth(); j++) {
            float z = (float) (b + correlate(shape, x, n * inSize, parameters, w, i, j));
            y[out + i * shape.geometry().outWidth() + j] = relu ? Math.max(z, 0) : z;
          }
        }
      }
    }
  }

  /** Σ over c, u, v of w[c, u, v] · x[c, row + u, column + v], zero outside the image. */
  private static double correlate(
      ConvShape shape, float[] x, int image, float[] parameters, int w, int i, int j) {
    Window.Geometry g = shape.geometry();
    double sum = 0;
    for (int c = 0; c < shape.inChannels(); c++) {
      for (int u = 0; u < g.kernelHeight(); u++) {
        int row = g.row(i) + u;
        if (row < 0 || row >= g.height()) {
          continue;
        }
        for (int v = 0; v < g.kernelWidth(); v++) {
          int column = g.column(j) + v;
          if (column >= 0 && column < g.width()) {
            sum +=
                (double) parameters[w + (c * g.kernelHeight() + u) * g.kernelWidth() + v]
                    * x[image + (c * g.height() + row) * g.width() + column];
          }
        }
      }
    }
    return sum;
  }

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
    int size = shape.inChannels() * shape.geometry().height() * shape.geometry().width();
    Arrays.fill(dx, from * size, to * size, 0);
    forEachProduct(shape, from, to, (w, x, y) -> dx[x] += parameters[weights + w] * dy[y]);
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
    forEachProduct(shape, from, to, (w, in, out) -> gradients[weights + w] += x[in] * dy[out]);
    if (bias >= 0) {
      int outPlane = shape.geometry().outHeight() * shape.geometry().outWidth();
      addChannelSums(shape.outChannels(), outPlane, dy, gradients, bias, from, to, pad);
    }
  }

  /**
   * One product w · x that equation (1) adds to an output y; the three positions in their tensors.
   */
  private interface Product {
    void at(int w, int x, int y);
  }

  /** Goes through all products of equation (1); gradients are sums over the same ones. */
  private static void forEachProduct(ConvShape shape, int from, int to, Product product) {
    Window.Geometry g = shape.geometry();
    for (int n = from; n < to; n++) {
      for (int o = 0; o < shape.outChannels(); o++) {
        for (int i = 0; i < g.outHeight(); i++) {
          for (int j = 0; j < g.outWidth(); j++) {
            int y = ((n * shape.outChannels() + o) * g.outHeight() + i) * g.outWidth() + j;
            for (int c = 0; c < shape.inChannels(); c++) {
              for (int u = 0; u < g.kernelHeight(); u++) {
                int row = g.row(i) + u;
                if (row < 0 || row >= g.height()) {
                  continue;
                }
                for (int v = 0; v < g.kernelWidth(); v++) {
                  int column = g.column(j) + v;
                  if (column >= 0 && column < g.width()) {
                    int w =
                        ((o * shape.inChannels() + c) * g.kernelHeight() + u) * g.kernelWidth() + v;
                    int x = ((n * shape.inChannels() + c) * g.height() + row) * g.width() + column;
                    product.at(w, x, y);
                  }
                }
              }
            }
          }
        }
      }
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

  /** The position (row · W + column) of the first largest value under a window. */
  private static int largest(Window.Geometry g, float[] x, int plane, int i, int j) {
    int best = -1;
    for (int row = Math.max(g.row(i), 0);
        row < Math.min(g.row(i) + g.kernelHeight(), g.height());
        row++) {
      for (int column = Math.max(g.column(j), 0);
          column < Math.min(g.column(j) + g.kernelWidth(), g.width());
          column++) {
        int at = row * g.width() + column;
        if (best < 0 || x[plane + at] > x[plane + best]) {
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
      float z = scale * x[i] + shift;
      y[i] = relu ? Math.max(z, 0) : z;
    }
  }

  @Override
  public void reluGradient(float[] y, float[] dy, int begin, int end) {
    for (int i = begin; i < end; i++) {
      dy[i] = y[i] > 0 ? dy[i] : 0;
    }
  }

  @Override
  public double addPenalty(
      float[] parameters, float[] gradients, int begin, int end, float l1, float l2) {
    double penalty = 0;
    for (int i = begin; i < end; i++) {
      double w = parameters[i];
      penalty += l1 * Math.abs(w) + l2 / 2.0 * w * w;
      gradients[i] += (float) (l1 * Math.signum(w) + l2 * w);
    }
    return penalty;
  }
}
