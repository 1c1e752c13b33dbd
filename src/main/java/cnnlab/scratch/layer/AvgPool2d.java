package cnnlab.scratch.layer;

import cnnlab.scratch.kernel.Window;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Mean over each window. Input [N, C, H, W], output [N, C, OH, OW].
 *
 * @param window window size, stride and padding
 * @param countPadding whether padded positions count in the divisor; in Keras, and by default in
 *     DL4J, they do not
 */
public record AvgPool2d(Window window, boolean countPadding) implements Layer {

  /**
   * @throws IllegalArgumentException when the window is dilated, or can lie entirely in the padding
   */
  public AvgPool2d {
    window.requireNoGaps("AvgPool2d");
    window.requirePaddingBelowKernel("AvgPool2d");
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Shape in = Layer.single(this, inputs);
    Window.Geometry g = window.on(in.height(), in.width());
    return new Shape(in.channels(), g.outHeight(), g.outWidth());
  }

  @Override
  public void forward(LayerContext context) {
    int lanes = context.kernels.lanes();
    forEachWindow(
        context,
        (out, area, inPlane) -> {
          float[] y = context.output;
          Arrays.fill(y, out, out + lanes, 0);
          area.forEach(
              inPlane,
              lanes,
              in -> {
                for (int l = 0; l < lanes; l++) {
                  y[out + l] += context.input()[in + l];
                }
              });
          for (int l = 0; l < lanes; l++) {
            y[out + l] /= area.divisor;
          }
        });
  }

  /** The gradient of an output is divided equally among the positions under its window. */
  @Override
  public void backward(LayerContext context) {
    float[] dx = context.inputGradient();
    if (dx == null) {
      return;
    }
    int lanes = context.kernels.lanes();
    Arrays.fill(dx, context.begin(context.inShape()), context.end(context.inShape()), 0);
    forEachWindow(
        context,
        (out, area, inPlane) ->
            area.forEach(
                inPlane,
                lanes,
                in -> {
                  for (int l = 0; l < lanes; l++) {
                    dx[in + l] += context.outputGradient[out + l] / area.divisor;
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

  private void forEachWindow(LayerContext context, WindowVisitor visitor) {
    Window.Geometry g = context.geometry;
    int lanes = context.kernels.lanes();
    int channels = context.inShape().channels();
    for (int i = 0; i < g.outHeight(); i++) {
      for (int j = 0; j < g.outWidth(); j++) {
        Area area = area(g, i, j);
        for (int plane = context.groups.from() * channels;
            plane < context.groups.to() * channels;
            plane++) {
          int out = ((plane * g.outHeight() + i) * g.outWidth() + j) * lanes;
          visitor.visit(out, area, plane * context.inShape().plane() * lanes);
        }
      }
    }
  }

  /** The part of a window that lies on the image, and the divisor of its sum. */
  private Area area(Window.Geometry g, int i, int j) {
    int top = Math.max(g.row(i), 0);
    int left = Math.max(g.column(j), 0);
    int bottom = Math.min(g.row(i) + g.kernelHeight(), g.height());
    int right = Math.min(g.column(j) + g.kernelWidth(), g.width());
    int divisor =
        countPadding ? g.kernelHeight() * g.kernelWidth() : (bottom - top) * (right - left);
    return new Area(top, left, bottom, right, divisor, g.width());
  }

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
