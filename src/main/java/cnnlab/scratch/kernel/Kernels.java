package cnnlab.scratch.kernel;

/**
 * The loops that take the time, behind one interface, so that the plain ones can be exchanged for
 * fast ones.
 *
 * <p>Every method works on groups {@code from} (inclusive) to {@code to} (exclusive) of L = {@link
 * #lanes} images; tensors are laid out as {@code LayerContext} tells. Weights of a convolution are
 * [O, C, KH, KW], those of a dense layer [in, out], both row-major.
 */
public interface Kernels {
  /** Images that go through the network together; a multiple of every L. */
  int MICRO_BATCH = 32;

  /** A short name for tables: {@code reference} or {@code vector}. */
  String name();

  /** L, the images that lie side by side in memory. */
  int lanes();

  /** The fastest kernels that this Java can run. */
  static Kernels best() {
    return KernelChoice.best();
  }

  /**
   * Convolution with bias and a fused linear or ReLU activation; see {@code Conv2d}.
   *
   * @param shape channels and geometry
   * @param x input [groups, C, H, W, L]
   * @param parameters holds the weights
   * @param weights where [O, C, KH, KW] begins in {@code parameters}
   * @param bias where [O] begins in {@code parameters}, or -1 for none
   * @param relu whether max(·, 0) is applied
   * @param y output [groups, O, OH, OW, L]
   */
  void conv2d(
      ConvolutionGeometry shape,
      float[] x,
      float[] parameters,
      int weights,
      int bias,
      boolean relu,
      float[] y,
      int from,
      int to,
      Scratchpad pad);

  /** Whether {@link #conv2dMaxPool} is there. */
  default boolean fusesPooling() {
    return false;
  }

  /**
   * {@link #conv2d} with ReLU, then {@link #maxPool2d} over windows of 2x2 that do not overlap,
   * without writing what is between them.
   *
   * @param y output of the pooling [groups, O, OH / 2, OW / 2, L]
   */
  default void conv2dMaxPool(
      ConvolutionGeometry shape,
      float[] x,
      float[] parameters,
      int weights,
      int bias,
      float[] y,
      int from,
      int to,
      Scratchpad pad) {
    throw new UnsupportedOperationException(name());
  }

  /**
   * Lays the images of one group side by side: out[begin + i·L + l] = x[first + l·size + i].
   *
   * @param x images of {@code size} values, the group's first at {@code first}; L of them
   */
  default void interleave(float[] x, int first, int size, float[] out, int begin) {
    int lanes = lanes();
    for (int l = 0; l < lanes; l++) {
      for (int i = 0; i < size; i++) {
        out[begin + i * lanes + l] = x[first + l * size + i];
      }
    }
  }

  /**
   * The convolution's gradient with respect to its input:
   *
   * <pre>
   *   dx[c, h, w] = Σ_o Σ_u Σ_v w[o, c, u, v] · dy[o, i, j]   over all i·s + u − p = h, j·s + v − p = w
   * </pre>
   *
   * @param dy gradient of the output (before any activation) [groups, O, OH, OW, L]
   * @param dx gradient of the input [groups, C, H, W, L], overwritten
   */
  void conv2dInputGradient(
      ConvolutionGeometry shape,
      float[] dy,
      float[] parameters,
      int weights,
      float[] dx,
      int from,
      int to,
      Scratchpad pad);

  /**
   * The convolution's gradient with respect to weights and bias, added to what is there:
   *
   * <pre>
   *   dw[o, c, u, v] += Σ_n Σ_i Σ_j dy[n, o, i, j] · x[n, c, i·s + u − p, j·s + v − p]     db[o] += Σ_n Σ_i Σ_j dy[n, o, i, j]
   * </pre>
   *
   * @param gradients holds dw at {@code weights} and db at {@code bias} (unless that is -1)
   */
  void conv2dWeightGradient(
      ConvolutionGeometry shape,
      float[] x,
      float[] dy,
      float[] gradients,
      int weights,
      int bias,
      int from,
      int to,
      Scratchpad pad);

  /**
   * Matrix product y = Wᵀx + b over the batch with a fused linear or ReLU activation; see {@link
   * Dense}.
   *
   * @param in number of input features
   * @param out number of output features
   * @param x input [groups, in, L]
   * @param weights where [in, out] begins in {@code parameters}
   * @param bias where [out] begins in {@code parameters}, or -1 for none
   * @param relu whether max(·, 0) is applied
   * @param y output [groups, out, L]
   */
  void dense(
      int in,
      int out,
      float[] x,
      float[] parameters,
      int weights,
      int bias,
      boolean relu,
      float[] y,
      int from,
      int to,
      Scratchpad pad);

  /**
   * The dense layer's gradient with respect to its input: dx[i] = Σ_o w[i, o] · dy[o].
   *
   * @param dx overwritten
   */
  void denseInputGradient(
      int in,
      int out,
      float[] dy,
      float[] parameters,
      int weights,
      float[] dx,
      int from,
      int to,
      Scratchpad pad);

  /**
   * Rows of the dense layer's weight gradient from all groups 0 to {@code groups}: dw[i, o] = Σ_n
   * x[n, i] · dy[n, o].
   *
   * @param gradients dw stands at {@code weights}, is overwritten
   * @param fromRow the first i
   * @param toRow one behind the last
   */
  void denseWeightGradient(
      int in,
      int out,
      float[] x,
      float[] dy,
      float[] gradients,
      int weights,
      int groups,
      int fromRow,
      int toRow,
      Scratchpad pad);

  /**
   * Adds up every channel: sums[begin + c] += Σ_n Σ_p dy[n, c, p]; a bias' gradient.
   *
   * @param dy [groups, channels, plane, L]
   */
  void addChannelSums(
      int channels,
      int plane,
      float[] dy,
      float[] sums,
      int begin,
      int from,
      int to,
      Scratchpad pad);

  /**
   * Maximum over each window, as {@link Math#max(float, float)} has it; padding never wins.
   *
   * @param channels C of input and output
   * @param x input [groups, C, H, W, L]
   * @param y output [groups, C, OH, OW, L]
   */
  void maxPool2d(int channels, Window.Geometry geometry, float[] x, float[] y, int from, int to);

  /**
   * The gradient of {@link #maxPool2d}: each dy goes to the first position under its window that
   * holds the maximum.
   *
   * @param dx overwritten
   */
  void maxPool2dGradient(
      int channels,
      Window.Geometry geometry,
      float[] x,
      float[] y,
      float[] dy,
      float[] dx,
      int from,
      int to);

  /**
   * y = scale · x + shift for one run of values, with max(·, 0) if {@code relu}.
   *
   * @param begin the first value in both arrays
   * @param end one behind the last
   */
  void scaleShift(float[] x, float scale, float shift, boolean relu, float[] y, int begin, int end);

  /**
   * sums[begin + c] += Σ_n Σ_p (a[n, c, p] − aShift[c]) · (b[n, c, p] − bShift[c]); a variance, or
   * half of a gradient.
   */
  void addChannelProducts(
      int channels,
      int plane,
      float[] a,
      float[] aShift,
      float[] b,
      float[] bShift,
      float[] sums,
      int begin,
      int from,
      int to,
      Scratchpad pad);

  /**
   * The penalty l1·Σ|w| + l2/2·Σw² of parameters {@code begin} to {@code end}; its gradient is
   * added to {@code gradients}.
   *
   * @return the penalty
   */
  double addPenalty(float[] parameters, float[] gradients, int begin, int end, float l1, float l2);

  /** The gradient of a ReLU, in place: dy becomes 0 where the output y is 0; NaN is not. */
  void reluGradient(float[] y, float[] dy, int begin, int end);
}
