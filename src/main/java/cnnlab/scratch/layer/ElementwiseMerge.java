package cnnlab.scratch.layer;

import java.util.List;

/**
 * Combines two or more inputs of the same shape value by value; the sum is that of a residual block
 * (He et al. 2016). Nothing is broadcast.
 *
 * @param op how values are combined
 */
public record ElementwiseMerge(Op op) implements Layer {

  /** How values a, b, c, ... are combined. */
  public enum Op {
    /** a + b + c + … */
    ADD,
    /** a − b, of exactly two. */
    SUBTRACT,
    /** a · b · c · … */
    MULTIPLY,
    /** (a + b + c + …) / n. */
    AVERAGE,
    /** The largest; of equal values the first gets the gradient. */
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
  public void forward(LayerContext context) {
    int begin = context.begin(context.inShape());
    int end = context.end(context.inShape());
    float[] y = context.output;
    System.arraycopy(context.inputs[0], begin, y, begin, end - begin);
    for (int k = 1; k < context.inputs.length; k++) {
      include(context.inputs[k], y, begin, end);
    }
    if (op == Op.AVERAGE) {
      for (int i = begin; i < end; i++) {
        y[i] /= context.inputs.length;
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
  public void backward(LayerContext context) {
    int begin = context.begin(context.inShape());
    int end = context.end(context.inShape());
    for (int k = 0; k < context.inputs.length; k++) {
      float[] dx = context.inputGradients[k];
      if (dx == null) {
        continue;
      }
      switch (op) {
        case ADD -> System.arraycopy(context.outputGradient, begin, dx, begin, end - begin);
        case AVERAGE -> scale(context.outputGradient, 1f / context.inputs.length, dx, begin, end);
        case SUBTRACT -> scale(context.outputGradient, k == 0 ? 1 : -1, dx, begin, end);
        case MULTIPLY -> otherFactors(context, k, dx, begin, end);
        case MAXIMUM -> whereLargest(context, k, dx, begin, end);
      }
    }
  }

  private static void scale(float[] dy, float factor, float[] dx, int begin, int end) {
    for (int i = begin; i < end; i++) {
      dx[i] = factor * dy[i];
    }
  }

  private static void otherFactors(LayerContext context, int k, float[] dx, int begin, int end) {
    System.arraycopy(context.outputGradient, begin, dx, begin, end - begin);
    for (int j = 0; j < context.inputs.length; j++) {
      float[] x = context.inputs[j];
      for (int i = begin; i < end && j != k; i++) {
        dx[i] *= x[i];
      }
    }
  }

  private static void whereLargest(LayerContext context, int k, float[] dx, int begin, int end) {
    for (int i = begin; i < end; i++) {
      int first = 0;
      while (first < k && Float.compare(context.inputs[first][i], context.output[i]) != 0) {
        first++;
      }
      boolean largest = first == k && Float.compare(context.inputs[k][i], context.output[i]) == 0;
      dx[i] = largest ? context.outputGradient[i] : 0;
    }
  }
}
