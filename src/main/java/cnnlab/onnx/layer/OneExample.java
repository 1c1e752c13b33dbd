package cnnlab.onnx.layer;

import cnnlab.onnx.read.Folding;
import cnnlab.onnx.read.OnnxFault;
import cnnlab.onnx.read.OnnxNode;
import cnnlab.onnx.read.Tensor;
import cnnlab.onnx.read.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * A value of a file for one example, whose batch of 1 is an axis like any other: it was moved
 * between the others or joined with one, as PyTorch does in attention ({@code [T, N, C]}, {@code [N
 * · heads, T, D]}). What the file computes with it is computed for each example, with one more axis
 * in front.
 *
 * @param all the value of every example; the batch first, and then the axes of the file
 */
record OneExample(Value all) implements Value {
  private static final int INNER = -1;

  /** The operators that take such values, with the axis that they mean by default. */
  private static final Map<String, Integer> AXES =
      Map.ofEntries(
          Map.entry("Gather", 0),
          Map.entry("Split", 0),
          Map.entry("Concat", INNER),
          Map.entry("Softmax", INNER),
          Map.entry("LogSoftmax", INNER),
          Map.entry("LayerNormalization", INNER),
          Map.entry("Transpose", INNER),
          Map.entry("Reshape", INNER),
          Map.entry("Squeeze", INNER),
          Map.entry("Unsqueeze", INNER),
          Map.entry("Slice", INNER),
          Map.entry("ReduceMean", INNER),
          Map.entry("MatMul", INNER),
          Map.entry("Gemm", INNER));

  /** Operators on each value alone. */
  private static final Set<String> ELEMENTWISE =
      Set.of(
          "Add",
          "Sub",
          "Mul",
          "Div",
          "Neg",
          "Pow",
          "Relu",
          "LeakyRelu",
          "Elu",
          "Celu",
          "Selu",
          "Gelu",
          "Erf",
          "Sigmoid",
          "HardSigmoid",
          "HardSwish",
          "Mish",
          "Tanh",
          "Clip",
          "Exp",
          "Softplus",
          "Softsign",
          "Max",
          "Min",
          "Sum",
          "Mean",
          "Cast",
          "Identity",
          "Dropout");

  /** The last operator set in which softmax by default means all axes from the second on. */
  private static final int FLATTENING_SOFTMAX = 12;

  /** Computes a node. */
  interface Computation {
    List<Value> made(OnnxNode node, List<Value> inputs);
  }

  @Override
  public long[] shape() {
    long[] shape = all.shape();
    return Arrays.copyOfRange(shape, 1, shape.length);
  }

  /** A fault of what would give this value to the user or to an operator that cannot have it. */
  OnnxFault fault(String what) {
    return new OnnxFault(
        "%s has the shape %s, without the batch in front, which is not supported"
            .formatted(what, Shapes.text(shape())));
  }

  /** Whether a node moves the batch from its place, or has an input without it. */
  static boolean concerns(OnnxNode node, List<Value> inputs, Assembly graph) {
    if (inputs.stream().anyMatch(OneExample.class::isInstance)) {
      return true;
    }
    if (graph.batch() != 1
        || inputs.isEmpty()
        || !(inputs.get(0) instanceof Live || inputs.get(0) instanceof Loose)) {
      return false;
    }
    long[] shape = inputs.get(0).shape();
    if (shape.length == 0 || shape[0] != Tensor.BATCH) {
      return false;
    }
    return switch (node.operator()) {
      case "Transpose" -> Folding.permutation(node, shape)[0] != 0;
      case "Squeeze" -> {
        long[] axes = Folding.axes(node, second(inputs));
        yield axes != null
            && LongStream.of(axes).anyMatch(a -> Folding.axis(node, a, shape.length) == 0);
      }
      case "Gather" ->
          inputs.get(1) instanceof Tensor
              && Folding.axis(node, node.integer("axis", 0), shape.length) == 0;
      case "Reshape" -> second(inputs) != null && !batchFirst(shape, second(inputs).longs(), node);
      default -> false;
    };
  }

  private static Tensor second(List<Value> inputs) {
    return inputs.size() > 1 && inputs.get(1) instanceof Tensor tensor ? tensor : null;
  }

  /** Whether a reshape leaves the batch in front. */
  private static boolean batchFirst(long[] shape, long[] target, OnnxNode node) {
    if (target.length == 0 || target[0] == 0 && !node.flag("allowzero", false)) {
      return true;
    }
    if (target[0] != -1) {
      return target[0] == Tensor.BATCH || target[0] == 1;
    }
    long known = 1;
    for (int i = 1; i < target.length; i++) {
      known *= target[i] == 0 && i < shape.length ? shape[i] : target[i];
    }
    return known == Tensor.size(Arrays.copyOfRange(shape, 1, shape.length));
  }

  /** The outputs of a node that {@link #concerns} such values. */
  static List<Value> made(
      OnnxNode node, List<Value> inputs, Assembly graph, Computation computation) {
    Integer byDefault = AXES.get(node.operator());
    boolean elementwise = ELEMENTWISE.contains(node.operator());
    if (byDefault == null && !elementwise) {
      for (Value value : inputs) {
        if (value instanceof OneExample whole) {
          throw whole.fault("an input of node '%s' (%s)".formatted(node.name(), node.operator()));
        }
      }
    }
    Layouts layouts = graph.layouts();
    List<Value> whole = new ArrayList<>();
    for (Value value : inputs) {
      whole.add(whole(node, value, layouts));
    }
    boolean softmax = node.operator().endsWith("Softmax") && node.opset() <= FLATTENING_SOFTMAX;
    OnnxNode shifted = node.withLeadingAxis(softmax ? 1 : elementwise ? INNER : byDefault);
    shiftNumbers(node, whole);
    List<Value> made = new ArrayList<>();
    for (Value value : computation.made(shifted, whole)) {
      made.add(value instanceof Pending ? value : normal(node.name(), value, layouts));
    }
    shifted.requireAllRead();
    return made;
  }

  /** A value with the batch in front, and the file's own batch as an axis of size 1. */
  private static Value whole(OnnxNode node, Value value, Layouts layouts) {
    if (value instanceof OneExample example) {
      return example.all;
    }
    if (value instanceof Live || value instanceof Loose) {
      long[] shape = value.shape();
      if (shape.length == 0 || shape[0] != Tensor.BATCH) {
        throw node.fault(
            "an input of shape %s without the batch in front".formatted(Shapes.text(shape)));
      }
      long[] more = new long[shape.length + 1];
      System.arraycopy(shape, 0, more, 1, shape.length);
      more[0] = Tensor.BATCH;
      more[1] = 1;
      return layouts.reshaped(node.name(), value, more);
    }
    return value;
  }

  /** Adjusts inputs that are constants and number axes, or give shapes. */
  private static void shiftNumbers(OnnxNode node, List<Value> inputs) {
    switch (node.operator()) {
      case "Reshape" -> {
        if (second(inputs) != null) {
          long[] target = second(inputs).longs();
          long[] more = new long[target.length + 1];
          more[0] = Tensor.BATCH;
          for (int i = 0; i < target.length; i++) {
            more[i + 1] = target[i] == Tensor.BATCH ? 1 : target[i];
          }
          inputs.set(1, Tensor.integers(more, more.length));
        }
      }
      case "Squeeze", "Unsqueeze", "ReduceMean" -> shift(inputs, 1);
      case "Slice" -> {
        if (inputs.size() < 4 && second(inputs) != null) {
          long[] all = LongStream.range(0, second(inputs).size()).toArray();
          inputs.add(Tensor.integers(all, all.length));
        }
        shift(inputs, 3);
      }
      default -> {
        // It has none.
      }
    }
  }

  private static void shift(List<Value> inputs, int index) {
    if (index < inputs.size() && inputs.get(index) instanceof Tensor axes) {
      long[] shifted = LongStream.of(axes.longs()).map(a -> a < 0 ? a : a + 1).toArray();
      inputs.set(index, Tensor.integers(shifted, axes.shape()));
    }
  }

  /** With the file's batch as that of all, if it is in front again. */
  private static Value normal(String node, Value value, Layouts layouts) {
    long[] shape = value.shape();
    if (shape.length < 2 || shape[0] != Tensor.BATCH || shape[1] != 1) {
      return new OneExample(value);
    }
    long[] less = Arrays.copyOfRange(shape, 1, shape.length);
    less[0] = Tensor.BATCH;
    return layouts.reshaped(node, value, less);
  }
}
