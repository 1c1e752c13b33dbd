package cnnlab.scratch.compiled;

import cnnlab.scratch.compiled.kernel.RowKernels;
import cnnlab.scratch.kernel.Scratchpad;

/** Maximum or mean over all positions. */
final class GlobalPoolStep extends Step.OverRows {
  private final RowKernels kernels;
  private final Rows in;
  private final Rows out;
  private final boolean max;
  private final int width;

  GlobalPoolStep(RowKernels kernels, Rows in, Rows out, boolean max) {
    super(out, in.shape.plane());
    this.kernels = kernels;
    this.in = in;
    this.out = out;
    this.max = max;
    this.width = kernels.padded(in.shape.channels());
  }

  @Override
  void row(int image, int i, Scratchpad pad) {
    int x = image * in.imageSize();
    int y = image * out.stride;
    kernels.copy(in.values(), x, out.values(), y, width);
    for (int p = 1; p < in.shape.plane(); p++) {
      if (max) {
        kernels.max(in.values(), x + p * in.stride, out.values(), y, width);
      } else {
        kernels.add(in.values(), x + p * in.stride, out.values(), y, width);
      }
    }
    if (!max) {
      kernels.divide(out.values(), y, width, in.shape.plane());
    }
  }
}
