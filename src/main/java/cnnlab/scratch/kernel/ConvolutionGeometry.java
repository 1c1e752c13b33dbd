package cnnlab.scratch.kernel;

/** Channels and placed window of a convolution, with what fast kernels derive from them, once. */
public final class ConvolutionGeometry {
  private final int inChannels;
  private final int outChannels;
  private final Window.Geometry geometry;
  private PaddedInput planes;
  private PaddedInput gradientPlanes;

  /**
   * @param inChannels C
   * @param outChannels O
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

  /** The padded input. */
  synchronized PaddedInput planes(int lanes) {
    if (planes == null) {
      planes = PaddedInput.forConvolution(inChannels, geometry, lanes);
    }
    return planes;
  }

  /** The padded gradient of the output. */
  synchronized PaddedInput gradientPlanes(int lanes) {
    if (gradientPlanes == null) {
      gradientPlanes = PaddedInput.forInputGradient(outChannels, geometry, lanes);
    }
    return gradientPlanes;
  }
}
