package cnnlab.scratch.kernel;

/**
 * The loops that take most of the time, behind one interface, so that fast ones can replace the
 * plain ones.
 *
 * <p>Parameters with the same meaning in every method:
 *
 * <ul>
 *   <li>Tensors are laid out as described in {@code LayerContext}: groups of L = {@link #lanes}
 *       images, which lie side by side. All groups are in one array; a method reads and writes only
 *       those in {@code groups}.
 *   <li>Weights of a convolution are [O, C, KH, KW], those of a dense layer [in, out], both
 *       row-major.
 *   <li>{@code pad} is working memory of the calling thread. Two threads may call the same method
 *       at the same time if each has its own {@code pad} and they write to different groups, rows
 *       or sums.
 * </ul>
 *
 * <p>Outputs must not share memory with inputs, unless a method says otherwise. No method checks
 * sizes or ranges: arrays that are too short lead to an {@link IndexOutOfBoundsException}, or to
 * undefined results where the vector kernels run without bounds checks.
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
   * @param parameters weights [O, C, KH, KW] and bias [O]
   * @param relu whether max(·, 0) is applied
   * @param x input [groups, C, H, W, L]
   * @param y output [groups, O, OH, OW, L], overwritten
   * @param groups the groups of images to compute
   * @param pad working memory of the thread
   */
  void conv2d(
      ConvolutionGeometry shape,
      WeightsAndBias parameters,
      boolean relu,
      float[] x,
      float[] y,
      Range groups,
      Scratchpad pad);

  /** Whether {@link #conv2dMaxPool} is implemented. */
  default boolean fusesPooling() {
    return false;
  }

  /**
   * {@link #conv2d} with ReLU, then {@link #maxPool2d} over windows of 2x2 that do not overlap,
   * without writing the values in between.
   *
   * @param shape channels and geometry; at least four output channels
   * @param parameters weights [O, C, KH, KW] and bias [O]
   * @param x input [groups, C, H, W, L]
   * @param y output of the pooling [groups, O, OH / 2, OW / 2, L], overwritten
   * @param groups the groups of images to compute
   * @param pad working memory of the thread
   * @throws UnsupportedOperationException unless {@link #fusesPooling}
   */
  default void conv2dMaxPool(
      ConvolutionGeometry shape,
      WeightsAndBias parameters,
      float[] x,
      float[] y,
      Range groups,
      Scratchpad pad) {
    throw new UnsupportedOperationException(name());
  }

  /**
   * Lays the images of one group side by side: out[begin + i·L + l] = x[first + l·size + i].
   *
   * @param x images of {@code size} values each, one after another
   * @param first the position of the group's first image in {@code x}; L images follow
   * @param size values of one image
   * @param out receives [size, L]
   * @param begin the position of the group in {@code out}
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
   * @param shape channels and geometry of the convolution
   * @param parameters weights [O, C, KH, KW]; the bias is not read
   * @param dy gradient of the output (before any activation) [groups, O, OH, OW, L]
   * @param dx gradient of the input [groups, C, H, W, L], overwritten
   * @param groups the groups of images to compute
   * @param pad working memory of the thread
   */
  void conv2dInputGradient(
      ConvolutionGeometry shape,
      WeightsAndBias parameters,
      float[] dy,
      float[] dx,
      Range groups,
      Scratchpad pad);

  /**
   * The convolution's gradient with respect to weights and bias, added to the values already there:
   *
   * <pre>
   *   dw[o, c, u, v] += Σ_n Σ_i Σ_j dy[n, o, i, j] · x[n, c, i·s + u − p, j·s + v − p]     db[o] += Σ_n Σ_i Σ_j dy[n, o, i, j]
   * </pre>
   *
   * @param shape channels and geometry of the convolution
   * @param x input [groups, C, H, W, L]
   * @param dy gradient of the output (before any activation) [groups, O, OH, OW, L]
   * @param gradients dw [O, C, KH, KW] and, if there is a bias, db [O]
   * @param groups the groups of images to sum over
   * @param pad working memory of the thread
   */
  void conv2dWeightGradient(
      ConvolutionGeometry shape,
      float[] x,
      float[] dy,
      WeightsAndBias gradients,
      Range groups,
      Scratchpad pad);

  /**
   * Matrix product y = Wᵀx + b over the batch with a fused linear or ReLU activation; see {@code
   * Dense}.
   *
   * @param shape input and output features
   * @param parameters weights [in, out] and bias [out]
   * @param relu whether max(·, 0) is applied
   * @param x input [groups, in, L]
   * @param y output [groups, out, L], overwritten
   * @param groups the groups of images to compute
   * @param pad working memory of the thread
   */
  void dense(
      DenseShape shape,
      WeightsAndBias parameters,
      boolean relu,
      float[] x,
      float[] y,
      Range groups,
      Scratchpad pad);

  /**
   * The dense layer's gradient with respect to its input: dx[i] = Σ_o w[i, o] · dy[o].
   *
   * @param shape input and output features
   * @param parameters weights [in, out]; the bias is not read
   * @param dy gradient of the output (before any activation) [groups, out, L]
   * @param dx gradient of the input [groups, in, L], overwritten
   * @param groups the groups of images to compute
   * @param pad working memory of the thread
   */
  void denseInputGradient(
      DenseShape shape,
      WeightsAndBias parameters,
      float[] dy,
      float[] dx,
      Range groups,
      Scratchpad pad);

  /**
   * Rows of the dense layer's weight gradient, summed over all groups 0 to {@code groups}: dw[i, o]
   * = Σ_n x[n, i] · dy[n, o].
   *
   * @param shape input and output features
   * @param x input [groups, in, L]
   * @param dy gradient of the output (before any activation) [groups, out, L]
   * @param gradients dw [in, out], of which the rows are overwritten; db is not computed, see
   *     {@link #addChannelSums}
   * @param groups the number of groups
   * @param rows the inputs i to compute
   * @param pad working memory of the thread
   */
  void denseWeightGradient(
      DenseShape shape,
      float[] x,
      float[] dy,
      WeightsAndBias gradients,
      int groups,
      Range rows,
      Scratchpad pad);

  /**
   * Adds the sum of each channel: sums[begin + c] += Σ_n Σ_p x[n, c, p]. Of dy, that is a bias'
   * gradient.
   *
   * @param shape channels and plane
   * @param x [groups, C, plane, L]
   * @param sums receives C sums
   * @param begin the position of the first sum
   * @param groups the groups of images to sum over
   * @param pad working memory of the thread
   */
  void addChannelSums(
      ChannelShape shape, float[] x, float[] sums, int begin, Range groups, Scratchpad pad);

  /**
   * Maximum over each window, ordered as by {@link Math#max(float, float)}: NaN is largest, and 0
   * is larger than −0. Padding is ignored.
   *
   * @param channels C of input and output
   * @param geometry the window on the input
   * @param x input [groups, C, H, W, L]
   * @param y output [groups, C, OH, OW, L], overwritten
   * @param groups the groups of images to compute
   */
  void maxPool2d(int channels, Window.Geometry geometry, float[] x, float[] y, Range groups);

  /**
   * The gradient of {@link #maxPool2d}: each dy goes to the first position under its window that
   * holds the maximum.
   *
   * @param channels C of input and output
   * @param geometry the window on the input
   * @param x input [groups, C, H, W, L]
   * @param y output of {@link #maxPool2d} [groups, C, OH, OW, L]
   * @param dy gradient of the output [groups, C, OH, OW, L]
   * @param dx gradient of the input [groups, C, H, W, L], overwritten
   * @param groups the groups of images to compute
   */
  void maxPool2dGradient(
      int channels,
      Window.Geometry geometry,
      float[] x,
      float[] y,
      float[] dy,
      float[] dx,
      Range groups);

  /**
   * Mean over each window: the sum of its values in the order of rows, divided by their number.
   *
   * @param channels C of input and output
   * @param geometry the window on the input
   * @param countPadding whether padded positions count in the divisor
   * @param x input [groups, C, H, W, L]
   * @param y output [groups, C, OH, OW, L], overwritten
   * @param groups the groups of images to compute
   */
  default void avgPool2d(
      int channels,
      Window.Geometry geometry,
      boolean countPadding,
      float[] x,
      float[] y,
      Range groups) {
    ReferencePooling.average(
        new ReferencePooling.Planes(channels, geometry, countPadding, lanes(), groups), x, y);
  }

  /**
   * The gradient of {@link #avgPool2d}: each dy is divided equally among the positions under its
   * window.
   *
   * @param channels C of input and output
   * @param geometry the window on the input
   * @param countPadding whether padded positions count in the divisor
   * @param dy gradient of the output [groups, C, OH, OW, L]
   * @param dx gradient of the input [groups, C, H, W, L], overwritten
   * @param groups the groups of images to compute
   */
  default void avgPool2dGradient(
      int channels,
      Window.Geometry geometry,
      boolean countPadding,
      float[] dy,
      float[] dx,
      Range groups) {
    ReferencePooling.averageGradient(
        new ReferencePooling.Planes(channels, geometry, countPadding, lanes(), groups), dy, dx);
  }

  /**
   * y = scale · x + shift for a run of values, with max(·, 0) if {@code relu}. {@code y} may be
   * {@code x}. Called once per channel and group, so the run is given as plain numbers.
   *
   * @param begin the first value in both arrays
   * @param end one behind the last; {@code end − begin} is a multiple of L
   */
  void scaleShift(float[] x, float scale, float shift, boolean relu, float[] y, int begin, int end);

  /**
   * sums[begin + c] += Σ_n Σ_p (a[n, c, p] − aShift[c]) · (b[n, c, p] − bShift[c]): a sum of
   * squared deviations, or a part of a gradient.
   *
   * @param shape channels and plane
   * @param a [groups, C, plane, L] and its shifts [C]
   * @param b likewise; may be {@code a}
   * @param sums receives C sums
   * @param begin the position of the first sum
   * @param groups the groups of images to sum over
   * @param pad working memory of the thread
   */
  void addChannelProducts(
      ChannelShape shape,
      Shifted a,
      Shifted b,
      float[] sums,
      int begin,
      Range groups,
      Scratchpad pad);

  /**
   * The penalty l1·Σ|w| + l2/2·Σw² of parameters {@code begin} to {@code end}; its gradient is
   * added to {@code gradients}.
   *
   * @param begin the first parameter, in both arrays
   * @param end one behind the last
   * @param l1 at least 0
   * @param l2 at least 0
   * @return the penalty
   */
  double addPenalty(float[] parameters, float[] gradients, int begin, int end, float l1, float l2);

  /**
   * The gradient of a ReLU, in place: dy becomes 0 where the output y is 0; where y is NaN, dy is
   * kept.
   *
   * @param begin the first value in both arrays
   * @param end one behind the last; {@code end − begin} is a multiple of L
   */
  void reluGradient(float[] y, float[] dy, int begin, int end);

  /**
   * A tensor from whose every value a number is subtracted, one for each channel.
   *
   * @param values [groups, C, plane, L]
   * @param shifts [C]
   */
  record Shifted(float[] values, float[] shifts) {}
}
