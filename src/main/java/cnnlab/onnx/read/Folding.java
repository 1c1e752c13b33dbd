package cnnlab.onnx.read;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Computes operators whose inputs are constants, such as the arithmetic on shapes before a {@code
 * Reshape}. Real numbers are computed in double precision and rounded to 32 bits.
 */
public final class Folding {
  /** Computes an operator. */
  @FunctionalInterface
  private interface Kind {
    Tensor compute(OnnxNode node, List<Tensor> inputs);
  }

  private static final Map<String, Kind> KINDS = new TreeMap<>();

  static {
    KINDS.put("Constant", (node, in) -> constant(node));
    KINDS.put("ConstantOfShape", Folding::constantOfShape);
    KINDS.put("Identity", (node, in) -> in.get(0));
    KINDS.put("Dropout", Folding::dropout);
    KINDS.put("Cast", (node, in) -> cast(node, in.get(0)));
    KINDS.put("Shape", (node, in) -> shape(node, in.get(0).shape()));
    KINDS.put("Size", (node, in) -> Tensor.integers(new long[] {in.get(0).size()}));
    KINDS.put("Gather", Folding::gather);
    KINDS.put("Concat", Folding::concat);
    KINDS.put("Slice", Folding::slice);
    KINDS.put("Unsqueeze", (node, in) -> in.get(0).reshaped(unsqueezed(node, in)));
    KINDS.put("Squeeze", (node, in) -> in.get(0).reshaped(squeezed(node, in)));
    KINDS.put("Reshape", Folding::reshape);
    KINDS.put("Flatten", Folding::flatten);
    KINDS.put("Transpose", (node, in) -> in.get(0).permuted(permutation(node, in.get(0).shape())));
    KINDS.put("Expand", (node, in) -> Broadcast.to(node, in.get(0), in.get(1).longs()));
    KINDS.put("Where", Folding::where);
    KINDS.put("Range", Folding::range);
    KINDS.put("ReduceProd", (node, in) -> reduce(node, in, 1, (a, b) -> a * b));
    KINDS.put("ReduceSum", (node, in) -> reduce(node, in, 0, Double::sum));
    KINDS.put("ReduceMax", (node, in) -> reduce(node, in, Double.NEGATIVE_INFINITY, Math::max));
    KINDS.put("ReduceMin", (node, in) -> reduce(node, in, Double.POSITIVE_INFINITY, Math::min));
    KINDS.put("Add", (node, in) -> Broadcast.apply(node, in, (a, b) -> a + b));
    KINDS.put("Sub", (node, in) -> Broadcast.apply(node, in, (a, b) -> a - b));
    KINDS.put("Mul", (node, in) -> Broadcast.apply(node, in, (a, b) -> a * b));
    KINDS.put("Div", (node, in) -> divide(node, in));
    KINDS.put("Mod", Folding::remainder);
    KINDS.put("Pow", (node, in) -> Broadcast.apply(node, in, Math::pow));
    KINDS.put("Min", (node, in) -> Broadcast.apply(node, in, Math::min));
    KINDS.put("Max", (node, in) -> Broadcast.apply(node, in, Math::max));
    KINDS.put("Equal", (node, in) -> Broadcast.test(node, in, (a, b) -> a == b ? 1 : 0));
    KINDS.put("Less", (node, in) -> Broadcast.test(node, in, (a, b) -> a < b ? 1 : 0));
    KINDS.put("Greater", (node, in) -> Broadcast.test(node, in, (a, b) -> a > b ? 1 : 0));
    KINDS.put("GreaterOrEqual", (node, in) -> Broadcast.test(node, in, (a, b) -> a >= b ? 1 : 0));
    KINDS.put("LessOrEqual", (node, in) -> Broadcast.test(node, in, (a, b) -> a <= b ? 1 : 0));
    KINDS.put("And", (node, in) -> Broadcast.test(node, in, (a, b) -> a * b));
    KINDS.put("Or", (node, in) -> Broadcast.test(node, in, Math::max));
    KINDS.put("Not", (node, in) -> Broadcast.each(node, in.get(0), a -> 1 - a));
    KINDS.put("Abs", (node, in) -> Broadcast.each(node, in.get(0), Math::abs));
    KINDS.put("Sign", (node, in) -> Broadcast.each(node, in.get(0), Math::signum));
    KINDS.put("Round", (node, in) -> Broadcast.each(node, in.get(0), Math::rint));
    KINDS.put("Exp", (node, in) -> Broadcast.each(node, in.get(0), Math::exp));
    KINDS.put("Log", (node, in) -> Broadcast.each(node, in.get(0), Math::log));
    KINDS.put("Sqrt", (node, in) -> Broadcast.each(node, in.get(0), Math::sqrt));
    KINDS.put("Neg", (node, in) -> Broadcast.each(node, in.get(0), a -> -a));
    KINDS.put("Reciprocal", (node, in) -> Broadcast.each(node, in.get(0), a -> 1 / a));
    KINDS.put("Floor", (node, in) -> Broadcast.each(node, in.get(0), Math::floor));
    KINDS.put("Ceil", (node, in) -> Broadcast.each(node, in.get(0), Math::ceil));
  }

  private Folding() {}

  /** The operators that can be computed from constants. */
  static Set<String> names() {
    Set<String> names = new TreeSet<>(KINDS.keySet());
    names.add("Split");
    return names;
  }

  /**
   * Computes an operator.
   *
   * @param inputs the constants; null for one that is left out
   * @throws OnnxFault when the operator or its arguments are not supported
   */
  public static Tensor compute(OnnxNode node, List<Tensor> inputs) {
    Kind kind = KINDS.get(node.operator());
    if (kind == null) {
      throw node.fault(
          "computes with constants only; of these operators, supported are: "
              + String.join(", ", names()));
    }
    try {
      return kind.compute(node, inputs);
    } catch (IndexOutOfBoundsException | NullPointerException e) {
      throw node.fault(
          "its inputs %s do not fit the operator"
              .formatted(inputs.stream().map(String::valueOf).toList()));
    } catch (IllegalArgumentException | ArithmeticException | NegativeArraySizeException e) {
      throw node.fault("its inputs do not fit the operator (%s)".formatted(e.getMessage()));
    }
  }

  /** Computes an operator with all its outputs. */
  public static List<Tensor> computeAll(OnnxNode node, List<Tensor> inputs) {
    if (!node.operator().equals("Split")) {
      return List.of(compute(node, inputs));
    }
    try {
      return split(node, inputs);
    } catch (IndexOutOfBoundsException
        | NullPointerException
        | IllegalArgumentException
        | ArithmeticException
        | NegativeArraySizeException e) {
      throw node.fault("its inputs do not fit the operator (%s)".formatted(e.getMessage()));
    }
  }

  private static List<Tensor> split(OnnxNode node, List<Tensor> in) {
    Tensor x = in.get(0);
    int axis = axis(node, node.integer("axis", 0), x.shape().length);
    long[] sizes = splits(node, in.size() > 1 ? in.get(1) : null, x.shape()[axis]);
    List<Tensor> parts = new ArrayList<>();
    int from = 0;
    for (long size : sizes) {
      parts.add(along(x, axis, from, (int) size, 1));
      from += (int) size;
    }
    return parts;
  }

  /**
   * The sizes of the parts of a Split.
   *
   * @param given its second input, or null
   * @param size of the axis
   */
  public static long[] splits(OnnxNode node, Tensor given, long size) {
    long[] sizes = node.integers("split");
    sizes = sizes == null && given != null ? given.longs() : sizes;
    int count = node.outputs().size();
    if (node.integer("num_outputs", count) != count) {
      throw node.fault("num_outputs", node.integer("num_outputs", count), count + ", its outputs");
    }
    if (sizes == null) {
      // The last is smaller when the others do not divide the axis.
      long each = (size + count - 1) / count;
      sizes = new long[count];
      Arrays.fill(sizes, each);
      sizes[count - 1] = size - each * (count - 1);
    }
    long sum = 0;
    boolean fits = sizes.length == count;
    for (int i = 0; fits && i < count; i++) {
      fits = sizes[i] >= 0 && sizes[i] <= size;
      sum += sizes[i];
    }
    if (!fits || sum != size) {
      throw node.fault(
          "parts of %s along an axis of %d; expected %d numbers with this sum"
              .formatted(Arrays.toString(sizes), size, count));
    }
    return sizes;
  }

  private static Tensor constant(OnnxNode node) {
    Tensor value = node.tensor("value");
    if (value != null) {
      return value;
    }
    if (node.has("value_float")) {
      return Tensor.reals(new float[] {(float) node.number("value_float", 0)});
    }
    if (node.has("value_int")) {
      return Tensor.integers(new long[] {node.integer("value_int", 0)});
    }
    long[] integers = node.integers("value_ints");
    if (integers != null) {
      return Tensor.integers(integers, integers.length);
    }
    float[] numbers = node.numbers("value_floats");
    if (numbers != null) {
      return Tensor.reals(numbers, numbers.length);
    }
    throw node.fault("it holds no tensor and no numbers, which are the supported kinds");
  }

  private static Tensor constantOfShape(OnnxNode node, List<Tensor> in) {
    long[] shape = in.get(0).longs().clone();
    Tensor value = node.tensor("value");
    Tensor one = value == null ? Tensor.reals(new float[1]) : value.reshaped();
    return Broadcast.to(node, one, shape);
  }

  private static Tensor cast(OnnxNode node, Tensor x) {
    node.ignore("saturate");
    long to = node.integer("to", 0);
    int[] real = {1, 10, 11, 16};
    if (IntStream.of(real).anyMatch(t -> t == to)) {
      return x.isReal() ? x : Tensor.reals(x.floats(), x.shape());
    }
    if (to >= 2 && to <= 13 && to != 8) {
      long[] values = x.longs();
      if (to != 9) {
        return Tensor.integers(values, x.shape());
      }
      return Tensor.booleans(
          IntStream.range(0, x.size()).mapToLong(i -> x.at(i) == 0 ? 0 : 1).toArray(), x.shape());
    }
    throw node.fault("to", to, "the number of a type of floats, integers or bool");
  }

  /** What ONNX's Shape gives: the sizes of the axes from start to end. */
  public static Tensor shape(OnnxNode node, long[] shape) {
    int start = clamp(node.integer("start", 0), shape.length);
    int end = Math.max(start, clamp(node.integer("end", shape.length), shape.length));
    return Tensor.integers(Arrays.copyOfRange(shape, start, end), end - start);
  }

  private static int clamp(long index, int rank) {
    return (int) Math.max(0, Math.min(rank, index < 0 ? index + rank : index));
  }

  private static Tensor gather(OnnxNode node, List<Tensor> in) {
    Tensor data = in.get(0);
    Tensor indices = in.get(1);
    int axis = axis(node, node.integer("axis", 0), data.shape().length);
    long[] from = data.shape();
    int inner = (int) Tensor.size(Arrays.copyOfRange(from, axis + 1, from.length));
    int outer = (int) Tensor.size(Arrays.copyOf(from, axis));
    long[] shape =
        java.util.stream.LongStream.concat(
                java.util.stream.LongStream.concat(
                    Arrays.stream(from, 0, axis), Arrays.stream(indices.shape())),
                Arrays.stream(from, axis + 1, from.length))
            .toArray();
    int[] positions = new int[Broadcast.size(node, shape)];
    int at = 0;
    for (int o = 0; o < outer; o++) {
      for (long index : indices.longs()) {
        long i = index < 0 ? index + from[axis] : index;
        if (i < 0 || i >= from[axis]) {
          throw node.fault("the index %d is outside of the %d values".formatted(index, from[axis]));
        }
        for (int k = 0; k < inner; k++) {
          positions[at++] = (int) ((o * from[axis] + i) * inner + k);
        }
      }
    }
    return data.picked(positions, shape);
  }

  private static Tensor concat(OnnxNode node, List<Tensor> in) {
    int rank = in.get(0).shape().length;
    int axis = axis(node, node.integer("axis", 0), rank);
    long[] shape = in.get(0).shape().clone();
    shape[axis] = 0;
    for (Tensor t : in) {
      long[] other = t.shape().clone();
      shape[axis] += other[axis];
      other[axis] = shape[axis];
      if (!Arrays.equals(other, shape)) {
        throw node.fault("its inputs do not fit: " + in);
      }
    }
    int outer = (int) Tensor.size(Arrays.copyOf(shape, axis));
    boolean real = in.stream().allMatch(Tensor::isReal);
    int size = Broadcast.size(node, shape);
    float[] reals = new float[real ? size : 0];
    long[] integers = new long[real ? 0 : size];
    int at = 0;
    for (int o = 0; o < outer; o++) {
      for (Tensor t : in) {
        int each = t.size() / outer;
        if (real) {
          System.arraycopy(t.floats(), o * each, reals, at, each);
        } else {
          System.arraycopy(t.longs(), o * each, integers, at, each);
        }
        at += each;
      }
    }
    return real ? Tensor.reals(reals, shape) : Tensor.integers(integers, shape);
  }

  private static Tensor slice(OnnxNode node, List<Tensor> in) {
    Tensor data = in.get(0);
    int rank = data.shape().length;
    long[] starts = in.get(1).longs();
    long[] ends = in.get(2).longs();
    long[] axes =
        in.size() > 3 && in.get(3) != null
            ? in.get(3).longs()
            : java.util.stream.LongStream.range(0, starts.length).toArray();
    long[] steps = in.size() > 4 && in.get(4) != null ? in.get(4).longs() : null;
    Tensor result = data;
    for (int i = 0; i < starts.length; i++) {
      int axis = axis(node, axes[i], rank);
      long step = steps == null ? 1 : steps[i];
      int size = (int) result.shape()[axis];
      Span span = span(node, size, starts[i], ends[i], step);
      result = along(result, axis, span.from, span.count, step);
    }
    return result;
  }

  /**
   * What a Slice takes of an axis.
   *
   * @param from the first index
   * @param count how many
   */
  public record Span(int from, int count) {}

  /** What a Slice takes of an axis of the given size. */
  public static Span span(OnnxNode node, int size, long start, long end, long step) {
    if (step == 0) {
      throw node.fault("steps", step, "another number than 0");
    }
    // Backwards, one before the first value ends it.
    int lowest = step < 0 ? -1 : 0;
    int from = clamp(start, size, 0, step < 0 ? size - 1 : size);
    int to = clamp(end, size, lowest, step < 0 ? size - 1 : size);
    return new Span(from, (int) Math.max(0, (to - from + step - Long.signum(step)) / step));
  }

  /** A constant repeated to a shape, or to the one that both broadcast to. */
  public static Tensor broadcast(OnnxNode node, Tensor x, long[] shape) {
    return Broadcast.to(node, x, shape);
  }

  private static int clamp(long index, int size, int low, int high) {
    return (int) Math.max(low, Math.min(high, index < 0 ? index + size : index));
  }

  private static Tensor along(Tensor data, int axis, int from, int count, long step) {
    long[] shape = data.shape().clone();
    int outer = (int) Tensor.size(Arrays.copyOf(shape, axis));
    int inner = (int) Tensor.size(Arrays.copyOfRange(shape, axis + 1, shape.length));
    int size = (int) shape[axis];
    shape[axis] = count;
    int[] positions = new int[outer * count * inner];
    int at = 0;
    for (int o = 0; o < outer; o++) {
      for (int c = 0; c < count; c++) {
        for (int k = 0; k < inner; k++) {
          positions[at++] = (int) ((o * (long) size + from + c * step) * inner + k);
        }
      }
    }
    return data.picked(positions, shape);
  }

  /** The axes of Squeeze, Unsqueeze or a reduction: an attribute, or the second input. */
  public static long[] axes(OnnxNode node, Tensor second) {
    long[] axes = node.integers("axes");
    return axes != null ? axes : second == null ? null : second.longs();
  }

  private static long[] unsqueezed(OnnxNode node, List<Tensor> in) {
    return unsqueezed(node, in.get(0).shape(), axes(node, in.size() > 1 ? in.get(1) : null));
  }

  /** The shape with axes of size 1 added. */
  public static long[] unsqueezed(OnnxNode node, long[] shape, long[] axes) {
    if (axes == null || axes.length == 0 || shape.length + axes.length > Limits.RANK) {
      throw node.fault("axes", Arrays.toString(axes), "one or more");
    }
    long[] out = new long[shape.length + axes.length];
    boolean[] added = new boolean[out.length];
    for (long a : axes) {
      added[axis(node, a, out.length)] = true;
    }
    int at = 0;
    for (int i = 0; i < out.length; i++) {
      if (!added[i] && at == shape.length) {
        throw node.fault("axes", Arrays.toString(axes), "each once");
      }
      out[i] = added[i] ? 1 : shape[at++];
    }
    return out;
  }

  private static long[] squeezed(OnnxNode node, List<Tensor> in) {
    return squeezed(node, in.get(0).shape(), axes(node, in.size() > 1 ? in.get(1) : null));
  }

  /** The shape without axes of size 1: the given ones, or all. */
  public static long[] squeezed(OnnxNode node, long[] shape, long[] axes) {
    List<Long> left = new ArrayList<>();
    boolean[] away = new boolean[shape.length];
    for (long a : axes == null ? new long[0] : axes) {
      away[axis(node, a, shape.length)] = true;
    }
    for (int i = 0; i < shape.length; i++) {
      if (away[i] && shape[i] != 1) {
        throw node.fault(
            "it takes away axis %d of %s, whose size is not 1"
                .formatted(i, Arrays.toString(shape)));
      }
      if (axes == null ? shape[i] != 1 : !away[i]) {
        left.add(shape[i]);
      }
    }
    return left.stream().mapToLong(Long::longValue).toArray();
  }

  private static Tensor reshape(OnnxNode node, List<Tensor> in) {
    long[] target = in.get(1).longs().clone();
    boolean zeros = node.flag("allowzero", false);
    long known = 1;
    int open = -1;
    for (int i = 0; i < target.length; i++) {
      if (target[i] == 0 && !zeros) {
        target[i] = in.get(0).shape()[i];
      }
      if (target[i] == -1) {
        open = i;
      } else {
        known = Math.multiplyExact(known, target[i]);
      }
    }
    if (open >= 0) {
      target[open] = in.get(0).size() / known;
    }
    return in.get(0).reshaped(target);
  }

  private static Tensor flatten(OnnxNode node, List<Tensor> in) {
    long[] shape = in.get(0).shape();
    int axis = (int) node.integer("axis", 1);
    long rows = Tensor.size(Arrays.copyOf(shape, axis < 0 ? axis + shape.length : axis));
    return in.get(0).reshaped(rows, rows == 0 ? 0 : in.get(0).size() / rows);
  }

  /** The permutation of a Transpose; by default all axes in reverse. */
  public static int[] permutation(OnnxNode node, long[] shape) {
    long[] perm = node.integers("perm");
    int rank = shape.length;
    int[] axes =
        perm == null
            ? IntStream.range(0, rank).map(i -> rank - 1 - i).toArray()
            : Arrays.stream(perm).mapToInt(i -> (int) i).toArray();
    boolean all =
        Arrays.equals(IntStream.of(axes).sorted().toArray(), IntStream.range(0, rank).toArray());
    if (!all) {
      throw node.fault("perm", Arrays.toString(axes), "each of the %d axes once".formatted(rank));
    }
    return axes;
  }

  private static Tensor where(OnnxNode node, List<Tensor> in) {
    long[] shape = Broadcast.shape(node, in);
    Tensor condition = Broadcast.to(node, in.get(0), shape);
    Tensor yes = Broadcast.to(node, in.get(1), shape);
    Tensor no = Broadcast.to(node, in.get(2), shape);
    if (yes.isReal()) {
      float[] values = new float[condition.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (condition.at(i) != 0 ? yes : no).at(i);
      }
      return Tensor.reals(values, shape);
    }
    long[] a = yes.longs();
    long[] b = no.longs();
    return Tensor.integers(
        IntStream.range(0, condition.size())
            .mapToLong(i -> condition.at(i) != 0 ? a[i] : b[i])
            .toArray(),
        shape);
  }

  private static Tensor range(OnnxNode node, List<Tensor> in) {
    double start = in.get(0).at(0);
    double step = in.get(2).at(0);
    double count = Math.max(0, Math.ceil((in.get(1).at(0) - start) / step));
    double[] values = new double[Broadcast.size(node, new long[] {(long) count})];
    for (int i = 0; i < values.length; i++) {
      values[i] = start + i * step;
    }
    return Tensor.of(in.get(0).kind(), values, values.length);
  }

  private static Tensor dropout(OnnxNode node, List<Tensor> in) {
    node.ignore("seed");
    node.ignore("ratio");
    if (in.size() > 2 && in.get(2) != null && in.get(2).at(0) != 0) {
      throw node.fault("training_mode is true; export the model in evaluation mode");
    }
    return in.get(0);
  }

  private static Tensor reduce(
      OnnxNode node, List<Tensor> in, double begin, java.util.function.DoubleBinaryOperator with) {
    Tensor x = in.get(0);
    requireNoBatch(node, List.of(x));
    long[] given = axes(node, in.size() > 1 ? in.get(1) : null);
    boolean keep = node.flag("keepdims", true);
    boolean none = given == null || given.length == 0;
    if (node.flag("noop_with_empty_axes", false) && none) {
      return x;
    }
    int rank = x.shape().length;
    boolean[] reduced = new boolean[rank];
    Arrays.fill(reduced, none);
    for (long a : none ? new long[0] : given) {
      reduced[axis(node, a, rank)] = true;
    }
    long[] kept = x.shape().clone();
    List<Long> shape = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      kept[i] = reduced[i] ? 1 : kept[i];
      if (keep || !reduced[i]) {
        shape.add(kept[i]);
      }
    }
    double[] values = new double[Broadcast.size(node, kept)];
    boolean truth = x.kind() == Tensor.Kind.BOOLEAN;
    Arrays.fill(values, truth ? Math.max(0, Math.min(1, begin)) : begin);
    for (int i = 0; i < x.size(); i++) {
      int rest = i;
      int at = 0;
      int step = 1;
      for (int a = rank - 1; a >= 0; a--) {
        int index = (int) (rest % x.shape()[a]);
        rest /= (int) x.shape()[a];
        at += reduced[a] ? 0 : index * step;
        step *= (int) kept[a];
      }
      values[at] = with.applyAsDouble(values[at], x.at(i));
    }
    return Tensor.of(x.kind(), values, shape.stream().mapToLong(Long::longValue).toArray());
  }

  private static Tensor divide(OnnxNode node, List<Tensor> in) {
    if (in.get(0).isReal()) {
      return Broadcast.apply(node, in, (a, b) -> a / b);
    }
    if (Arrays.stream(in.get(1).longs()).anyMatch(i -> i == 0)) {
      throw node.fault("it divides an integer by zero");
    }
    return Broadcast.apply(node, in, (a, b) -> (double) ((long) a / (long) b));
  }

  /** The remainder has the sign of the divisor or, with {@code fmod}, that of the dividend. */
  private static Tensor remainder(OnnxNode node, List<Tensor> in) {
    if (!in.get(0).isReal() && Arrays.stream(in.get(1).longs()).anyMatch(i -> i == 0)) {
      throw node.fault("it divides an integer by zero");
    }
    return node.integer("fmod", 0) != 0
        ? Broadcast.apply(node, in, (a, b) -> a % b)
        : Broadcast.apply(node, in, (a, b) -> a - b * Math.floor(a / b));
  }

  /** Refuses to compute with the unknown number of examples. */
  static void requireNoBatch(OnnxNode node, List<Tensor> in) {
    if (in.stream().anyMatch(Tensor::hasBatch)) {
      throw node.fault(
          "it computes with the number of examples, which is not known here; export the model with a fixed batch size of 1");
    }
  }

  /** An axis counted from 0; negative ones count from the end. */
  public static int axis(OnnxNode node, long axis, int rank) {
    if (axis < -rank || axis >= rank) {
      throw node.fault("axis", axis, "%d to %d".formatted(-rank, rank - 1));
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }
}
