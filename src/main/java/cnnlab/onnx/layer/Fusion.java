package cnnlab.onnx.layer;

import cnnlab.onnx.read.Folding;
import cnnlab.onnx.read.OnnxGraph;
import cnnlab.onnx.read.OnnxNode;
import cnnlab.onnx.read.Tensor;
import cnnlab.onnx.read.Value;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Finds nodes that belong together. */
final class Fusion {
  private Fusion() {}

  /**
   * The constant that the only reader of a product adds to it: its bias. The reader then passes its
   * input on; see {@link #isBias}.
   *
   * @return null when there is none
   */
  static Supplier<float[]> biasBehind(Call call, int out) {
    OnnxNode add = onlyReader(call);
    Tensor bias = add == null ? null : bias(call, add, out);
    if (bias == null) {
      return null;
    }
    call.graph().markPassed(add);
    return bias::floats;
  }

  private static OnnxNode onlyReader(Call call) {
    String name = call.node().output();
    List<OnnxNode> readers = call.file().consumers(name);
    return readers.size() == 1
            && !name.equals(call.file().output())
            && readers.get(0).operator().equals("Add")
            && readers.get(0).inputs().size() == 2
            && !readers.get(0).inputs().get(0).equals(readers.get(0).inputs().get(1))
        ? readers.get(0)
        : null;
  }

  private static Tensor bias(Call call, OnnxNode add, int out) {
    int own = add.inputs().indexOf(call.node().output());
    Tensor c = call.file().initialiser(add.inputs().get(1 - own));
    boolean fits =
        c != null
            && c.isReal()
            && c.size() == out
            && c.shape().length >= 1
            && c.shape().length <= 2
            && c.shape()[c.shape().length - 1] == out;
    return fits ? c : null;
  }

  /**
   * Layer normalisation without scale, as exporters write it before operator set 17:
   *
   * <pre>
   *   d = x − mean(x),   d / √(mean(d²) + epsilon)
   * </pre>
   *
   * @param node the division
   * @param values gives the value of a name
   * @return null when it is none
   */
  static Value normalised(
      OnnxNode node, OnnxGraph file, Assembly graph, Function<String, Value> values) {
    OnnxNode root = producer(file, node, 1, "Sqrt");
    OnnxNode add = producer(file, root, 0, "Add");
    if (add == null) {
      return null;
    }
    int own = values.apply(add.inputs().get(0)) instanceof Tensor ? 1 : 0;
    OnnxNode variance = producer(file, add, own, "ReduceMean");
    OnnxNode power = producer(file, variance, 0, "Pow");
    OnnxNode square = power == null ? producer(file, variance, 0, "Mul") : power;
    OnnxNode centred = producer(file, square, 0, "Sub");
    OnnxNode mean = producer(file, centred, 1, "ReduceMean");
    boolean same =
        mean != null
            && square.inputs().get(0).equals(node.inputs().get(0))
            && mean.inputs().get(0).equals(centred.inputs().get(0))
            && (power == null
                ? square.inputs().get(1).equals(square.inputs().get(0))
                : values.apply(power.inputs().get(1)) instanceof Tensor two
                    && two.size() == 1
                    && two.at(0) == 2);
    if (!same
        || !(values.apply(add.inputs().get(1 - own)) instanceof Tensor epsilon)
        || epsilon.size() != 1) {
      return null;
    }
    Value x = values.apply(centred.inputs().get(0));
    long[] axes = axes(mean, values);
    if (axes == null || !Arrays.equals(axes, axes(variance, values))) {
      return null;
    }
    int rank = x.shape().length;
    long[] sorted = Arrays.stream(axes).map(a -> Folding.axis(mean, a, rank)).sorted().toArray();
    for (int i = 0; i < sorted.length; i++) {
      if (sorted[i] != rank - sorted.length + i) {
        return null;
      }
    }
    Call call = new Call(node, List.of(graph.layouts().live(x)), file, graph);
    return Normalizations.ofLastAxes(call, (int) sorted[0], epsilon.at(0));
  }

  private static long[] axes(OnnxNode mean, Function<String, Value> values) {
    boolean second = mean.inputs().size() > 1;
    Tensor given = second && values.apply(mean.inputs().get(1)) instanceof Tensor t ? t : null;
    long[] axes = Folding.axes(mean, given);
    return axes == null || axes.length == 0 || !mean.flag("keepdims", true) ? null : axes;
  }

  private static OnnxNode producer(OnnxGraph file, OnnxNode node, int input, String operator) {
    OnnxNode from =
        node == null || node.inputs().size() <= input
            ? null
            : file.producer(node.inputs().get(input));
    return from != null && from.operator().equals(operator) ? from : null;
  }
}
