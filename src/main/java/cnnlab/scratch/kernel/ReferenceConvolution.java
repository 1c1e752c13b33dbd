package cnnlab.scratch.kernel;

import java.util.Arrays;

/** Equation (1) of the report and its gradients, as plain loops over [N, C, H, W]. */
final class ReferenceConvolution {
  private ReferenceConvolution() {}

  /** Equation (1) of the report, as {@code Conv2d} quotes it. */
  static void forward(
      ConvolutionGeometry shape,
      WeightsAndBias parameters,
      boolean relu,
      float[] x,
      float[] y,
      Range images) {
    Window.Geometry g = shape.geometry();
    for (int n = images.from(); n < images.to(); n++) {
      for (int o = 0; o < shape.outChannels(); o++) {
        int out = (n * shape.outChannels() + o) * g.outHeight() * g.outWidth();
        for (int i = 0; i < g.outHeight(); i++) {
          for (int j = 0; j < g.outWidth(); j++) {
            float z = (float) correlate(shape, parameters, x, n, o, i, j);
            y[out + i * g.outWidth() + j] = relu ? Math.max(z, 0) : z;
          }
        }
      }
    }
  }

  /**
   * b[o] + Σ over c, u, v of w[o, c, u, v] · x[n, c, row + u·d, column + v·d], where x is 0 outside
   * the image.
   */
  private static double correlate(
      ConvolutionGeometry shape, WeightsAndBias parameters, float[] x, int n, int o, int i, int j) {
    Window.Geometry g = shape.geometry();
    double sum = parameters.hasBias() ? parameters.values()[parameters.bias() + o] : 0;
    for (int c = 0; c < shape.inChannels(); c++) {
      int weights = parameters.weights() + shape.weight(o, c);
      int plane = (n * shape.inChannels() + c) * g.height() * g.width();
      for (int u = 0; u < g.kernelHeight(); u++) {
        int row = g.row(i) + u * g.dilationHeight();
        for (int v = 0; v < g.kernelWidth(); v++) {
          int column = g.column(j) + v * g.dilationWidth();
          boolean inside = row >= 0 && row < g.height() && column >= 0 && column < g.width();
          double value = inside ? x[plane + row * g.width() + column] : 0;
          sum += parameters.values()[weights + u * g.kernelWidth() + v] * value;
        }
      }
    }
    return sum;
  }

  /** See {@link Kernels#conv2dInputGradient}. */
  static void inputGradient(
      ConvolutionGeometry shape, WeightsAndBias parameters, float[] dy, float[] dx, Range images) {
    int size = shape.inChannels() * shape.geometry().height() * shape.geometry().width();
    Arrays.fill(dx, images.from() * size, images.to() * size, 0);
    float[] weights = parameters.values();
    int begin = parameters.weights();
    forEachProduct(shape, images, (w, x, y) -> dx[x] += weights[begin + w] * dy[y]);
  }

  /** See {@link Kernels#conv2dWeightGradient}; without the bias. */
  static void addWeightGradient(
      ConvolutionGeometry shape, float[] x, float[] dy, WeightsAndBias gradients, Range images) {
    float[] dw = gradients.values();
    int begin = gradients.weights();
    forEachProduct(shape, images, (w, in, out) -> dw[begin + w] += x[in] * dy[out]);
  }

  /**
   * One product w · x that equation (1) adds to an output y. Receives the positions of the three in
   * their tensors.
   */
  private interface Product {
    void at(int w, int x, int y);
  }

  /** Visits all products of equation (1); the gradients are sums over the same products. */
  private static void forEachProduct(ConvolutionGeometry shape, Range images, Product product) {
    Window.Geometry g = shape.geometry();
    for (int n = images.from(); n < images.to(); n++) {
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
                    int w = shape.weight(o, c) + u * g.kernelWidth() + v;
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
