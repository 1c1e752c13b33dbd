package cnnlab.onnx.read;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * Element-wise operators on constants, with ONNX's broadcasting: axes are aligned at the end, and
 * one of size 1 is repeated.
 */
final class Broadcast {
  private Broadcast() {}

  /** The number of values of a shape, within the limit. */
  static int size(OnnxNode node, long[] shape) {
    long size = Arrays.stream(shape).anyMatch(d -> d < 0 || d > Limits.FOLDED) ? -1 : 1;
    for (long d : shape) {
      size = size < 0 || size > Limits.FOLDED ? -1 : size * d;
    }
    if (size < 0 || size > Limits.FOLDED || shape.length > Limits.RANK) {
      throw node.fault(
          "it computes a constant of shape %s; at most %,d values are supported"
              .formatted(Arrays.toString(shape), Limits.FOLDED));
    }
    return (int) size;
  }

  static long[] shape(OnnxNode node, List<Tensor> in) {
    int rank = in.stream().mapToInt(t -> t.shape().length).max().orElse(0);
    long[] shape = new long[rank];
    Arrays.fill(shape, 1);
    for (Tensor t : in) {
      int skip = rank - t.shape().length;
      for (int i = 0; i < t.shape().length; i++) {
        long d = t.shape()[i];
        if (shape[skip + i] != d && shape[skip + i] != 1 && d != 1) {
          throw node.fault("its inputs do not fit: " + in);
        }
        shape[skip + i] = d == 1 ? shape[skip + i] : d;
      }
    }
    return shape;
  }

  /** Repeats a tensor so that it has the given shape, or the one that both broadcast to. */
  static Tensor to(OnnxNode node, Tensor x, long[] wanted) {
    size(node, wanted);
    long[] shape = shape(node, List.of(x, Tensor.reals(new float[size(node, wanted)], wanted)));
    if (Arrays.equals(shape, x.shape())) {
      return x;
    }
    int[] positions = new int[size(node, shape)];
    int skip = shape.length - x.shape().length;
    for (int i = 0; i < positions.length; i++) {
      int rest = i;
      int at = 0;
      int step = 1;
      for (int axis = shape.length - 1; axis >= skip; axis--) {
        int index = (int) (rest % shape[axis]);
        rest /= (int) shape[axis];
        if (x.shape()[axis - skip] != 1) {
          at += index * step;
        }
        step *= (int) x.shape()[axis - skip];
      }
      positions[i] = at;
    }
    return x.picked(positions, shape);
  }

  /** An operator on two or more tensors. */
  static Tensor apply(OnnxNode node, List<Tensor> in, DoubleBinaryOperator f) {
    return apply(node, in, f, in.get(0).kind());
  }

  /** A comparison of two tensors. */
  static Tensor test(OnnxNode node, List<Tensor> in, DoubleBinaryOperator f) {
    return apply(node, in, f, Tensor.Kind.BOOLEAN);
  }

  private static Tensor apply(
      OnnxNode node, List<Tensor> in, DoubleBinaryOperator f, Tensor.Kind kind) {
    // Whether a size of −1 is asked for can be answered without knowing the number of examples.
    if (kind != Tensor.Kind.BOOLEAN) {
      Folding.requireNoBatch(node, in);
    }
    long[] shape = shape(node, in);
    double[] values = null;
    for (Tensor each : in) {
      Tensor t = to(node, each, shape);
      double[] result = new double[t.size()];
      for (int i = 0; i < result.length; i++) {
        result[i] = values == null ? t.at(i) : f.applyAsDouble(values[i], t.at(i));
      }
      values = result;
    }
    return Tensor.of(kind, values, shape);
  }

  static Tensor each(OnnxNode node, Tensor x, DoubleUnaryOperator f) {
    Folding.requireNoBatch(node, List.of(x));
    double[] values = new double[size(node, x.shape())];
    for (int i = 0; i < values.length; i++) {
      values[i] = f.applyAsDouble(x.at(i));
    }
    return Tensor.of(x.kind(), values, x.shape());
  }
}
