package cnnlab.scratch.layer;

import java.util.List;

/**
 * Two or more inputs of one shape become one, value by value; the sum is that of a residual block
 * (He et al. 2016). Nothing is broadcast.
 *
 * @param op what is computed
 */
public record ElementwiseMerge(Op op) implements Layer {

  /** How values a, b, c, ... become one. */
  public enum Op {
    /** a + b + c + … */
    ADD,
    /** a − b, of exactly two. */
    SUBTRACT,
    /** a · b · c · … */
    MULTIPLY,
    /** (a + b + c + …) / n. */
    AVERAGE,
    /** The largest; of equal ones the first counts. */
    MAXIMUM
  }

  @Override
  public String kind() {
    return op.name().charAt(0) + op.name().substring(1).toLowerCase(java.util.Locale.ROOT);
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Shape first = inputs.isEmpty() ? null : inputs.get(0);
    if (inputs.size() < 2
        || inputs.size() > 2 && op == Op.SUBTRACT
        || !inputs.stream().allMatch(first::equals)) {
      throw new IllegalArgumentException(
          "%s takes %s inputs of one shape (nothing is broadcast), not %s"
              .formatted(kind(), op == Op.SUBTRACT ? "two" : "two or more", inputs));
    }
    return first;
  }

  @Override
  public void forward(LayerContext pass) {
    int begin = pass.begin(pass.inShape());
    int end = pass.end(pass.inShape());
    float[] y = pass.output;
    System.arraycopy(pass.inputs[0], begin, y, begin, end - begin);
    for (int k = 1; k < pass.inputs.length; k++) {
      include(pass.inputs[k], y, begin, end);
    }
    if (op == Op.AVERAGE) {
      for (int i = begin; i < end; i++) {
        y[i] /= pass.inputs.length;
      }
    }
  }

  private void include(float[] x, float[] y, int begin, int end) {
    switch (op) {
      case ADD, AVERAGE -> {
        for (int i = begin; i < end; i++) {
          y[i] += x[i];
        }
      }
      case SUBTRACT -> {
        for (int i = begin; i < end; i++) {
          y[i] -= x[i];
        }
      }
      case MULTIPLY -> {
        for (int i = begin; i < end; i++) {
          y[i] *= x[i];
        }
      }
      case MAXIMUM -> {
        for (int i = begin; i < end; i++) {
          y[i] = Math.max(y[i], x[i]);
        }
      }
    }
  }

  /**
   * A sum's gradient goes to each of its terms unchanged, a product's times the other factors, a
   * maximum's to the input that holds it.
   */
  @Override
  public void backward(LayerContext pass) {
    int begin = pass.begin(pass.inShape());
    int end = pass.end(pass.inShape());
    for (int k = 0; k < pass.inputs.length; k++) {
      float[] dx = pass.inputGradients[k];
      if (dx == null) {
        continue;
      }
      switch (op) {
        case ADD -> System.arraycopy(pass.outputGradient, begin, dx, begin, end - begin);
        case AVERAGE -> scale(pass.outputGradient, 1f / pass.inputs.length, dx, begin, end);
        case SUBTRACT -> scale(pass.outputGradient, k == 0 ? 1 : -1, dx, begin, end);
        case MULTIPLY -> otherFactors(pass, k, dx, begin, end);
        case MAXIMUM -> whereLargest(pass, k, dx, begin, end);
      }
    }
  }

  private static void scale(float[] dy, float factor, float[] dx, int begin, int end) {
    for (int i = begin; i < end; i++) {
      dx[i] = factor * dy[i];
    }
  }

  private static void otherFactors(LayerContext pass, int k, float[] dx, int begin, int end) {
    System.arraycopy(pass.outputGradient, begin, dx, begin, end - begin);
    for (int j = 0; j < pass.inputs.length; j++) {
      float[] x = pass.inputs[j];
      for (int i = begin; i < end && j != k; i++) {
        dx[i] *= x[i];
      }
    }
  }

  private static void whereLargest(LayerContext pass, int k, float[] dx, int begin, int end) {
    for (int i = begin; i < end; i++) {
      int first = 0;
      while (first < k && Float.compare(pass.inputs[first][i], pass.output[i]) != 0) {
        first++;
      }
      boolean largest = first == k && Float.compare(pass.inputs[k][i], pass.output[i]) == 0;
      dx[i] = largest ? pass.outputGradient[i] : 0;
    }
  }
}
