package cnnlab.scratch.kernel;

import java.util.Arrays;
import java.util.function.IntConsumer;

/** Average pooling in plain loops, for any number of images side by side. */
final class ReferencePooling {
  private ReferencePooling() {}

  /**
   * The planes of a call.
   *
   * @param channels C of input and output
   * @param g the window on the input
   * @param countPadding whether padded positions count in the divisor
   * @param lanes L
   * @param groups the groups of images
   */
  record Planes(int channels, Window.Geometry g, boolean countPadding, int lanes, Range groups) {

    private void forEachWindow(WindowVisitor visitor) {
      for (int i = 0; i < g.outHeight(); i++) {
        for (int j = 0; j < g.outWidth(); j++) {
          Area area = area(i, j);
          for (int p = groups.from() * channels; p < groups.to() * channels; p++) {
            int out = ((p * g.outHeight() + i) * g.outWidth() + j) * lanes;
            visitor.visit(out, area, p * g.height() * g.width() * lanes);
          }
        }
      }
    }

    private Area area(int i, int j) {
      int top = Math.max(g.row(i), 0);
      int left = Math.max(g.column(j), 0);
      int bottom = Math.min(g.row(i) + g.kernelHeight(), g.height());
      int right = Math.min(g.column(j) + g.kernelWidth(), g.width());
      int divisor =
          countPadding ? g.kernelHeight() * g.kernelWidth() : (bottom - top) * (right - left);
      return new Area(top, left, bottom, right, divisor, g.width());
    }
  }

  static void average(Planes planes, float[] x, float[] y) {
    int lanes = planes.lanes;
    planes.forEachWindow(
        (out, area, inPlane) -> {
          Arrays.fill(y, out, out + lanes, 0);
          area.forEach(
              inPlane,
              lanes,
              in -> {
                for (int l = 0; l < lanes; l++) {
                  y[out + l] += x[in + l];
                }
              });
          for (int l = 0; l < lanes; l++) {
            y[out + l] /= area.divisor;
          }
        });
  }

  static void averageGradient(Planes planes, float[] dy, float[] dx) {
    int lanes = planes.lanes;
    int size = planes.channels * planes.g.height() * planes.g.width() * lanes;
    Arrays.fill(dx, planes.groups.from() * size, planes.groups.to() * size, 0);
    planes.forEachWindow(
        (out, area, inPlane) ->
            area.forEach(
                inPlane,
                lanes,
                in -> {
                  for (int l = 0; l < lanes; l++) {
                    dx[in + l] += dy[out + l] / area.divisor;
                  }
                }));
  }

  /**
   * Receives the position of one output (its first lane), the part of its window that lies on the
   * image, and the beginning of the input plane.
   */
  private interface WindowVisitor {
    void visit(int out, Area area, int inPlane);
  }

  /** The part of a window that lies on the image, and the divisor of its sum. */
  private record Area(int top, int left, int bottom, int right, int divisor, int width) {
    void forEach(int plane, int lanes, IntConsumer position) {
      for (int row = top; row < bottom; row++) {
        for (int column = left; column < right; column++) {
          position.accept(plane + (row * width + column) * lanes);
        }
      }
    }
  }
}
