package cnnlab.scratch.compiled;

import cnnlab.scratch.compiled.kernel.RowKernels;
import cnnlab.scratch.kernel.Scratchpad;
import cnnlab.scratch.layer.Activation;
import cnnlab.scratch.layer.ElementwiseMerge;
import java.util.List;

/** Steps that compute every value from the values at its place. */
final class PointwiseSteps {
  private PointwiseSteps() {}

  /** An activation, after a factor and a summand for each channel if there are any. */
  static final class Affine extends Step.OverRows {
    private final RowKernels kernels;
    private final Rows in;
    private final Rows out;
    private final float[] scale;
    private final float[] shift;
    private final Activation activation;
    private final int width;

    /**
     * @param scale a factor for each channel; null if there are neither factors nor summands
     * @param shift a summand for each channel
     */
    Affine(
        RowKernels kernels,
        Rows in,
        Rows out,
        double[] scale,
        double[] shift,
        Activation activation) {
      super(out, 2);
      this.kernels = kernels;
      this.in = in;
      this.out = out;
      this.width = kernels.padded(in.shape.channels());
      this.scale = padded(scale, width);
      this.shift = padded(shift, width);
      this.activation = activation;
    }

    private static float[] padded(double[] values, int width) {
      if (values == null) {
        return null;
      }
      float[] padded = new float[width];
      for (int c = 0; c < values.length; c++) {
        padded[c] = (float) values[c];
      }
      return padded;
    }

    @Override
    void row(int image, int i, Scratchpad pad) {
      int positions = out.shape.width();
      int first = (image * out.shape.height() + i) * positions;
      for (int p = first; p < first + positions; p++) {
        int y = p * out.stride;
        float[] x = in.values();
        int xAt = p * in.stride;
        if (scale != null) {
          kernels.scaleShift(x, xAt, scale, shift, out.values(), y, width);
          x = out.values();
          xAt = y;
        }
        if (activation.kind() != Activation.Kind.LINEAR) {
          kernels.activate(activation, x, xAt, out.values(), y, width);
        }
      }
    }
  }

  /** Sum, product or maximum of several inputs, and an activation. */
  static final class Merge extends Step.OverRows {
    private final RowKernels kernels;
    private final List<Rows> in;
    private final Rows out;
    private final ElementwiseMerge.Op op;
    private final Activation activation;
    private final int width;

    Merge(
        RowKernels kernels,
        List<Rows> in,
        Rows out,
        ElementwiseMerge.Op op,
        Activation activation) {
      super(out, 1 + in.size());
      this.kernels = kernels;
      this.in = in;
      this.out = out;
      this.op = op;
      this.activation = activation;
      this.width = kernels.padded(out.shape.channels());
    }

    /** Whether an operation has a loop here. */
    static boolean has(ElementwiseMerge.Op op) {
      return op != ElementwiseMerge.Op.SUBTRACT;
    }

    @Override
    void row(int image, int i, Scratchpad pad) {
      int positions = out.shape.width();
      int first = (image * out.shape.height() + i) * positions;
      for (int p = first; p < first + positions; p++) {
        int y = p * out.stride;
        kernels.copy(in.get(0).values(), p * in.get(0).stride, out.values(), y, width);
        for (int k = 1; k < in.size(); k++) {
          include(in.get(k).values(), p * in.get(k).stride, y);
        }
        if (op == ElementwiseMerge.Op.AVERAGE) {
          kernels.divide(out.values(), y, width, in.size());
        }
        if (activation.kind() != Activation.Kind.LINEAR) {
          kernels.activate(activation, out.values(), y, out.values(), y, width);
        }
      }
    }

    private void include(float[] x, int xAt, int y) {
      switch (op) {
        case MULTIPLY -> kernels.scale(x, xAt, out.values(), y, width);
        case MAXIMUM -> kernels.max(x, xAt, out.values(), y, width);
        default -> kernels.add(x, xAt, out.values(), y, width);
      }
    }
  }
}
