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
  public void forward(LayerContext pass) {
    float[] x = pass.input();
    forEachRow(
        pass,
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
            pass.output[at] = (float) (x[at] - shift);
          }
        });
  }

  /** dx[k] = dy[k] − exp(y[k]) · Σ_j dy[j]. */
  @Override
  public void backward(LayerContext pass) {
    float[] dx = pass.inputGradient();
    if (dx == null) {
      return;
    }
    float[] dy = pass.outputGradient;
    forEachRow(
        pass,
        (begin, end, stride) -> {
          double sum = 0;
          for (int at = begin; at < end; at += stride) {
            sum += dy[at];
          }
          for (int at = begin; at < end; at += stride) {
            dx[at] = (float) (dy[at] - Math.exp(pass.output[at]) * sum);
          }
        });
  }

  /** The values of one image at one position: every {@code stride}-th from begin to end. */
  private interface Row {
    void at(int begin, int end, int stride);
  }

  private static void forEachRow(LayerContext pass, Row row) {
    Shape shape = pass.inShape();
    int stride = shape.plane() * pass.kernels.lanes();
    for (int g = pass.from; g < pass.to; g++) {
      int group = g * shape.channels() * stride;
      for (int i = 0; i < stride; i++) {
        row.at(group + i, group + i + shape.channels() * stride, stride);
      }
    }
  }
}
