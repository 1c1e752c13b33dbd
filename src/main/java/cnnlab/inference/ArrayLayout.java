package cnnlab.inference;

import cnnlab.data.file.NpyArray;
import cnnlab.scratch.layer.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The shape of one example in an array that the user passes in or receives. In the convention of
 * Keras it is {@code [F]}, {@code [H, W]} without a channel axis, or {@code [H, W, C]}, channels
 * last; in that of PyTorch {@code [C, H, W]} or {@code [C, W]}, channels first. Both engines
 * compute with {@code [C, H, W]}; arrays that enter or leave the program are converted here.
 *
 * @param sizes one to three sizes, each at least 1
 * @param channelsFirst whether the channels are the first axis of two or three
 */
public record ArrayLayout(List<Integer> sizes, boolean channelsFirst) {
  private static final List<String> AXES = List.of("F", "H, W", "H, W, C");

  /**
   * @throws IllegalArgumentException when there are not one to three sizes, or one is below 1
   */
  public ArrayLayout {
    sizes = List.copyOf(sizes);
    if (sizes.isEmpty() || sizes.size() > AXES.size() || sizes.stream().anyMatch(s -> s < 1)) {
      throw new IllegalArgumentException(
          "%s found, one to three sizes of at least 1 expected".formatted(sizes));
    }
  }

  /** A layout with the channels last. */
  public ArrayLayout(List<Integer> sizes) {
    this(sizes, false);
  }

  /** The layout of an engine's shape, when nothing else is known about the model. */
  public static ArrayLayout of(Shape shape) {
    return new ArrayLayout(
        shape.isVector()
            ? List.of(shape.channels())
            : List.of(shape.height(), shape.width(), shape.channels()));
  }

  /** The layout of the examples in an array whose first axis is the example. */
  static ArrayLayout ofExamples(NpyArray array) {
    return new ArrayLayout(
        Arrays.stream(array.shape()).skip(1).boxed().collect(Collectors.toList()));
  }

  /** The shape in the engines. */
  public Shape shape() {
    if (channelsFirst && sizes.size() > 1) {
      int last = sizes.size() - 1;
      return new Shape(sizes.get(0), last == 1 ? 1 : sizes.get(1), sizes.get(last));
    }
    return switch (sizes.size()) {
      case 1 -> Shape.vector(sizes.get(0));
      case 2 -> new Shape(1, sizes.get(0), sizes.get(1));
      default -> new Shape(sizes.get(2), sizes.get(0), sizes.get(1));
    };
  }

  /** The number of spatial positions of an example, H·W. */
  public int places() {
    return shape().plane();
  }

  /** The number of values of one example. */
  public int size() {
    return shape().size();
  }

  /**
   * Whether an array of examples has this shape, ignoring a channel axis of size 1, as Keras does.
   */
  public boolean fits(NpyArray array) {
    List<Integer> other = Arrays.stream(array.shape()).skip(1).boxed().toList();
    return withoutOneChannel(other).equals(withoutOneChannel(sizes));
  }

  private List<Integer> withoutOneChannel(List<Integer> sizes) {
    int last = sizes.size() - 1;
    if (channelsFirst) {
      return last > 1 && sizes.get(0) == 1 ? sizes.subList(1, last + 1) : sizes;
    }
    return last > 0 && sizes.get(last) == 1 ? sizes.subList(0, last) : sizes;
  }

  /**
   * Converts values from the user's order to that of the engines.
   *
   * @param values [n, ...] in this layout; not changed
   * @return values [n, C, H, W]
   */
  public float[] channelsFirst(float[] values, int n) {
    Shape s = shape();
    return channelsFirst || s.channels() == 1 || s.plane() == 1
        ? values
        : NpyArray.nhwcToNchw(values, n, s.height(), s.width(), s.channels());
  }

  /**
   * Converts values from the order of the engines to the user's.
   *
   * @param values [n, C, H, W]; not changed
   * @return values [n, ...] in this layout
   */
  public float[] fromEngines(float[] values, int n) {
    Shape s = shape();
    return channelsFirst || s.channels() == 1 || s.plane() == 1
        ? values
        : NpyArray.nchwToNhwc(values, n, s.height(), s.width(), s.channels());
  }

  /** The shape of an array of n examples. */
  public int[] arrayShape(int n) {
    int[] all = new int[sizes.size() + 1];
    all[0] = n;
    for (int i = 1; i < all.length; i++) {
      all[i] = sizes.get(i - 1);
    }
    return all;
  }

  /** The shape of an array of N examples as text: {@code [N, 28, 28, 1]}. */
  public String ofMany() {
    return "[N, " + toString().substring(1);
  }

  /** {@code [28, 28, 1]}. */
  @Override
  public String toString() {
    return sizes.toString();
  }
}
