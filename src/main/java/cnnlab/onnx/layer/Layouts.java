package cnnlab.onnx.layer;

import cnnlab.model.layer.ChannelsLastFlatten;
import cnnlab.model.shape.AxisPermutation;
import cnnlab.model.shape.AxisRegrouping;
import cnnlab.model.shape.ChannelsLastReshape;
import cnnlab.onnx.read.OnnxFault;
import cnnlab.onnx.read.Tensor;
import cnnlab.onnx.read.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;

/** Other orders and shapes of values: followed as long as nothing needs them, then computed. */
final class Layouts {
  private final Assembly graph;
  private final Map<Loose, Live> computed = new HashMap<>();

  Layouts(Assembly graph) {
    this.graph = graph;
  }

  /**
   * The same values in another shape, the batch first in both.
   *
   * @param node the name of the node that asks for it
   * @param x a {@link Live} or {@link Loose} value
   */
  Value reshaped(String node, Value x, long[] shape) {
    Live same = x instanceof Live live ? live.reshaped(shape) : null;
    return same != null ? same : followed(loose(x).reshaped(node, shape));
  }

  /** The values with exchanged axes, the batch first. */
  Value transposed(String node, Value x, int[] axes) {
    if (x instanceof Live live) {
      return live.withAxes(Arrays.stream(axes).mapToObj(a -> live.axes().get(a)).toList());
    }
    Loose loose = (Loose) x;
    Loose turned = loose.transposed(node, axes);
    if (turned == null) {
      // Borders of axes fall between those of the vertex: a vertex of its own.
      long[] all = {Tensor.BATCH, loose.size()};
      Live flat = live(loose.reshaped(node + ".values", all));
      List<Integer> sizes =
          loose.dims().subList(1, loose.rank()).stream().map(Math::toIntExact).toList();
      List<Integer> order = IntStream.range(0, sizes.size()).boxed().toList();
      turned = new Loose(node, flat, sizes, order, loose.dims()).transposed(node, axes);
    }
    return followed(turned);
  }

  static Loose loose(Value x) {
    return x instanceof Loose l ? l : Loose.of((Live) x);
  }

  /** Without computation, if the axes are those of the vertex. */
  private static Value followed(Loose x) {
    Live from = x.from();
    List<Integer> own = new ArrayList<>();
    for (int i = 0; i < from.sizes().size(); i++) {
      if (from.sizes().get(i) != 1) {
        own.add(i + 1);
      }
    }
    Loose simple = x.simple();
    // Joined neighbours are split again where the shape has them apart.
    Loose apart = x.transposed(x.name(), IntStream.range(0, x.rank()).toArray());
    for (Loose each : apart == null ? List.of(simple) : List.of(simple, apart)) {
      List<Integer> sizes = own.stream().map(a -> from.sizes().get(a - 1)).toList();
      if (each.sizes().equals(sizes)) {
        List<Integer> axes = new ArrayList<>(List.of(0));
        each.order().forEach(o -> axes.add(own.get(o)));
        Live same = from.withAxes(axes).reshaped(x.shape());
        if (same != null) {
          return same;
        }
      }
    }
    return x;
  }

  /** The value of a vertex, added if there is none yet: vectors [N, F], or images. */
  Live live(Value x) {
    if (x instanceof Live live) {
      return live;
    }
    // Adding one may add others.
    Live known = computed.get(x);
    Live made = known == null ? added((Loose) x) : known;
    computed.put((Loose) x, made);
    return made;
  }

  /** The same value with its axes in the order of the vertex: images [N, C, H, W] or [N, C, W]. */
  Live image(String node, Value x) {
    Live live = x instanceof Live l ? l : null;
    if (live != null && !live.isVector()) {
      Live same = inOrder(live);
      if (same != null) {
        return same;
      }
    }
    Loose loose = loose(x);
    if (loose.rank() > 4) {
      throw new OnnxFault(
          "node '%s': %s has more than four axes, which is not supported"
              .formatted(node, Shapes.text(loose.shape())));
    }
    // The shape of the vertex belongs to the key: an image of a vector is another vertex.
    String name = (live == null ? loose.name() : live.vertex()) + ".image";
    Loose key = new Loose(name, loose.from(), loose.sizes(), loose.order(), loose.dims());
    return computed.computeIfAbsent(key, k -> put(k, imageSizes(k)));
  }

  private static Live inOrder(Live x) {
    long[] shape = x.shape();
    if (x.axes().get(0) != 0 || x.rank() < 2 || x.rank() > 4) {
      return null;
    }
    List<Integer> wanted = axesOf(x.rank());
    List<Integer> sizes = List.of(x.channels(), x.height(), x.width());
    for (int i = 1; i < shape.length; i++) {
      int found = x.axes().get(i);
      if (shape[i] != sizes.get(wanted.get(i) - 1) || found != wanted.get(i) && shape[i] != 1) {
        return null;
      }
    }
    return x.withAxes(wanted);
  }

  private static List<Integer> axesOf(int rank) {
    return rank == 4
        ? List.of(0, Live.CHANNELS, Live.HEIGHT, Live.WIDTH)
        : rank == 3 ? List.of(0, Live.CHANNELS, Live.WIDTH) : List.of(0, Live.CHANNELS);
  }

  private static List<Integer> imageSizes(Loose x) {
    List<Integer> s = x.dims().stream().skip(1).map(Math::toIntExact).toList();
    return s.size() == 3
        ? s
        : s.size() == 2 ? List.of(s.get(0), 1, s.get(1)) : List.of(s.get(0), 1, 1);
  }

  /** Whether a vertex can have the value: at most three axes have more than one place. */
  static boolean fits(Loose x) {
    return x.rank() <= 4 || x.dims().stream().skip(1).filter(d -> d != 1).count() <= 3;
  }

  private Live added(Loose x) {
    List<Integer> large =
        x.dims().stream().skip(1).filter(d -> d != 1).map(Math::toIntExact).toList();
    if (x.rank() > 2 && x.rank() <= 4) {
      return put(x, imageSizes(x));
    } else if (large.size() <= 1) {
      return put(x, List.of(x.size()));
    } else if (large.size() <= 3) {
      long[] shape = {Tensor.BATCH, large.get(0), large.size() == 3 ? large.get(1) : 1, 0};
      shape[3] = large.get(large.size() - 1);
      return live(x.reshaped(x.name(), shape)).reshaped(x.shape());
    }
    throw new OnnxFault(
        "node '%s': %s has more than four axes, which is not supported"
            .formatted(x.name(), Shapes.text(x.shape())));
  }

  /** Adds the vertex with the given sizes. */
  private Live put(Loose x, List<Integer> to) {
    Live from = x.from();
    Live out =
        to.size() == 1
            ? Live.vector("", to.get(0))
            : new Live("", to, x.rank() <= 4 ? axesOf(x.rank()) : List.of());
    Loose simple = x.simple();
    InputPreProcessor change = change(simple, from, to);
    Live made =
        change == null ? from.withAxes(out.axes()) : graph.preprocess(x.name(), change, out, from);
    return to.size() == 1 ? made.reshaped(x.shape()) : made;
  }

  private static InputPreProcessor change(Loose simple, Live from, List<Integer> to) {
    boolean inOrder = simple.sizes().size() <= 1;
    boolean vector = to.size() == 1;
    if (inOrder && vector) {
      return from.isVector()
          ? null
          : new CnnToFeedForwardPreProcessor(from.height(), from.width(), from.channels());
    }
    boolean exchanged = simple.sizes().size() == 2 && simple.order().equals(List.of(1, 0));
    if (exchanged && vector && !from.isVector() && simple.sizes().get(0) == from.channels()) {
      return new ChannelsLastFlatten(from.height(), from.width(), from.channels());
    }
    if (exchanged && !vector && from.isVector() && simple.sizes().get(1).equals(to.get(0))) {
      return new ChannelsLastReshape(
          new long[] {from.size()}, new long[] {to.get(1), to.get(2), to.get(0)});
    }
    if (simple.sizes().isEmpty()) {
      return new AxisRegrouping(longs(from.sizes()), new long[] {1}, new int[1], longs(to));
    }
    return new AxisRegrouping(
        longs(from.sizes()),
        longs(simple.sizes()),
        simple.order().stream().mapToInt(Integer::intValue).toArray(),
        longs(to));
  }

  private static long[] longs(List<Integer> values) {
    return values.stream().mapToLong(Integer::longValue).toArray();
  }

  /**
   * The same value with one axis as that of the channels or features.
   *
   * @param axis any but the batch
   */
  Live withChannels(String node, Live x, int axis) {
    int found = x.axes().get(axis);
    if (found == Live.CHANNELS) {
      return x;
    }
    if (found == Live.UNIT || x.isVector()) {
      return withChannels(node, image(node, x), axis);
    }
    return turned(node, x, found, 0);
  }

  /** The same value with one axis as that of the columns of an image, or its rows. */
  Live withPlace(String node, Live x, int axis) {
    int found = x.axes().get(axis);
    if (!x.isVector() && found >= Live.HEIGHT) {
      return x;
    }
    if (found == Live.UNIT || x.isVector()) {
      Live image = image(node, x);
      return image.axes().get(axis) >= Live.HEIGHT ? image : turned(node, image, Live.CHANNELS, 2);
    }
    return turned(node, x, Live.CHANNELS, 2);
  }

  /** Moves an axis of an image to another place among C, H and W. */
  private Live turned(String node, Live x, int axis, int place) {
    List<Integer> order = new ArrayList<>(List.of(0, 1, 2));
    order.remove(Integer.valueOf(axis - 1));
    order.add(place, axis - 1);
    List<Integer> sizes = order.stream().map(x.sizes()::get).toList();
    List<Integer> axes =
        x.axes().stream().map(a -> a <= 0 ? a : Integer.valueOf(order.indexOf(a - 1) + 1)).toList();
    return graph.preprocess(
        node + ".turned",
        new AxisPermutation(order.stream().mapToInt(Integer::intValue).toArray()),
        new Live("", sizes, axes),
        x);
  }
}
