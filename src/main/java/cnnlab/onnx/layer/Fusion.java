package cnnlab.onnx.layer;

import cnnlab.onnx.read.OnnxNode;
import cnnlab.onnx.read.Tensor;
import java.util.List;
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
            && !call.file().outputs().contains(name)
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
}
