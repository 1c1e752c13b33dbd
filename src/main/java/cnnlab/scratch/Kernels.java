package cnnlab.scratch;

/**
 * The loops that take the time, behind one interface, so that the plain ones can be exchanged for
 * fast ones.
 *
 * <p>Every method works on groups {@code from} (inclusive) to {@code to} (exclusive) of L = {@link
 * #lanes} images; tensors are laid out as {@link Pass} tells. Weights of a convolution are [O, C,
 * KH, KW], those of a dense layer [in, out], both row-major.
 */
public interface Kernels {

  /** A short name for tables: {@code reference} or {@code vector}. */
  String name();

  /** L, the images that lie side by side in memory. */
  int lanes();

  /**
   * Convolution with bias and a fused linear or ReLU activation; see {@link Conv2d}.
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
      ConvShape shape,
      float[] x,
      float[] parameters,
      int weights,
      int bias,
      boolean relu,
      float[] y,
      int from,
      int to);

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
      int to);

  /**
   * Maximum over each window; padding never wins.
   *
   * @param channels C of input and output
   * @param x input [groups, C, H, W, L]
   * @param y output [groups, C, OH, OW, L]
   */
  void maxPool2d(int channels, Window.Geometry geometry, float[] x, float[] y, int from, int to);

  /**
   * Channels and placed window of a convolution.
   *
   * @param inChannels C
   * @param outChannels O
   * @param geometry the window on the input
   */
  record ConvShape(int inChannels, int outChannels, Window.Geometry geometry) {}
}
