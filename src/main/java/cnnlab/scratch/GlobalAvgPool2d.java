package cnnlab.scratch;

import java.util.List;

/**
 * Mean over all positions of a channel: y[c] = 1/(H·W) · Σ x[c, i, j]. Input [N, C, H, W], output
 * [N, C].
 */
public record GlobalAvgPool2d() implements Layer {

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Shape.vector(Layer.single(this, inputs).channels());
  }

  @Override
  public void forward(Pass pass) {
    Shape in = pass.inShape();
    int lanes = pass.kernels.lanes();
    for (int c = pass.from * in.channels(); c < pass.to * in.channels(); c++) {
      for (int l = 0; l < lanes; l++) {
        float sum = 0;
        for (int p = 0; p < in.plane(); p++) {
          sum += pass.input()[(c * in.plane() + p) * lanes + l];
        }
        pass.output[c * lanes + l] = sum / in.plane();
      }
    }
  }
}
