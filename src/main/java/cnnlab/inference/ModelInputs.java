package cnnlab.inference;

import cnnlab.config.UsageException;
import cnnlab.data.ImageSet;
import cnnlab.data.file.NpyArray;
import cnnlab.model.GraphEnds;
import cnnlab.scratch.layer.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The inputs of a model: images or vectors.
 *
 * @param what their source, for messages
 * @param layout the user's layout of one input
 * @param count N, at least 1
 * @param values [N, C, H, W]
 * @param labels true classes [N], or null when they are not known
 */
public record ModelInputs(
    String what, ArrayLayout layout, int count, float[] values, int[] labels) {

  /**
   * Takes images of a set, evenly spaced.
   *
   * @param layout the layout that the model expects; it has as many values as an image. Grey images
   *     may have any
   * @param most upper limit on their number
   */
  public static ModelInputs of(ImageSet set, ArrayLayout layout, int most) {
    int n = Math.min(most, set.count());
    int[] chosen = IntStream.range(0, n).map(i -> (int) ((long) i * set.count() / n)).toArray();
    int[] labels = IntStream.of(chosen).map(i -> set.labels()[i]).toArray();
    return new ModelInputs(set.name(), layout, n, set.batch(chosen, 0, n), labels);
  }

  /**
   * Takes an array from a file: [N, F], [N, H, W] or [N, H, W, C], as the model expects. A channel
   * axis of size 1 may be present or absent, as in Keras.
   *
   * @throws UsageException when it has another shape, or no examples
   */
  public static ModelInputs of(Path file, NpyArray array, LoadedModel model) {
    return of(List.of(new NamedArray(file.toString(), array)), model);
  }

  /**
   * Takes an array for each input of a model.
   *
   * @param arrays in the order of {@link LoadedModel#inputNames}
   * @param model not {@linkplain LoadedModel#isApart apart}
   * @throws UsageException when one has another shape, or they have different numbers of examples
   */
  public static ModelInputs of(List<NamedArray> arrays, LoadedModel model) {
    List<ArrayLayout> layouts = layouts(arrays, model);
    int n = NamedArray.count(arrays);
    String what = arrays.stream().map(NamedArray::what).collect(Collectors.joining(", "));
    List<float[]> values = arrays.stream().map(a -> a.array().data()).toList();
    if (model.ends() != null) {
      float[] joined = ModelEnds.join(model.ends().inputs(), values, n);
      return new ModelInputs(what, model.input(), n, joined, null);
    }
    ArrayLayout layout = layouts.get(0);
    return new ModelInputs(what, layout, n, layout.channelsFirst(values.get(0), n), null);
  }

  /**
   * The layout of each input, which the model gives or else the arrays.
   *
   * @throws UsageException when an array has another shape, or no examples
   */
  public static List<ArrayLayout> layouts(List<NamedArray> arrays, LoadedModel model) {
    List<String> names = model.inputNames();
    List<ArrayLayout> layouts = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      ArrayLayout wanted =
          model.ends() == null ? model.input() : model.ends().inputs().get(i).layout();
      boolean vectors =
          wanted == null && GraphEnds.takesVectors(model.graph(), List.of(names.get(i)));
      String owner =
          names.size() == 1
              ? "the inputs of " + model.file()
              : "the input '%s' of %s".formatted(names.get(i), model.file());
      layouts.add(layout(arrays.get(i), wanted, vectors, owner));
    }
    return layouts;
  }

  /** The shape of one input in the engines. */
  public Shape shape() {
    return layout.shape();
  }

  private static ArrayLayout layout(
      NamedArray named, ArrayLayout wanted, boolean vectors, String owner) {
    NpyArray array = named.array();
    int rank = array.shape().length;
    boolean fits =
        wanted != null
            ? rank > 1 && wanted.fits(array)
            : vectors ? rank == 2 : rank == 3 || rank == 4;
    if (!fits || array.data().length == 0) {
      String expected = wanted != null ? wanted.ofMany() : vectors ? "[N, F]" : "[N, H, W, C]";
      throw new UsageException(
          "%s: has shape %s; expected %s with N of at least 1, %s%s"
              .formatted(
                  named.what(),
                  Arrays.toString(array.shape()),
                  expected,
                  owner,
                  hint(array, wanted)));
    }
    return wanted != null ? wanted : ArrayLayout.ofExamples(array);
  }

  /** How to fix the array in numpy, if that is clear; else empty. */
  private static String hint(NpyArray array, ArrayLayout wanted) {
    if (wanted == null || array.data().length == 0) {
      return "";
    }
    NpyArray single =
        new NpyArray(
            IntStream.concat(IntStream.of(1), Arrays.stream(array.shape())).toArray(),
            array.data());
    if (single.shape().length > 1 && wanted.fits(single)) {
      return "; for a single example use x[None] in numpy";
    }
    return array.shape().length > 1 && array.data().length == array.shape()[0] * wanted.size()
        ? "; the number of values per example fits: use x.reshape(%s) in numpy if their order is the same"
            .formatted(wanted.ofMany().replace("[N", "-1").replace("]", ""))
        : "";
  }
}
