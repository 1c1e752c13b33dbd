package cnnlab.onnx.layer;

import cnnlab.onnx.read.OnnxNode;
import cnnlab.onnx.read.Value;
import java.util.List;

/**
 * A part of a formula that is not computed by itself: exporters write some activations as several
 * operators. {@link Formulas} finds the activation when its last operator is read.
 *
 * @param node the operator
 * @param inputs its inputs
 * @param like a value of the same shape
 */
record Pending(OnnxNode node, List<Value> inputs, Live like) implements Value {
  @Override
  public long[] shape() {
    return like.shape();
  }

  /** The first node of the formula that is not supported alone. */
  OnnxNode first() {
    for (Value value : inputs) {
      if (value instanceof Pending p) {
        return p.first();
      }
    }
    return node;
  }
}
