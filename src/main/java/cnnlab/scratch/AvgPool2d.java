package cnnlab.scratch;

import java.util.Arrays;
import java.util.List;

/**
 * Mean over each window. Input [N, C, H, W], output [N, C, OH, OW].
 *
 * @param window window size, stride and padding
 * @param countPadding whether padded positions count in the divisor; Keras, and DL4J unless told
 *     otherwise, leave them out
 */
public record AvgPool2d(Window window, boolean countPadding) implements Layer {

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Shape in = Layer.single(this, inputs);
    Window.Geometry g = window.on(in.height(), in.width());
    return new Shape(in.channels(), g.outHeight(), g.outWidth());
  }

  @Override
  public void forward(Pass pass) {
    Shape in = pass.inShape();
    Window.Geometry g = window.on(in.height(), in.width());
    int lanes = pass.kernels.lanes();
    int channels = in.channels();
    float[] x = pass.input();
    float[] y = pass.output;
    for (int plane = pass.from * channels; plane < pass.to * channels; plane++) {
      int inPlane = plane * in.plane() * lanes;
      int outPlane = plane * g.outHeight() * g.outWidth() * lanes;
      for (int i = 0; i < g.outHeight(); i++) {
        for (int j = 0; j < g.outWidth(); j++) {
          int at = outPlane + (i * g.outWidth() + j) * lanes;
          Area area = area(g, i, j);
          Arrays.fill(y, at, at + lanes, 0);
          for (int row = area.top; row < area.bottom; row++) {
            for (int column = area.left; column < area.right; column++) {
              int from = inPlane + (row * g.width() + column) * lanes;
              for (int l = 0; l < lanes; l++) {
                y[at + l] += x[from + l];
              }
            }
          }
          for (int l = 0; l < lanes; l++) {
            y[at + l] /= area.divisor;
          }
        }
      }
    }
  }

  /** The part of a window that lies on the image, and what its sum is divided by. */
  private Area area(Window.Geometry g, int i, int j) {
    int top = Math.max(g.row(i), 0);
    int left = Math.max(g.column(j), 0);
    int bottom = Math.min(g.row(i) + g.kernelHeight(), g.height());
    int right = Math.min(g.column(j) + g.kernelWidth(), g.width());
    int divisor =
        countPadding ? g.kernelHeight() * g.kernelWidth() : (bottom - top) * (right - left);
    return new Area(top, left, bottom, right, divisor);
  }

  private record Area(int top, int left, int bottom, int right, int divisor) {}
}
