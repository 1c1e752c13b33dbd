package cnnlab.onnx.layer;

import cnnlab.onnx.read.Folding;
import cnnlab.onnx.read.OnnxNode;
import cnnlab.onnx.read.Tensor;
import cnnlab.onnx.read.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex.Op;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;

/** Converts means, sums and extremes over axes: the axes that are left become channels. */
final class Reductions {
  private Reductions() {}

  static Value mean(Call call) {
    return reduce(call, PoolingType.AVG, call.live(0), 1);
  }

  static Value maximum(Call call) {
    return reduce(call, PoolingType.MAX, call.live(0), 1);
  }

  /** −max(−x). */
  static Value minimum(Call call) {
    Live negative = scaled(call, call.name() + ".negative", -1, call.live(0));
    return reduce(call, PoolingType.MAX, negative, -1);
  }

  /** The mean times the number of values. */
  static Value sum(Call call) {
    return reduce(call, PoolingType.AVG, call.live(0), count(call));
  }

  static Value sumOfSquares(Call call) {
    Live x = call.live(0);
    Live squares =
        call.graph().vertex(call.name() + ".squares", new ElementWiseVertex(Op.Product), x, x, x);
    return reduce(call, PoolingType.AVG, squares, count(call));
  }

  /** The sum of |x|, which is the larger of x and −x. */
  static Value sumOfMagnitudes(Call call) {
    Live x = call.live(0);
    Live negative = scaled(call, call.name() + ".negative", -1, x);
    Live magnitudes =
        call.graph().vertex(call.name() + ".abs", new ElementWiseVertex(Op.Max), x, x, negative);
    return reduce(call, PoolingType.AVG, magnitudes, count(call));
  }

  private static Live scaled(Call call, String name, double factor, Live x) {
    return call.graph().affine(name, new float[] {(float) factor}, new float[1], x);
  }

  private static double count(Call call) {
    Live x = call.live(0);
    return axes(call, x).stream().mapToDouble(a -> x.shape()[a]).reduce(1, (a, b) -> a * b);
  }

  /** The axes that are reduced, counted from 0. */
  private static Set<Integer> axes(Call call, Live x) {
    OnnxNode node = call.node();
    long[] given = Folding.axes(node, call.constantOrNull(1));
    boolean none = given == null || given.length == 0;
    Set<Integer> axes = new TreeSet<>();
    if (!none) {
      Arrays.stream(given).forEach(a -> axes.add(Folding.axis(node, a, x.rank())));
    } else if (!node.flag("noop_with_empty_axes", false)) {
      IntStream.range(0, x.rank()).forEach(axes::add);
    }
    if (axes.contains(0) || x.axes().get(0) != 0) {
      throw node.fault(
          "it reduces the axes %s of %s; the batch cannot be reduced".formatted(axes, x.text()));
    }
    return axes;
  }

  private static Value reduce(Call call, PoolingType type, Live x, double factor) {
    OnnxNode node = call.node();
    boolean keep = node.flag("keepdims", true);
    node.ignore("noop_with_empty_axes");
    Set<Integer> axes = axes(call, x);
    if (axes.isEmpty()) {
      return factor == 1 ? x : scaled(call, call.name(), factor, x);
    }
    Set<Integer> reduced = new TreeSet<>();
    axes.forEach(a -> reduced.add(x.axes().get(a)));
    boolean places =
        !x.isVector()
            && x.axes().contains(Live.CHANNELS)
            && !reduced.contains(Live.CHANNELS)
            && (reduced.contains(Live.HEIGHT) || x.height() == 1)
            && (reduced.contains(Live.WIDTH) || x.width() == 1);
    String name = factor == 1 ? call.name() : call.name() + ".mean";
    Value made;
    if (places) {
      List<Integer> left = new ArrayList<>(x.axes());
      if (!keep) {
        left.removeIf(reduced::contains);
      }
      made = Poolings.whole(call, name, type, keep, x.withAxes(left));
    } else {
      made = general(call, name, type, x, axes, keep);
    }
    return factor == 1
        ? made
        : scaled(call, call.name(), factor, call.graph().layouts().live(made));
  }

  private static Value general(
      Call call, String name, PoolingType type, Live x, Set<Integer> axes, boolean keep) {
    Layouts layouts = call.graph().layouts();
    List<Integer> kept =
        IntStream.range(1, x.rank()).filter(a -> !axes.contains(a)).boxed().toList();
    List<Integer> order = new ArrayList<>(List.of(0));
    order.addAll(kept);
    order.addAll(axes);
    long sets = kept.stream().mapToLong(a -> x.shape()[a]).reduce(1, (a, b) -> a * b);
    Value turned =
        layouts.transposed(
            call.name() + ".turned", x, order.stream().mapToInt(Integer::intValue).toArray());
    Value rows =
        layouts.reshaped(
            call.name() + ".rows", turned, new long[] {Tensor.BATCH, sets, x.size() / sets});
    Live image = layouts.image(call.name(), rows);
    Live pooled =
        call.graph()
            .layer(
                name, new GlobalPoolingLayer(type), Live.vector("", Math.toIntExact(sets)), image);
    long[] shape =
        IntStream.range(0, x.rank())
            .filter(a -> keep || !axes.contains(a))
            .mapToLong(a -> axes.contains(a) ? 1 : x.shape()[a])
            .toArray();
    return layouts.reshaped(call.name() + ".shape", pooled, shape);
  }
}
