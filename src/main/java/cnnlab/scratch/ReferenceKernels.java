package cnnlab.scratch;

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
}
