package cnnlab.onnx.layer;

import cnnlab.onnx.read.Folding;
import cnnlab.onnx.read.OnnxNode;
import cnnlab.onnx.read.Tensor;
import cnnlab.onnx.read.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex.Op;
import org.deeplearning4j.nn.conf.graph.MergeVertex;

/** Converts arithmetic on values, and concatenation. */
final class Merges {
  private Merges() {}

  static Live add(Call call) {
    return arithmetic(call, Op.Add);
  }

  static Live subtract(Call call) {
    return arithmetic(call, Op.Subtract);
  }

  static Live multiply(Call call) {
    return arithmetic(call, Op.Product);
  }

  static Live mean(Call call) {
    return merged(call, Op.Average, lives(call));
  }

  static Live maximum(Call call) {
    return merged(call, Op.Max, lives(call));
  }

  static Live sum(Call call) {
    return merged(call, Op.Add, lives(call));
  }

  static Live divide(Call call) {
    if (!call.isLive(0) || call.isLive(1)) {
      throw call.node()
          .fault("a division by what is computed; only one by a constant is supported");
    }
    float[] c = perChannel(call, call.live(0), call.constant(1));
    float[] scale = new float[c.length];
    for (int i = 0; i < c.length; i++) {
      scale[i] = 1 / c[i];
      if (c[i] == 0) {
        throw call.node().fault("a division by zero");
      }
    }
    return call.graph().affine(call.name(), scale, new float[] {0}, call.live(0));
  }

  static Live negate(Call call) {
    return call.graph().affine(call.name(), new float[] {-1}, new float[] {0}, call.live(0));
  }

  private static Live arithmetic(Call call, Op op) {
    if (call.count() != 2) {
      throw call.node().fault("%d inputs; expected two".formatted(call.count()));
    }
    if (call.isLive(0) && call.isLive(1)) {
      return merged(call, op, List.of(call.live(0), call.live(1)));
    }
    boolean first = call.isLive(0);
    Live x = call.live(first ? 0 : 1);
    float[] c = perChannel(call, x, call.constant(first ? 1 : 0));
    float[] one = {1};
    float[] zero = {0};
    return switch (op) {
      case Add -> call.graph().affine(call.name(), one, c, x);
      case Product -> call.graph().affine(call.name(), c, zero, x);
      default ->
          first
              ? call.graph().affine(call.name(), one, negative(c), x)
              : call.graph().affine(call.name(), new float[] {-1}, c, x);
    };
  }

  private static float[] negative(float[] c) {
    float[] values = new float[c.length];
    for (int i = 0; i < c.length; i++) {
      values[i] = -c[i];
    }
    return values;
  }

  /** The values of a constant that broadcasts to x along its channels or features: one, or each. */
  static float[] perChannel(Call call, Live x, Tensor c) {
    if (c.size() == 1 && c.shape().length <= x.rank()) {
      return c.floats();
    }
    int skip = x.rank() - c.shape().length;
    boolean fits = skip >= 0 && c.size() == x.channels();
    for (int i = 0; fits && i < c.shape().length; i++) {
      fits = c.shape()[i] == 1 || x.axes().get(skip + i) == Live.CHANNELS;
    }
    if (!fits) {
      throw call.node()
          .fault(
              "a constant of shape %s with %s; only one value, or one for each channel or feature, is supported"
                  .formatted(Arrays.toString(c.shape()), x.text()));
    }
    return c.floats();
  }

  private static List<Live> lives(Call call) {
    List<Live> lives = new ArrayList<>();
    for (int i = 0; i < call.count(); i++) {
      lives.add(call.live(i));
    }
    return lives;
  }

  private static Live merged(Call call, Op op, List<Live> in) {
    Live first = in.get(0);
    if (in.size() == 1) {
      return first;
    }
    for (Live x : in) {
      if (!x.sizes().equals(first.sizes()) || !sameAxes(x, first)) {
        throw call.node()
            .fault(
                "inputs of shapes %s; only inputs of the same shape are supported"
                    .formatted(in.stream().map(Live::text).toList()));
      }
    }
    return call.graph()
        .vertex(call.name(), new ElementWiseVertex(op), first, in.toArray(Live[]::new));
  }

  private static boolean sameAxes(Live a, Live b) {
    return a.order().equals(b.order()) && Arrays.equals(a.shape(), b.shape());
  }

  /** Concat along the channels or features. */
  static Live concat(Call call) {
    OnnxNode node = call.node();
    for (Value value : call.inputs()) {
      if (!(value instanceof Live)) {
        throw node.fault("one of its inputs is a constant, which is not supported");
      }
    }
    List<Live> in = lives(call);
    if (in.stream().anyMatch(x -> x.isVector() != in.get(0).isVector())) {
      in.replaceAll(x -> x.isVector() || x.rank() != 2 ? x : call.flat(x));
    }
    Live first = in.get(0);
    int axis = Folding.axis(node, node.integer("axis", 0), first.rank());
    long channels = 0;
    boolean fits = first.axes().get(axis) == Live.CHANNELS;
    for (Live x : in) {
      fits &=
          x.axes().equals(first.axes())
              && x.sizes()
                  .subList(1, x.sizes().size())
                  .equals(first.sizes().subList(1, first.sizes().size()));
      channels += x.channels();
    }
    if (!fits || channels > Integer.MAX_VALUE) {
      throw node.fault(
          "it joins %s along axis %d; only channels or features can be joined, of images of one size"
              .formatted(in.stream().map(Live::text).toList(), axis));
    }
    if (in.size() == 1) {
      return first;
    }
    return call.graph()
        .vertex(
            call.name(),
            new MergeVertex(),
            first.withChannels("", (int) channels),
            in.toArray(Live[]::new));
  }
}
