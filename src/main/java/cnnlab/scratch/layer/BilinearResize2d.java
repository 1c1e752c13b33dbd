package cnnlab.scratch.layer;

import java.util.Arrays;
import java.util.List;

/**
 * Resizes images by linear interpolation between the centres of pixels, as Keras' UpSampling2D and
 * Resizing do with {@code interpolation="bilinear"}. Row i of the output lies at row (i + ½)·H/OH −
 * ½ of the input, moved to the nearest edge if it lies outside; columns likewise.
 *
 * <pre>
 *   y[c, i, j] = (1 − a)(1 − b)·x[c, r, s] + (1 − a)b·x[c, r, s+1] + a(1 − b)·x[c, r+1, s] + ab·x[c, r+1, s+1]
 * </pre>
 *
 * <p>where r + a and s + b are that row and column. Input [N, C, H, W], output [N, C, OH, OW].
 *
 * @param height OH, at least 1
 * @param width OW, at least 1
 */
public record BilinearResize2d(int height, int width) implements Layer {

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return new Shape(Layer.single(this, inputs).channels(), height, width);
  }

  @Override
  public void forward(LayerContext context) {
    Shape out = context.node.shape();
    Arrays.fill(context.output, context.begin(out), context.end(out), 0);
    forEachTerm(context, (x, y, factor) -> context.output[y] += factor * context.input()[x]);
  }

  @Override
  public void backward(LayerContext context) {
    float[] dx = context.inputGradient();
    if (dx != null) {
      Arrays.fill(dx, context.begin(context.inShape()), context.end(context.inShape()), 0);
      forEachTerm(context, (x, y, factor) -> dx[x] += factor * context.outputGradient[y]);
    }
  }

  /** One term factor · x of an output y; receives the positions of the two. */
  private interface Term {
    void at(int x, int y, float factor);
  }

  private void forEachTerm(LayerContext context, Term term) {
    Shape in = context.inShape();
    int lanes = context.kernels.lanes();
    int planes = context.groups.to() * in.channels();
    for (int i = 0; i < height; i++) {
      double row = source(i, in.height(), height);
      for (int j = 0; j < width; j++) {
        double column = source(j, in.width(), width);
        for (int corner = 0; corner < 4; corner++) {
          int r = (int) row + corner / 2;
          int s = (int) column + corner % 2;
          float factor = (float) (share(row, r) * share(column, s));
          if (factor == 0) {
            continue;
          }
          for (int plane = context.groups.from() * in.channels(); plane < planes; plane++) {
            int x = ((plane * in.height() + r) * in.width() + s) * lanes;
            int y = ((plane * height + i) * width + j) * lanes;
            for (int l = 0; l < lanes; l++) {
              term.at(x + l, y + l, factor);
            }
          }
        }
      }
    }
  }

  /** Where output position i lies in the input. */
  private static double source(int i, int size, int target) {
    double at = (i + 0.5) * size / target - 0.5;
    return Math.max(0, Math.min(at, size - 1));
  }

  /** How much pixel r counts at a position that is less than one pixel away; else 0. */
  private static double share(double at, int r) {
    return Math.max(0, 1 - Math.abs(at - r));
  }
}
