package cnnlab.scratch.layer;

import java.util.Arrays;
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
  public void forward(LayerContext context) {
    Shape in = context.inShape();
    int lanes = context.kernels.lanes();
    for (int c = context.groups.from() * in.channels();
        c < context.groups.to() * in.channels();
        c++) {
      int y = c * lanes;
      Arrays.fill(context.output, y, y + lanes, 0);
      for (int p = 0; p < in.plane(); p++) {
        int x = (c * in.plane() + p) * lanes;
        for (int l = 0; l < lanes; l++) {
          context.output[y + l] += context.input()[x + l];
        }
      }
      for (int l = 0; l < lanes; l++) {
        context.output[y + l] /= in.plane();
      }
    }
  }

  @Override
  public void backward(LayerContext context) {
    Shape in = context.inShape();
    int lanes = context.kernels.lanes();
    if (context.inputGradient() == null) {
      return;
    }
    for (int c = context.groups.from() * in.channels();
        c < context.groups.to() * in.channels();
        c++) {
      for (int p = 0; p < in.plane(); p++) {
        for (int l = 0; l < lanes; l++) {
          context.inputGradient()[(c * in.plane() + p) * lanes + l] =
              context.outputGradient[c * lanes + l] / in.plane();
        }
      }
    }
  }
}
