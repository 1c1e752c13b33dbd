package cnnlab.scratch.kernel;

/**
 * Channels of a convolution and its window on the input, with the tables that fast kernels derive
 * from them, computed once. Safe to share between threads.
 */
public final class ConvolutionGeometry {
  private final int inChannels;
  private final int outChannels;
  private final Window.Geometry geometry;
  private PaddedInput paddedInput;
  private PaddedInput paddedGradient;

  /**
   * @param inChannels C, at least 1
   * @param outChannels O, at least 1
   * @param geometry the window on the input
   */
  public ConvolutionGeometry(int inChannels, int outChannels, Window.Geometry geometry) {
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.geometry = geometry;
  }

  /** C. */
  public int inChannels() {
    return inChannels;
  }

  /** O. */
  public int outChannels() {
    return outChannels;
  }

  /** The window on the input. */
  public Window.Geometry geometry() {
    return geometry;
  }

  /** Where the kernel from input channel c to output channel o begins in [O, C, KH, KW]. */
  int weight(int o, int c) {
    return (o * inChannels + c) * geometry.kernelHeight() * geometry.kernelWidth();
  }

  /** The layout of the padded input. */
  synchronized PaddedInput paddedInput(int lanes) {
    if (paddedInput == null) {
      paddedInput = PaddedInput.forConvolution(inChannels, geometry, lanes);
    }
    return paddedInput;
  }

  /** The layout of the padded gradient of the output. */
  synchronized PaddedInput paddedGradient(int lanes) {
    if (paddedGradient == null) {
      paddedGradient = PaddedInput.forInputGradient(outChannels, geometry, lanes);
    }
    return paddedGradient;
  }
}
