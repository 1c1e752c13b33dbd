package cnnlab.scratch.layer;

import java.util.Arrays;
import java.util.List;

/**
 * Maximum over all positions of a channel: y[c] = max over i, j of x[c, i, j]; the gradient goes to
 * the maximum; if several values are equal, to the first, row by row. Input [N, C, H, W], output
 * [N, C].
 */
public record GlobalMaxPool2d() implements Layer {

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Shape.vector(Layer.single(this, inputs).channels());
  }

  @Override
  public void forward(LayerContext context) {
    Shape in = context.inShape();
    int lanes = context.kernels.lanes();
    for (int c = context.groups.from() * in.channels();
        c < context.groups.to() * in.channels();
        c++) {
      int y = c * lanes;
      System.arraycopy(context.input(), y * in.plane(), context.output, y, lanes);
      for (int p = 1; p < in.plane(); p++) {
        int x = (c * in.plane() + p) * lanes;
        for (int l = 0; l < lanes; l++) {
          context.output[y + l] = Math.max(context.output[y + l], context.input()[x + l]);
        }
      }
    }
  }

  @Override
  public void backward(LayerContext context) {
    float[] dx = context.inputGradient();
    if (dx == null) {
      return;
    }
    Shape in = context.inShape();
    int lanes = context.kernels.lanes();
    Arrays.fill(dx, context.begin(in), context.end(in), 0);
    for (int c = context.groups.from() * in.channels();
        c < context.groups.to() * in.channels();
        c++) {
      for (int l = 0; l < lanes; l++) {
        int y = c * lanes + l;
        for (int p = 0; p < in.plane(); p++) {
          int x = (c * in.plane() + p) * lanes + l;
          if (Float.compare(context.input()[x], context.output[y]) == 0) {
            dx[x] = context.outputGradient[y];
            break;
          }
        }
      }
    }
  }
}
