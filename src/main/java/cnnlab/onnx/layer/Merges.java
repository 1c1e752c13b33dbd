package cnnlab.onnx.layer;

import cnnlab.model.shape.Repetition;
import cnnlab.onnx.layer.Sampling.Axis;
import cnnlab.onnx.read.Folding;
import cnnlab.onnx.read.OnnxFault;
import cnnlab.onnx.read.OnnxNode;
import cnnlab.onnx.read.Tensor;
import cnnlab.onnx.read.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex.Op;
import org.deeplearning4j.nn.conf.graph.MergeVertex;

/** Converts arithmetic on values, and concatenation. */
final class Merges {
  private Merges() {}

  static Value add(Call call) {
    return arithmetic(call, Op.Add);
  }

  static Value subtract(Call call) {
    return arithmetic(call, Op.Subtract);
  }

  static Value multiply(Call call) {
    return arithmetic(call, Op.Product);
  }

  static Value mean(Call call) {
    return merged(call, call.name(), Op.Average, lives(call));
  }

  static Value sum(Call call) {
    return merged(call, call.name(), Op.Add, lives(call));
  }

  /** Max of values, or of one and a constant. */
  static Value maximum(Call call) {
    if (call.count() == 2 && !(call.isLive(0) && call.isLive(1))) {
      return limited(call, true);
    }
    return merged(call, call.name(), Op.Max, lives(call));
  }

  /** Min of values, −max(−x, −y), or of one and a constant. */
  static Value minimum(Call call) {
    if (call.count() == 2 && !(call.isLive(0) && call.isLive(1))) {
      return limited(call, false);
    }
    List<Live> negative = new ArrayList<>();
    for (Live x : lives(call)) {
      negative.add(
          call.graph()
              .affine(
                  call.name() + ".negative" + negative.size(), new float[] {-1}, new float[1], x));
    }
    Live most = call.graph().layouts().live(merged(call, call.name() + ".max", Op.Max, negative));
    return call.graph().affine(call.name(), new float[] {-1}, new float[1], most);
  }

  private static Live limited(Call call, boolean below) {
    boolean first = call.isLive(0);
    double limit = call.number(first ? 1 : 0, 0);
    Live x = call.live(first ? 0 : 1);
    return below
        ? Activations.limited(call, limit, Double.POSITIVE_INFINITY, x)
        : Activations.limited(call, Double.NEGATIVE_INFINITY, limit, x);
  }

  static Value divide(Call call) {
    if (!call.isLive(0) || call.isLive(1)) {
      throw call.node()
          .fault("a division by what is computed; only one by a constant is supported");
    }
    Tensor c = call.constant(1);
    float[] scale = new float[c.size()];
    for (int i = 0; i < scale.length; i++) {
      scale[i] = (float) (1 / c.at(i));
      if (c.at(i) == 0) {
        throw call.node().fault("a division by zero");
      }
    }
    return affine(call, call.live(0), Tensor.reals(scale, c.shape()), null, 0);
  }

  static Live negate(Call call) {
    return call.graph().affine(call.name(), new float[] {-1}, new float[] {0}, call.live(0));
  }

  /** x to the power of 1 or 2. */
  static Live power(Call call) {
    Live x = call.live(0);
    double exponent = call.number(1, 1);
    if (exponent == 1) {
      return x;
    } else if (exponent != 2) {
      throw call.node().fault("a power of %s; only 1 and 2 are supported".formatted(exponent));
    }
    return call.graph().vertex(call.name(), new ElementWiseVertex(Op.Product), x, x, x);
  }

  private static Value arithmetic(Call call, Op op) {
    if (call.count() != 2) {
      throw call.node().fault("%d inputs; expected two".formatted(call.count()));
    }
    if (call.isLive(0) && call.isLive(1)) {
      return merged(call, call.name(), op, List.of(call.live(0), call.live(1)));
    }
    boolean first = call.isLive(0);
    Live x = call.live(first ? 0 : 1);
    Tensor c = call.constant(first ? 1 : 0);
    return switch (op) {
      case Add -> affine(call, x, null, c, 1);
      case Product -> affine(call, x, c, null, 0);
      default ->
          first
              ? affine(call, x, null, Tensor.reals(negative(c.floats()), c.shape()), 1)
              : affine(call, x, null, c, -1);
    };
  }

  /**
   * c · x, or factor · x + c, with a constant of any shape that broadcasts to that of x, or to a
   * larger one.
   *
   * @param product c, or null
   * @param sum c, or null
   * @param factor of x, with a sum
   */
  private static Value affine(Call call, Live given, Tensor product, Tensor sum, float factor) {
    Tensor c = product == null ? sum : product;
    Layouts layouts = call.graph().layouts();
    Live x = given;
    long[] shape = broadcast(call, x, c);
    if (!Arrays.equals(shape, x.shape())) {
      x = layouts.live(expanded(call, x, shape));
    }
    int varied = -1;
    int count = 0;
    int skip = x.rank() - c.shape().length;
    for (int i = 0; i < c.shape().length; i++) {
      if (c.shape()[i] != 1) {
        varied = skip + i;
        count++;
      }
    }
    Value shaped = x;
    long[] all = x.shape().clone();
    all[0] = 1;
    float[] values = c.floats();
    if (count == 1) {
      x = layouts.withChannels(call.name(), x, varied);
      shaped = null;
    } else if (count > 1) {
      x =
          layouts.live(
              layouts.reshaped(call.name() + ".flat", x, new long[] {Tensor.BATCH, x.size()}));
      x = x.isVector() ? x : call.flat(x);
      values = Folding.broadcast(call.node(), c, all).floats();
    }
    Live made =
        product != null
            ? call.graph().affine(call.name(), values, new float[] {0}, x)
            : call.graph().affine(call.name(), new float[] {factor}, values, x);
    return count > 1
        ? layouts.reshaped(call.name() + ".shape", made, ((Live) shaped).shape())
        : made;
  }

  /** The shape that x and a constant broadcast to. */
  private static long[] broadcast(Call call, Live x, Tensor c) {
    int skip = x.rank() - c.shape().length;
    long[] shape = x.shape().clone();
    boolean fits = skip >= 0 && x.axes().get(0) == 0;
    for (int i = 0; fits && i < c.shape().length; i++) {
      long d = c.shape()[i];
      long own = shape[skip + i];
      fits = d == own || d == 1 || own == 1;
      if (own == 1) {
        shape[skip + i] = d;
      }
    }
    if (!fits || c.size() == 0) {
      throw call.node()
          .fault(
              "a constant of shape %s with %s; expected one that broadcasts to all examples"
                  .formatted(Arrays.toString(c.shape()), x.text()));
    }
    return shape;
  }

  /** Expand of x to a constant shape. */
  static Value expand(Call call) {
    Value x = call.input(0);
    long[] wanted = call.integers(1);
    long[] shape = x.shape().clone();
    int skip = shape.length - wanted.length;
    boolean fits = skip >= 0 && shape[0] == Tensor.BATCH;
    for (int i = 0; fits && i < wanted.length; i++) {
      long own = shape[skip + i];
      fits =
          wanted[i] == 1
              || wanted[i] == own
              || own == 1 && wanted[i] > 1
              || skip + i == 0 && wanted[i] == call.graph().batch();
      shape[skip + i] = own == 1 ? wanted[i] : own;
    }
    if (!fits) {
      throw call.node()
          .fault("it expands %s to %s".formatted(Shapes.text(x.shape()), Arrays.toString(wanted)));
    }
    return Arrays.equals(shape, x.shape()) ? x : expanded(call, x, shape);
  }

  /** x with axes of size 1 repeated to those of a shape of the same rank. */
  private static Value expanded(Call call, Value x, long[] shape) {
    Layouts layouts = call.graph().layouts();
    if (shape.length > 4) {
      return expandedInTurn(call, x, shape);
    }
    Live image = layouts.image(call.name(), x);
    List<Integer> sizes = new ArrayList<>(image.sizes());
    for (int i = 1; i < shape.length; i++) {
      sizes.set(image.axes().get(i) - 1, Math.toIntExact(shape[i]));
    }
    return repeated(call, call.name() + ".repeat", image, sizes);
  }

  /** One axis after the other; those before and those behind are each taken as one. */
  private static Value expandedInTurn(Call call, Value x, long[] shape) {
    Layouts layouts = call.graph().layouts();
    Value made = x;
    for (int i = 1; i < shape.length; i++) {
      long[] now = made.shape();
      if (now[i] == shape[i]) {
        continue;
      }
      long before = Tensor.size(Arrays.copyOfRange(now, 1, i));
      long behind = Tensor.size(Arrays.copyOfRange(now, i + 1, now.length));
      String name = call.name() + ".axis" + i;
      long[] three = {Tensor.BATCH, before, 1, behind};
      Live image = layouts.image(name, layouts.reshaped(name, made, three));
      List<Integer> sizes = new ArrayList<>(image.sizes());
      sizes.set(Live.HEIGHT - 1, Math.toIntExact(shape[i]));
      now[i] = shape[i];
      made = layouts.reshaped(name, repeated(call, name + ".repeat", image, sizes), now);
    }
    return made;
  }

  private static Live repeated(Call call, String name, Live image, List<Integer> sizes) {
    if (sizes.equals(image.sizes())) {
      return image;
    }
    long[] from = image.sizes().stream().mapToLong(Integer::longValue).toArray();
    long[] to = sizes.stream().mapToLong(Integer::longValue).toArray();
    return call.graph()
        .preprocess(name, new Repetition(from, to), new Live("", sizes, image.axes()), image);
  }

  private static float[] negative(float[] c) {
    float[] values = new float[c.length];
    for (int i = 0; i < c.length; i++) {
      values[i] = -c[i];
    }
    return values;
  }

  private static List<Live> lives(Call call) {
    List<Live> lives = new ArrayList<>();
    for (int i = 0; i < call.count(); i++) {
      lives.add(call.live(i));
    }
    return lives;
  }

  /** A constant as a value of each example: zeros, taken from another value, plus the constant. */
  private static Live constantPart(Call call, Live like, Tensor c, int axis) {
    long[] shape = c.shape();
    boolean fits = shape.length == like.rank() && c.isReal() && shape[0] == 1;
    for (int i = 1; fits && i < shape.length; i++) {
      fits = shape[i] > 0 && (i == axis || shape[i] == like.shape()[i]);
    }
    if (!fits) {
      throw call.node()
          .fault(
              "a constant of shape %s beside %s; expected one for all examples, and the same size along the other axes"
                  .formatted(Arrays.toString(shape), like.text()));
    }
    int size = Math.toIntExact(shape[axis]);
    Live zeros =
        Sampling.apply(
            call, call.name() + ".zeros", like, Map.of(axis, Axis.selecting(size, i -> -1)));
    return call.graph().layouts().live(affine(call, zeros, null, c, 1));
  }

  private static Value merged(Call call, String name, Op op, List<Live> in) {
    Live first = in.get(0);
    if (in.size() == 1) {
      return first;
    }
    List<Live> fitted = in;
    if (in.stream().anyMatch(x -> !x.sizes().equals(first.sizes()) || !sameAxes(x, first))) {
      fitted = alike(call, in);
    }
    return call.graph()
        .vertex(name, new ElementWiseVertex(op), fitted.get(0), fitted.toArray(Live[]::new));
  }

  /** Images with their axes in order, of one size: what has sides of 1 is repeated. */
  private static List<Live> alike(Call call, List<Live> in) {
    List<Live> images = new ArrayList<>();
    long[] shape = in.get(0).shape().clone();
    for (Live x : in) {
      if (x.rank() != shape.length || x.rank() > 4 || x.axes().get(0) != 0) {
        throw different(call, in);
      }
      for (int i = 1; i < shape.length; i++) {
        long d = x.shape()[i];
        if (d != shape[i] && d != 1 && shape[i] != 1) {
          throw different(call, in);
        }
        shape[i] = Math.max(shape[i], d);
      }
    }
    for (int i = 0; i < in.size(); i++) {
      Live image = call.graph().layouts().image(call.name(), in.get(i));
      List<Integer> sizes = new ArrayList<>(image.sizes());
      for (int axis = 1; axis < shape.length; axis++) {
        sizes.set(image.axes().get(axis) - 1, Math.toIntExact(shape[axis]));
      }
      images.add(repeated(call, call.name() + ".repeat" + i, image, sizes));
    }
    return images;
  }

  private static OnnxFault different(Call call, List<Live> in) {
    return call.node()
        .fault(
            "inputs of shapes %s; expected inputs of the same shape, or with sides of 1 that are repeated"
                .formatted(in.stream().map(Live::text).toList()));
  }

  private static boolean sameAxes(Live a, Live b) {
    return a.order().equals(b.order()) && Arrays.equals(a.shape(), b.shape());
  }

  /** Concat along the channels or features. */
  static Live concat(Call call) {
    OnnxNode node = call.node();
    Live some =
        call.inputs().stream()
            .filter(Live.class::isInstance)
            .map(Live.class::cast)
            .findFirst()
            .orElseThrow(() -> node.fault("it has no input that depends on the model's input"));
    int axis = Folding.axis(node, node.integer("axis", 0), some.rank());
    call.requireExample(some, axis);
    List<Live> in = new ArrayList<>();
    for (int i = 0; i < call.count(); i++) {
      in.add(call.isLive(i) ? call.live(i) : constantPart(call, some, call.constant(i), axis));
    }
    if (in.stream().anyMatch(x -> x.rank() != in.get(0).rank())) {
      throw node.fault(
          "it joins %s, of different ranks".formatted(in.stream().map(Live::text).toList()));
    }
    in.forEach(x -> call.requireExample(x, axis));
    if (in.stream().allMatch(x -> x.rank() == 2)) {
      in.replaceAll(x -> x.isVector() ? x : call.flat(x));
    }
    Live leading = in.get(0);
    if (leading.axes().get(axis) != Live.CHANNELS
        || in.stream()
            .anyMatch(
                x -> !x.axes().equals(leading.axes()) || x.isVector() != leading.isVector())) {
      Layouts layouts = call.graph().layouts();
      in.replaceAll(x -> layouts.withChannels(call.name(), layouts.image(call.name(), x), axis));
    }
    Live first = in.get(0);
    long channels = 0;
    boolean fits = true;
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
          "it joins %s along axis %d; expected the same size along all others"
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
