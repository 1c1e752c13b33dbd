package cnnlab.scratch.compiled;

import cnnlab.scratch.kernel.Scratchpad;

/** Softmax over the channels of each position; see {@code Softmax}. */
final class SoftmaxStep extends Step.OverRows {
  private final Rows in;
  private final Rows out;

  SoftmaxStep(Rows in, Rows out) {
    super(out, 20);
    this.in = in;
    this.out = out;
  }

  @Override
  public double nanoseconds() {
    return Cost.values(10 * (double) out.shape.size());
  }

  @Override
  void row(int image, int i, Scratchpad pad) {
    int positions = out.shape.width();
    int first = (image * out.shape.height() + i) * positions;
    for (int p = first; p < first + positions; p++) {
      softmax(in.values(), p * in.stride, out.values(), p * out.stride, out.shape.channels());
    }
  }

  private static void softmax(float[] x, int xAt, float[] y, int yAt, int classes) {
    float max = Float.NEGATIVE_INFINITY;
    for (int k = 0; k < classes; k++) {
      max = Math.max(max, x[xAt + k]);
    }
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      double e = Math.exp(x[xAt + k] - max);
      y[yAt + k] = (float) e;
      sum += e;
    }
    for (int k = 0; k < classes; k++) {
      y[yAt + k] = (float) (y[yAt + k] / sum);
    }
  }
}
