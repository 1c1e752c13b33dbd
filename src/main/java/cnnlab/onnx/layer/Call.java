package cnnlab.onnx.layer;

import cnnlab.onnx.read.OnnxGraph;
import cnnlab.onnx.read.OnnxNode;
import cnnlab.onnx.read.Tensor;
import cnnlab.onnx.read.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;

/**
 * One node with the values of its inputs, and the graph to which it adds.
 *
 * @param inputs in the node's order; null for one that is left out
 */
record Call(OnnxNode node, List<Value> inputs, OnnxGraph file, Assembly graph) {
  /** The node's name. */
  String name() {
    return node.name();
  }

  int count() {
    return inputs.size();
  }

  /** An input, whatever it is. */
  Value input(int index) {
    Value value = index < inputs.size() ? inputs.get(index) : null;
    if (value == null) {
      throw node.fault("input %d is missing".formatted(index));
    }
    return value;
  }

  boolean has(int index) {
    return index < inputs.size() && inputs.get(index) != null;
  }

  boolean isLive(int index) {
    return has(index) && inputs.get(index) instanceof Live;
  }

  /** An input that is computed from the model's input. */
  Live live(int index) {
    if (input(index) instanceof Live live) {
      return live;
    }
    throw node.fault(
        "input %d is a constant; expected one that depends on the model's input".formatted(index));
  }

  /** An input that is a constant. */
  Tensor constant(int index) {
    if (input(index) instanceof Tensor tensor) {
      return tensor;
    }
    throw node.fault(
        "input %d ('%s') is computed from the model's input; only a constant is supported here"
            .formatted(index, node.inputs().get(index)));
  }

  Tensor constantOrNull(int index) {
    return has(index) ? constant(index) : null;
  }

  /** A constant of one value. */
  double number(int index, double otherwise) {
    Tensor t = constantOrNull(index);
    if (t == null) {
      return otherwise;
    }
    if (t.size() != 1) {
      throw node.fault("input %d is %s; expected a single number".formatted(index, t));
    }
    return t.at(0);
  }

  /** The integers of an input, or null when it is left out. */
  long[] integers(int index) {
    Tensor t = constantOrNull(index);
    if (t != null && (t.isReal() || t.shape().length > 1)) {
      throw node.fault("input %d is %s; expected a list of integers".formatted(index, t));
    }
    return t == null ? null : t.longs();
  }

  void requireShape(String what, Tensor t, long... shape) {
    if (t != null && !Arrays.equals(t.shape(), shape)) {
      throw node.fault(
          "its %s has shape %s; expected %s"
              .formatted(what, Arrays.toString(t.shape()), Arrays.toString(shape)));
    }
  }

  /** An input as images [N, C, H, W], or [N, C, W] with H = 1. */
  Live image(int index) {
    Live x = live(index);
    if (x.axes().get(0) != 0 || x.rank() != 3 && x.rank() != 4) {
      throw node.fault("its input %s is no image [N, C, H, W] here".formatted(x.text()));
    }
    return graph.layouts().image(name(), x);
  }

  /** An input as vectors [N, F], flattened if it is an image of one value per channel. */
  Live vector(int index) {
    Live x = live(index);
    if (x.rank() != 2 || x.axes().get(0) != 0) {
      throw node.fault("its input has shape %s; expected [N, F]".formatted(x.text()));
    }
    if (x.isVector()) {
      return x.withAxes(List.of(0, 1));
    }
    return flat(x);
  }

  /** An input with one of its axes, counted from 0, as that of the channels. */
  Live withChannels(int index, int axis) {
    Live x = live(index);
    requireExample(x, axis);
    return graph.layouts().withChannels(name(), x, axis);
  }

  /** Requires that the batch comes first, and that an axis is another one. */
  void requireExample(Value x, int axis) {
    if (x.shape()[0] != Tensor.BATCH || axis == 0) {
      throw node.fault(
          "axis",
          axis,
          "one of the values of each example: %s has the batch there"
              .formatted(Shapes.text(x.shape())));
    }
  }

  /** All values of an image in the order of the vertex, as a vector. */
  Live flat(Live x) {
    return flat(x, name() + ".flat");
  }

  /** As {@link #flat(Live)}, with the name of the vertex. */
  Live flat(Live x, String vertex) {
    Live out = Live.vector("", Math.toIntExact(x.size()));
    return graph.preprocess(
        vertex, new CnnToFeedForwardPreProcessor(x.height(), x.width(), x.channels()), out, x);
  }

  /** Requires that outputs after the first are not used. */
  void requireOneOutput() {
    List<String> used = new ArrayList<>();
    for (String name : node.outputs().subList(1, node.outputs().size())) {
      if (!name.isEmpty() && (!file.consumers(name).isEmpty() || file.outputs().contains(name))) {
        used.add(name);
      }
    }
    if (!used.isEmpty()) {
      throw node.fault("its outputs %s are used; only the first is supported".formatted(used));
    }
  }
}
