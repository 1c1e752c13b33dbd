package cnnlab.onnx.layer;

import cnnlab.model.layer.ChannelsLastFlatten;
import cnnlab.onnx.read.Folding;
import cnnlab.onnx.read.OnnxNode;
import cnnlab.onnx.read.Tensor;
import java.util.Arrays;
import java.util.List;

/** Converts operators that change only the shape, which mostly need no computation. */
final class Shapes {
  private Shapes() {}

  static Live pass(Call call) {
    call.requireOneOutput();
    return call.live(0);
  }

  /** Cast between types of floating-point numbers. */
  static Live cast(Call call) {
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
    return call.live(0);
  }

  static Live transpose(Call call) {
    Live x = call.live(0);
    int[] axes = Folding.permutation(call.node(), x.shape());
    if (axes.length == 0 || axes[0] != 0) {
      throw call.node().fault("perm", Arrays.toString(axes), "the first axis in its place");
    }
    return x.withAxes(Arrays.stream(axes).mapToObj(a -> x.axes().get(a)).toList());
  }

  static Live squeeze(Call call) {
    Live x = call.live(0);
    long[] axes = Folding.axes(call.node(), call.constantOrNull(1));
    return shaped(call, x, Folding.squeezed(call.node(), x.shape(), axes));
  }

  static Live unsqueeze(Call call) {
    Live x = call.live(0);
    long[] axes = Folding.axes(call.node(), call.constantOrNull(1));
    return shaped(call, x, Folding.unsqueezed(call.node(), x.shape(), axes));
  }

  /** Flatten before an axis: [N, F] is supported. */
  static Live flatten(Call call) {
    Live x = call.live(0);
    int axis = (int) call.node().integer("axis", 1);
    int from = axis < 0 ? axis + x.rank() : axis;
    boolean examples = from >= 1 && from <= x.rank();
    for (int i = 1; examples && i < from; i++) {
      examples = x.shape()[i] == 1;
    }
    if (!examples) {
      throw call.node().fault("axis", axis, "1: all values of an example");
    }
    return shaped(call, x, new long[] {Tensor.BATCH, x.size()});
  }

  static Live reshape(Call call) {
    OnnxNode node = call.node();
    Live x = call.live(0);
    long[] target = call.integers(1);
    if (node.flag("allowzero", false) && Arrays.stream(target).anyMatch(d -> d == 0)) {
      throw node.fault("it makes an empty tensor of shape " + Arrays.toString(target));
    }
    return shaped(call, x, resolved(call, x, target.clone()));
  }

  /** Puts sizes for 0 and −1, and the number of examples for the one in the file. */
  private static long[] resolved(Call call, Live x, long[] target) {
    int open = -1;
    long known = 1;
    for (int i = 0; i < target.length; i++) {
      if (target[i] == 0 && i < x.rank()) {
        target[i] = x.shape()[i];
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
    if (target.length > 0 && open == 0 && known == x.size()) {
      target[0] = Tensor.BATCH;
    } else if (batchFirst && (target[0] == Tensor.BATCH || target[0] == call.graph().batch())) {
      target[0] = Tensor.BATCH;
      if (open > 0) {
        target[open] = x.size() / known;
      }
    }
    return target;
  }

  private static Live shaped(Call call, Live x, long[] shape) {
    Live same = x.reshaped(shape);
    if (same != null) {
      return same;
    }
    List<Integer> left = Arrays.stream(shape).filter(d -> d != 1).mapToObj(d -> (int) d).toList();
    boolean vector =
        shape.length > 1
            && shape[0] == Tensor.BATCH
            && left.size() == 2
            && Arrays.stream(shape).anyMatch(d -> d == x.size());
    if (!vector || x.isVector()) {
      throw wrong(call, x, shape);
    }
    Live flat;
    if (x.isInOrder()) {
      flat = call.flat(x, call.name());
    } else if (x.order().equals(List.of(0, Live.HEIGHT, Live.WIDTH, Live.CHANNELS))) {
      flat =
          call.graph()
              .preprocess(
                  call.name(),
                  new ChannelsLastFlatten(x.height(), x.width(), x.channels()),
                  Live.vector("", Math.toIntExact(x.size())),
                  x);
    } else {
      throw call.node().fault("it flattens %s, whose axes are transposed".formatted(x.text()));
    }
    return flat.reshaped(shape);
  }

  private static cnnlab.onnx.read.OnnxFault wrong(Call call, Live x, long[] shape) {
    String text =
        Arrays.stream(shape)
            .mapToObj(d -> d == Tensor.BATCH ? "N" : String.valueOf(d))
            .toList()
            .toString();
    return call.node()
        .fault(
            "from %s to %s; only a change to [N, F] and adding or removing sizes of 1 is supported"
                .formatted(x.text(), text));
  }

  /** Pad with zeros at the borders of an image. */
  static Live pad(Call call) {
    OnnxNode node = call.node();
    String mode = node.text("mode", "constant");
    double value = call.number(2, 0);
    if (!mode.equals("constant") || value != 0) {
      throw node.fault(
          "padding of mode %s with %s; only zeros are supported".formatted(mode, value));
    }
    Live x = call.live(0);
    long[] pads = call.integers(1);
    long[] axes = call.integers(3);
    int count = axes == null ? x.rank() : axes.length;
    if (pads.length != 2 * count) {
      throw node.fault("pads", Arrays.toString(pads), 2 * count + " numbers");
    }
    int[] p = new int[4];
    for (int i = 0; i < count; i++) {
      int axis = x.axes().get(Folding.axis(node, axes == null ? i : axes[i], x.rank()));
      if (pads[i] == 0 && pads[i + count] == 0) {
        continue;
      }
      boolean inside = !x.isVector() && (axis == Live.HEIGHT || axis == Live.WIDTH);
      if (!inside
          || pads[i] < 0
          || pads[i + count] < 0
          || Math.max(pads[i], pads[i + count]) > 1 << 20) {
        throw node.fault(
            "pads",
            Arrays.toString(pads),
            "positive numbers for the height and width of " + x.text());
      }
      p[axis == Live.HEIGHT ? 0 : 2] = (int) pads[i];
      p[axis == Live.HEIGHT ? 1 : 3] = (int) pads[i + count];
    }
    return Arrays.stream(p).allMatch(i -> i == 0) ? x : Convolutions.pad(call, call.name(), p, x);
  }
}
