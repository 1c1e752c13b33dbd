package cnnlab.scratch.layer;

import java.util.Arrays;
import java.util.List;

/**
 * Maximum over all positions of a channel: y[c] = max over i, j of x[c, i, j]; of equal values the
 * first (row by row) counts. Input [N, C, H, W], output [N, C].
 */
public record GlobalMaxPool2d() implements Layer {

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Shape.vector(Layer.single(this, inputs).channels());
  }

  @Override
  public void forward(LayerContext pass) {
    Shape in = pass.inShape();
    int lanes = pass.kernels.lanes();
    for (int c = pass.from * in.channels(); c < pass.to * in.channels(); c++) {
      int y = c * lanes;
      System.arraycopy(pass.input(), y * in.plane(), pass.output, y, lanes);
      for (int p = 1; p < in.plane(); p++) {
        int x = (c * in.plane() + p) * lanes;
        for (int l = 0; l < lanes; l++) {
          pass.output[y + l] = Math.max(pass.output[y + l], pass.input()[x + l]);
        }
      }
    }
  }

  @Override
  public void backward(LayerContext pass) {
    float[] dx = pass.inputGradient();
    if (dx == null) {
      return;
    }
    Shape in = pass.inShape();
    int lanes = pass.kernels.lanes();
    Arrays.fill(dx, pass.begin(in), pass.end(in), 0);
    for (int c = pass.from * in.channels(); c < pass.to * in.channels(); c++) {
      for (int l = 0; l < lanes; l++) {
        int y = c * lanes + l;
        for (int p = 0; p < in.plane(); p++) {
          int x = (c * in.plane() + p) * lanes + l;
          if (Float.compare(pass.input()[x], pass.output[y]) == 0) {
            dx[x] = pass.outputGradient[y];
            break;
          }
        }
      }
    }
  }
}
