package cnnlab.scratch.kernel;

import java.util.Arrays;

/** Equation (1) of the report and its gradients, as plain loops over [N, C, H, W]. */
final class ReferenceConvolution {
  private ReferenceConvolution() {}

  /** Equation (1) of the report, as {@code Conv2d} quotes it. */
  static void forward(
      ConvolutionGeometry shape,
      float[] x,
      float[] parameters,
      int weights,
      int bias,
      boolean relu,
      float[] y,
      int from,
      int to) {
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
            float z = (float) correlate(shape, b, x, n * inSize, parameters, w, i, j);
            y[out + i * shape.geometry().outWidth() + j] = relu ? Math.max(z, 0) : z;
          }
        }
      }
    }
  }

  /** b + Σ over c, u, v of w[c, u, v] · x[c, row + u·d, column + v·d], where x is 0 outside. */
  private static double correlate(
      ConvolutionGeometry shape,
      float b,
      float[] x,
      int image,
      float[] parameters,
      int w,
      int i,
      int j) {
    Window.Geometry g = shape.geometry();
    double sum = b;
    for (int c = 0; c < shape.inChannels(); c++) {
      for (int u = 0; u < g.kernelHeight(); u++) {
        int row = g.row(i) + u * g.dilationHeight();
        for (int v = 0; v < g.kernelWidth(); v++) {
          int column = g.column(j) + v * g.dilationWidth();
          boolean inside = row >= 0 && row < g.height() && column >= 0 && column < g.width();
          double value = inside ? x[image + (c * g.height() + row) * g.width() + column] : 0;
          sum += parameters[w + (c * g.kernelHeight() + u) * g.kernelWidth() + v] * value;
        }
      }
    }
    return sum;
  }

  /** See {@link Kernels#conv2dInputGradient}. */
  static void inputGradient(
      ConvolutionGeometry shape,
      float[] dy,
      float[] parameters,
      int weights,
      float[] dx,
      int from,
      int to) {
    int size = shape.inChannels() * shape.geometry().height() * shape.geometry().width();
    Arrays.fill(dx, from * size, to * size, 0);
    forEachProduct(shape, from, to, (w, x, y) -> dx[x] += parameters[weights + w] * dy[y]);
  }

  /** See {@link Kernels#conv2dWeightGradient}; the bias apart. */
  static void addWeightGradient(
      ConvolutionGeometry shape,
      float[] x,
      float[] dy,
      float[] gradients,
      int weights,
      int from,
      int to) {
    forEachProduct(shape, from, to, (w, in, out) -> gradients[weights + w] += x[in] * dy[out]);
  }

  /**
   * One product w · x that equation (1) adds to an output y; the three positions in their tensors.
   */
  private interface Product {
    void at(int w, int x, int y);
  }

  /** Goes through all products of equation (1); gradients are sums over the same ones. */
  private static void forEachProduct(ConvolutionGeometry shape, int from, int to, Product product) {
    Window.Geometry g = shape.geometry();
    for (int n = from; n < to; n++) {
      for (int o = 0; o < shape.outChannels(); o++) {
        for (int i = 0; i < g.outHeight(); i++) {
          for (int j = 0; j < g.outWidth(); j++) {
            int y = ((n * shape.outChannels() + o) * g.outHeight() + i) * g.outWidth() + j;
            for (int c = 0; c < shape.inChannels(); c++) {
              for (int u = 0; u < g.kernelHeight(); u++) {
                int row = g.row(i) + u * g.dilationHeight();
                if (row < 0 || row >= g.height()) {
                  continue;
                }
                for (int v = 0; v < g.kernelWidth(); v++) {
                  int column = g.column(j) + v * g.dilationWidth();
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
}
