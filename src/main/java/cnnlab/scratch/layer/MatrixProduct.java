package cnnlab.scratch.layer;

import java.util.Arrays;
import java.util.List;

/**
 * The product of two matrices that are both activations, as in attention (Vaswani et al. 2017), one
 * for each row of an image. With a = [M, K] and b = [K, P] in each of B rows, the inputs are [N, K,
 * B, M] and [N, P, B, K] and the output is
 *
 * <pre>
 *   y[n, p, r, m] = Σ_k a[n, k, r, m] · b[n, p, r, k],   [N, P, B, M]
 * </pre>
 *
 * In channels-last order that is [N, B, M, K] · [N, B, K, P] = [N, B, M, P], as in NumPy's matmul.
 */
public record MatrixProduct() implements Layer {

  @Override
  public Shape outputShape(List<Shape> inputs) {
    boolean fits =
        inputs.size() == 2
            && inputs.get(0).channels() == inputs.get(1).width()
            && inputs.get(0).height() == inputs.get(1).height();
    if (!fits) {
      throw new IllegalArgumentException(
          "MatrixProduct takes two inputs [K, B, M] and [P, B, K], not %s".formatted(inputs));
    }
    Shape a = inputs.get(0);
    return new Shape(inputs.get(1).channels(), a.height(), a.width());
  }

  @Override
  public void forward(LayerContext context) {
    Arrays.fill(
        context.output, context.begin(context.node.shape()), context.end(context.node.shape()), 0);
    forEachProduct(
        context,
        (a, b, y, lanes) -> {
          for (int l = 0; l < lanes; l++) {
            context.output[y + l] += context.inputs[0][a + l] * context.inputs[1][b + l];
          }
        });
  }

  /**
   * dL/da[k, r, m] = Σ_p dy[p, r, m] · b[p, r, k] and dL/db[p, r, k] = Σ_m dy[p, r, m] · a[k, r,
   * m].
   */
  @Override
  public void backward(LayerContext context) {
    float[] dy = context.outputGradient;
    float[] da = clean(context, 0);
    float[] db = clean(context, 1);
    forEachProduct(
        context,
        (a, b, y, lanes) -> {
          for (int l = 0; l < lanes && da != null; l++) {
            da[a + l] += dy[y + l] * context.inputs[1][b + l];
          }
          for (int l = 0; l < lanes && db != null; l++) {
            db[b + l] += dy[y + l] * context.inputs[0][a + l];
          }
        });
  }

  /** The gradient of an input, filled with zeros; null if it is not required. */
  private static float[] clean(LayerContext context, int input) {
    float[] gradient = context.inputGradients[input];
    if (gradient != null) {
      Shape shape = context.inShapes[input];
      Arrays.fill(gradient, context.begin(shape), context.end(shape), 0);
    }
    return gradient;
  }

  /** Receives the first lanes of a[k, r, m], b[p, r, k] and y[p, r, m]. */
  private interface Product {
    void at(int a, int b, int y, int lanes);
  }

  private static void forEachProduct(LayerContext context, Product product) {
    int lanes = context.kernels.lanes();
    Shape out = context.node.shape();
    int inner = context.inShape().channels();
    int columns = out.channels();
    for (int g = context.groups.from(); g < context.groups.to(); g++) {
      int a = g * context.inShapes[0].size();
      int b = g * context.inShapes[1].size();
      int y = g * out.size();
      for (int p = 0; p < columns; p++) {
        for (int r = 0; r < out.height(); r++) {
          for (int k = 0; k < inner; k++) {
            int atB = (b + (p * out.height() + r) * inner + k) * lanes;
            int fromA = a + (k * out.height() + r) * out.width();
            int fromY = y + (p * out.height() + r) * out.width();
            for (int m = 0; m < out.width(); m++) {
              product.at((fromA + m) * lanes, atB, (fromY + m) * lanes, lanes);
            }
          }
        }
      }
    }
  }
}
