package cnnlab.onnx.layer;

import cnnlab.onnx.layer.Sampling.Axis;
import cnnlab.onnx.read.Folding;
import cnnlab.onnx.read.Limits;
import cnnlab.onnx.read.OnnxFault;
import cnnlab.onnx.read.OnnxNode;
import cnnlab.onnx.read.Tensor;
import cnnlab.onnx.read.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Converts operators that change only the shape, which mostly need no computation. */
final class Shapes {
  private static final int MOST = 1 << 16;

  private Shapes() {}

  static Value pass(Call call) {
    call.requireOneOutput();
    return call.input(0);
  }

  /** Cast between types of floating-point numbers. */
  static Value cast(Call call) {
    call.node().ignore("saturate");
    long to = call.node().integer("to", 0);
    List<Long> reals = List.of(1L, 10L, 11L, 16L);
    if (!reals.contains(to)) {
      throw call.node().fault("to", to, "a type of floating-point numbers, " + reals);
    }
    if (to != 1) {
      call.graph()
          .note(
              "node '%s': the file computes in another type, here it is float32"
                  .formatted(call.name()));
    }
    return call.input(0);
  }

  static Value transpose(Call call) {
    Value x = call.input(0);
    int[] axes = Folding.permutation(call.node(), x.shape());
    if (axes.length == 0 || axes[0] != 0) {
      throw call.node()
          .fault(
              "perm",
              Arrays.toString(axes),
              "the first axis, the batch, in its place. A file of a batch of 1 may move it: export the model with one example and without dynamic axes");
    }
    return call.graph().layouts().transposed(call.name(), x, axes);
  }

  static Value squeeze(Call call) {
    long[] axes = Folding.axes(call.node(), call.constantOrNull(1));
    return shaped(call, Folding.squeezed(call.node(), call.input(0).shape(), axes));
  }

  static Value unsqueeze(Call call) {
    long[] axes = Folding.axes(call.node(), call.constantOrNull(1));
    return shaped(call, Folding.unsqueezed(call.node(), call.input(0).shape(), axes));
  }

  /** Flatten before an axis: [N, F] is supported. */
  static Value flatten(Call call) {
    long[] shape = call.input(0).shape();
    int axis = (int) call.node().integer("axis", 1);
    int from = axis < 0 ? axis + shape.length : axis;
    boolean examples = from >= 1 && from <= shape.length;
    for (int i = 1; examples && i < from; i++) {
      examples = shape[i] == 1;
    }
    if (!examples) {
      throw call.node().fault("axis", axis, "1: all values of an example");
    }
    return shaped(call, new long[] {Tensor.BATCH, size(shape)});
  }

  private static long size(long[] shape) {
    return Tensor.size(Arrays.copyOfRange(shape, 1, shape.length));
  }

  static Value reshape(Call call) {
    OnnxNode node = call.node();
    long[] target = call.integers(1);
    if (node.flag("allowzero", false) && Arrays.stream(target).anyMatch(d -> d == 0)) {
      throw node.fault("it makes an empty tensor of shape " + Arrays.toString(target));
    }
    return shaped(call, resolved(call, call.input(0).shape(), target.clone()));
  }

  /** Puts sizes for 0 and −1, and the number of examples for the one in the file. */
  private static long[] resolved(Call call, long[] x, long[] target) {
    int open = -1;
    long known = 1;
    for (int i = 0; i < target.length; i++) {
      if (target[i] == 0 && i < x.length) {
        target[i] = x[i];
      }
      if (target[i] == -1 && open < 0) {
        open = i;
      } else if (target[i] != Tensor.BATCH && i > 0) {
        if (target[i] < 1) {
          throw wrong(call, x, target);
        }
        known = Math.multiplyExact(known, target[i]);
      }
    }
    boolean batchFirst = target.length > 0 && (target[0] == Tensor.BATCH || open != 0);
    if (target.length > 0 && open == 0 && known == size(x)) {
      target[0] = Tensor.BATCH;
    } else if (batchFirst && (target[0] == Tensor.BATCH || target[0] == call.graph().batch())) {
      target[0] = Tensor.BATCH;
      if (open > 0) {
        target[open] = size(x) / known;
      }
    }
    return target;
  }

  private static Value shaped(Call call, long[] shape) {
    Value x = call.input(0);
    boolean fits = shape.length > 0 && shape[0] == Tensor.BATCH && x.shape()[0] == Tensor.BATCH;
    for (int i = 1; fits && i < shape.length; i++) {
      fits = shape[i] > 0 && shape[i] <= Limits.ACTIVATIONS;
    }
    if (!fits || size(shape) != size(x.shape())) {
      throw wrong(call, x.shape(), shape);
    }
    return call.graph().layouts().reshaped(call.name(), x, shape);
  }

  private static OnnxFault wrong(Call call, long[] from, long[] to) {
    return call.node()
        .fault(
            "from %s to %s; expected as many values for each example, and the batch first"
                .formatted(text(from), text(to)));
  }

  /** A shape for messages, with N for the number of examples. */
  static String text(long[] shape) {
    return Arrays.stream(shape)
        .mapToObj(d -> d == Tensor.BATCH ? "N" : String.valueOf(d))
        .toList()
        .toString();
  }

  /** Pad with a number or with values of the other axes; negative numbers take values away. */
  static Live pad(Call call) {
    OnnxNode node = call.node();
    String mode = node.text("mode", "constant");
    float value = (float) call.number(2, 0);
    Live x = call.live(0);
    long[] pads = call.integers(1);
    long[] axes = call.integers(3);
    int count = axes == null ? x.rank() : axes.length;
    if (pads.length != 2 * count) {
      throw node.fault("pads", Arrays.toString(pads), 2 * count + " numbers");
    }
    int[] zeros = new int[4];
    Map<Integer, Axis> padded = new TreeMap<>();
    boolean plain = mode.equals("constant") && value == 0 && !x.isVector();
    for (int i = 0; i < count; i++) {
      int axis = Folding.axis(node, axes == null ? i : axes[i], x.rank());
      long before = pads[i];
      long after = pads[i + count];
      if (before == 0 && after == 0) {
        continue;
      }
      call.requireExample(x, axis);
      int size = (int) x.shape()[axis];
      if (Math.abs(before) > MOST || Math.abs(after) > MOST || size + before + after < 1) {
        throw node.fault(
            "pads", Arrays.toString(pads), "numbers that leave something of " + x.text());
      }
      int place = x.axes().get(axis);
      plain &= before >= 0 && after >= 0 && place >= Live.HEIGHT;
      if (plain) {
        zeros[place == Live.HEIGHT ? 0 : 2] = (int) before;
        zeros[place == Live.HEIGHT ? 1 : 3] = (int) after;
      }
      padded.put(
          axis,
          Axis.selecting(
              (int) (size + before + after), k -> source(node, mode, (int) (k - before), size)));
    }
    if (padded.isEmpty()) {
      return x;
    }
    if (plain) {
      return Convolutions.pad(call, call.name(), zeros, x);
    }
    if (value == 0 || !mode.equals("constant")) {
      return Sampling.apply(call, call.name(), x, padded);
    }
    Live moved =
        call.graph().affine(call.name() + ".moved", new float[] {1}, new float[] {-value}, x);
    Live made = Sampling.apply(call, call.name() + ".zeros", moved, padded);
    return call.graph().affine(call.name(), new float[] {1}, new float[] {value}, made);
  }

  /** The index of the value that padding repeats; −1 for none. */
  private static int source(OnnxNode node, String mode, int index, int size) {
    if (index >= 0 && index < size) {
      return index;
    }
    switch (mode) {
      case "constant" -> {
        return -1;
      }
      case "edge" -> {
        return index < 0 ? 0 : size - 1;
      }
      case "wrap" -> {
        return Math.floorMod(index, size);
      }
      case "reflect" -> {
        if (size == 1) {
          return 0;
        }
        int turn = Math.floorMod(index, 2 * size - 2);
        return turn < size ? turn : 2 * size - 2 - turn;
      }
      default -> throw node.fault("mode", mode, "constant, edge, reflect or wrap");
    }
  }
}
