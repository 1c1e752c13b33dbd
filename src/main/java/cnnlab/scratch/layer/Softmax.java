package cnnlab.scratch.layer;

import java.util.List;

/**
 * Probabilities from logits: y[k] = exp(x[k] − max x) / Σ_j exp(x[j] − max x). Subtracting the
 * maximum does not change the result but prevents exp from overflowing. Input and output [N, K];
 * over the channels at every position if the input is [N, C, H, W].
 */
public record Softmax() implements Layer {

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Layer.single(this, inputs);
  }

  @Override
  public void forward(LayerContext context) {
    Shape shape = context.inShape();
    int stride = shape.plane() * context.kernels.lanes();
    for (int g = context.groups.from(); g < context.groups.to(); g++) {
      for (int i = 0; i < stride; i++) {
        row(
            context.input(),
            context.output,
            g * shape.channels() * stride + i,
            shape.channels(),
            stride);
      }
    }
  }

  /**
   * dx[k] = y[k] · (dy[k] − Σ_j y[j] · dy[j]). Not used where softmax is the last layer: there the
   * loss includes its derivative.
   */
  @Override
  public void backward(LayerContext context) {
    Shape shape = context.inShape();
    float[] y = context.output;
    float[] dy = context.outputGradient;
    float[] dx = context.inputGradient();
    if (dx == null) {
      return;
    }
    int stride = shape.plane() * context.kernels.lanes();
    for (int g = context.groups.from(); g < context.groups.to(); g++) {
      for (int i = 0; i < stride; i++) {
        int begin = g * shape.channels() * stride + i;
        double dot = 0;
        for (int k = 0; k < shape.channels(); k++) {
          dot += (double) y[begin + k * stride] * dy[begin + k * stride];
        }
        for (int k = 0; k < shape.channels(); k++) {
          int at = begin + k * stride;
          dx[at] = (float) (y[at] * (dy[at] - dot));
        }
      }
    }
  }

  private static void row(float[] x, float[] y, int begin, int classes, int stride) {
    float max = Float.NEGATIVE_INFINITY;
    for (int k = 0; k < classes; k++) {
      max = Math.max(max, x[begin + k * stride]);
    }
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      double e = Math.exp(x[begin + k * stride] - max);
      y[begin + k * stride] = (float) e;
      sum += e;
    }
    for (int k = 0; k < classes; k++) {
      y[begin + k * stride] = (float) (y[begin + k * stride] / sum);
    }
  }
}
