package cnnlab.scratch.layer;

import java.util.List;

/**
 * The logarithm of {@link Softmax}: y[k] = x[k] − max x − log Σ_j exp(x[j] − max x). Input and
 * output [N, K]; over the channels at every position if the input is [N, C, H, W].
 */
public record LogSoftmax() implements Layer {

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Layer.single(this, inputs);
  }

  @Override
  public void forward(LayerContext context) {
    float[] x = context.input();
    forEachRow(
        context,
        (begin, end, stride) -> {
          float max = Float.NEGATIVE_INFINITY;
          for (int at = begin; at < end; at += stride) {
            max = Math.max(max, x[at]);
          }
          double sum = 0;
          for (int at = begin; at < end; at += stride) {
            sum += Math.exp(x[at] - max);
          }
          double shift = max + Math.log(sum);
          for (int at = begin; at < end; at += stride) {
            context.output[at] = (float) (x[at] - shift);
          }
        });
  }

  /** dx[k] = dy[k] − exp(y[k]) · Σ_j dy[j]. */
  @Override
  public void backward(LayerContext context) {
    float[] dx = context.inputGradient();
    if (dx == null) {
      return;
    }
    float[] dy = context.outputGradient;
    forEachRow(
        context,
        (begin, end, stride) -> {
          double sum = 0;
          for (int at = begin; at < end; at += stride) {
            sum += dy[at];
          }
          for (int at = begin; at < end; at += stride) {
            dx[at] = (float) (dy[at] - Math.exp(context.output[at]) * sum);
          }
        });
  }

  /** The values of one image at one position: every {@code stride}-th from begin to end. */
  private interface Row {
    void at(int begin, int end, int stride);
  }

  private static void forEachRow(LayerContext context, Row row) {
    Shape shape = context.inShape();
    int stride = shape.plane() * context.kernels.lanes();
    for (int g = context.groups.from(); g < context.groups.to(); g++) {
      int group = g * shape.channels() * stride;
      for (int i = 0; i < stride; i++) {
        row.at(group + i, group + i + shape.channels() * stride, stride);
      }
    }
  }
}
