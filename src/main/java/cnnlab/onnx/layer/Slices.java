package cnnlab.onnx.layer;

import cnnlab.model.shape.ChannelSelection;
import cnnlab.onnx.layer.Sampling.Axis;
import cnnlab.onnx.read.Folding;
import cnnlab.onnx.read.OnnxNode;
import cnnlab.onnx.read.Tensor;
import cnnlab.onnx.read.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;

/** Converts operators that take parts of values, or repeat them. */
final class Slices {
  private Slices() {}

  /** Slice, with constant starts, ends, axes and steps. */
  static Value slice(Call call) {
    OnnxNode node = call.node();
    Value x = parted(call);
    long[] starts = call.integers(1);
    long[] ends = call.integers(2);
    long[] axes = call.has(3) ? call.integers(3) : LongStream.range(0, starts.length).toArray();
    long[] steps = call.has(4) ? call.integers(4) : null;
    Map<Integer, Axis> selected = new TreeMap<>();
    Value result = x;
    for (int i = 0; i < starts.length; i++) {
      int axis = Folding.axis(node, axes[i], x.shape().length);
      long step = steps == null ? 1 : steps[i];
      if (axis == 0 && starts[i] == 0 && step == 1 && ends[i] >= Integer.MAX_VALUE) {
        continue;
      }
      call.requireExample(x, axis);
      Folding.Span span = Folding.span(node, (int) x.shape()[axis], starts[i], ends[i], step);
      if (span.count() < 1) {
        throw node.fault(
            "nothing of axis %d of %s is left".formatted(axis, Shapes.text(x.shape())));
      }
      if (step == 1) {
        result = part(call, call.name(), result, axis, span.from(), span.count());
      } else {
        selected.put(axis, Axis.selecting(span.count(), k -> (int) (span.from() + k * step)));
      }
    }
    return selected.isEmpty()
        ? result
        : Sampling.apply(call, call.name(), live(call, result), selected);
  }

  /** The input; one with too many axes for a vertex is not computed before it is smaller. */
  private static Value parted(Call call) {
    return call.input(0) instanceof Loose loose && Layouts.fits(loose)
        ? call.graph().layouts().live(loose)
        : call.input(0);
  }

  private static Live live(Call call, Value value) {
    return call.graph().layouts().live(value);
  }

  /** Neighbouring values along an axis. */
  private static Value part(Call call, String name, Value x, int axis, int from, int count) {
    if (x instanceof Live live) {
      return part(call, name, live, axis, from, count);
    }
    // The axes before and those behind are each taken as one.
    Layouts layouts = call.graph().layouts();
    long[] shape = x.shape();
    long before = Tensor.size(Arrays.copyOfRange(shape, 1, axis));
    long behind = Tensor.size(Arrays.copyOfRange(shape, axis + 1, shape.length));
    long[] three = {Tensor.BATCH, before, shape[axis], behind};
    Live image = layouts.live(layouts.reshaped(name + ".all", x, three));
    shape[axis] = count;
    return layouts.reshaped(name, part(call, name, image, 2, from, count), shape);
  }

  private static Value part(Call call, String name, Live x, int axis, int from, int count) {
    int size = (int) x.shape()[axis];
    if (count == size) {
      return x;
    }
    Live at = x;
    if (x.isVector() || x.axes().get(axis) == Live.UNIT) {
      at = call.graph().layouts().withChannels(call.name(), x, axis);
      if (at.isVector()) {
        at = call.graph().layouts().image(call.name(), x);
      }
    }
    int place = at.axes().get(axis);
    List<Integer> sizes = new ArrayList<>(at.sizes());
    sizes.set(place - 1, count);
    Live out = new Live("", sizes, at.axes());
    if (place == Live.CHANNELS) {
      Live made =
          call.graph()
              .preprocess(name, new ChannelSelection(from, from + count, at.channels()), out, at);
      long[] shape = x.shape().clone();
      shape[axis] = count;
      return x.isVector() && x.shape().length == 2
          ? call.flat(made, name + ".flat").reshaped(shape)
          : made;
    }
    int rest = size - from - count;
    Cropping2D crop =
        place == Live.HEIGHT ? new Cropping2D(from, rest, 0, 0) : new Cropping2D(0, 0, from, rest);
    return call.graph().layer(name, crop, out, at);
  }

  /** Split into parts of given or equal sizes. */
  static List<Value> split(Call call) {
    OnnxNode node = call.node();
    Value x = parted(call);
    int axis = Folding.axis(node, node.integer("axis", 0), x.shape().length);
    call.requireExample(x, axis);
    long[] sizes = Folding.splits(node, call.constantOrNull(1), x.shape()[axis]);
    if (LongStream.of(sizes).anyMatch(s -> s < 1)) {
      throw node.fault("an empty part of %s".formatted(Shapes.text(x.shape())));
    }
    List<Value> parts = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < sizes.length; i++) {
      parts.add(part(call, call.name() + "." + i, x, axis, from, (int) sizes[i]));
      from += (int) sizes[i];
    }
    return parts;
  }

  /** Gather with constant indices along an axis, which the axes of the indices replace. */
  static Value gather(Call call) {
    OnnxNode node = call.node();
    Value x = parted(call);
    Tensor indices = call.constant(1);
    int axis = Folding.axis(node, node.integer("axis", 0), x.shape().length);
    call.requireExample(x, axis);
    int size = (int) x.shape()[axis];
    long[] at = indices.longs().clone();
    for (int i = 0; i < at.length; i++) {
      at[i] = at[i] < 0 ? at[i] + size : at[i];
      if (at[i] < 0 || at[i] >= size) {
        throw node.fault("the index %d is outside of the %d values".formatted(at[i], size));
      }
    }
    if (at.length < 1) {
      throw node.fault(
          "indices of shape %s; expected at least one".formatted(Arrays.toString(indices.shape())));
    }
    boolean run = true;
    for (int i = 1; i < at.length; i++) {
      run &= at[i] == at[0] + i;
    }
    Value made =
        run
            ? part(call, call.name(), x, axis, (int) at[0], at.length)
            : Sampling.apply(
                call,
                call.name(),
                live(call, x),
                Map.of(axis, Axis.selecting(at.length, i -> (int) at[i])));
    if (indices.shape().length == 1) {
      return made;
    }
    long[] shape =
        LongStream.concat(
                LongStream.concat(
                    Arrays.stream(x.shape(), 0, axis), Arrays.stream(indices.shape())),
                Arrays.stream(x.shape(), axis + 1, x.shape().length))
            .toArray();
    return call.graph().layouts().reshaped(call.name(), made, shape);
  }

  /** Tile: repeats along axes. */
  static Value tile(Call call) {
    OnnxNode node = call.node();
    Live x = call.live(0);
    long[] repeats = call.integers(1);
    if (repeats.length != x.shape().length || repeats[0] != 1) {
      throw node.fault(
          "repeats", Arrays.toString(repeats), "one number for each axis, 1 for the batch");
    }
    Map<Integer, Axis> axes = new TreeMap<>();
    for (int i = 1; i < repeats.length; i++) {
      int size = (int) x.shape()[i];
      long count = Math.multiplyExact(repeats[i], size);
      if (count < 1 || count > 1 << 20) {
        throw node.fault("repeats", Arrays.toString(repeats), "positive numbers, of fewer values");
      }
      axes.put(i, Axis.selecting((int) count, k -> k % size));
    }
    return Sampling.apply(call, call.name(), x, axes);
  }

  /** DepthToSpace: channels become places of blocks. */
  static Value depthToSpace(Call call) {
    OnnxNode node = call.node();
    Live x = call.image(0);
    int b = block(node);
    String mode = node.text("mode", "DCR");
    long c = x.channels() / ((long) b * b);
    if (x.shape().length != 4
        || c * b * b != x.channels()
        || !mode.equals("DCR") && !mode.equals("CRD")) {
      throw node.fault("blocks of %d of %s in the mode %s".formatted(b, x.text(), mode));
    }
    long[] split =
        mode.equals("DCR")
            ? new long[] {Tensor.BATCH, b, b, c, x.height(), x.width()}
            : new long[] {Tensor.BATCH, c, b, b, x.height(), x.width()};
    int[] order = mode.equals("DCR") ? new int[] {0, 3, 4, 1, 5, 2} : new int[] {0, 1, 4, 2, 5, 3};
    long[] out = {Tensor.BATCH, c, (long) x.height() * b, (long) x.width() * b};
    return regrouped(call, x, split, order, out);
  }

  /** SpaceToDepth: places of blocks become channels. */
  static Value spaceToDepth(Call call) {
    OnnxNode node = call.node();
    Live x = call.image(0);
    int b = block(node);
    long h = x.height() / b;
    long w = x.width() / b;
    if (x.shape().length != 4 || h * b != x.height() || w * b != x.width()) {
      throw node.fault("blocks of %d of %s".formatted(b, x.text()));
    }
    return regrouped(
        call,
        x,
        new long[] {Tensor.BATCH, x.channels(), h, b, w, b},
        new int[] {0, 3, 5, 1, 2, 4},
        new long[] {Tensor.BATCH, (long) b * b * x.channels(), h, w});
  }

  private static int block(OnnxNode node) {
    long size = node.integer("blocksize", 0);
    if (size < 1 || size > 1 << 10) {
      throw node.fault("blocksize", size, "a positive number");
    }
    return (int) size;
  }

  private static Value regrouped(Call call, Live x, long[] split, int[] order, long[] out) {
    Layouts layouts = call.graph().layouts();
    Value apart = layouts.reshaped(call.name() + ".blocks", x, split);
    return layouts.reshaped(
        call.name(), layouts.transposed(call.name() + ".turned", apart, order), out);
  }
}
