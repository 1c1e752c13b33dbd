package cnnlab.inference;

import cnnlab.config.UsageException;
import cnnlab.data.ImageSet;
import cnnlab.data.file.NpyArray;
import cnnlab.model.GraphEnds;
import cnnlab.scratch.layer.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What a model is run on: images or vectors.
 *
 * @param what where they come from, for messages
 * @param layout of one of them, as the user has it
 * @param count N, at least 1
 * @param values [N, C, H, W]
 * @param labels true classes [N], or null when they are not known
 */
public record ModelInputs(
    String what, ArrayLayout layout, int count, float[] values, int[] labels) {

  /**
   * Images of a set, evenly spread over it.
   *
   * @param layout in which the model wants them: of as many values, grey ones in any
   * @param most how many at most
   */
  public static ModelInputs of(ImageSet set, ArrayLayout layout, int most) {
    int n = Math.min(most, set.count());
    int[] chosen = IntStream.range(0, n).map(i -> (int) ((long) i * set.count() / n)).toArray();
    int[] labels = IntStream.of(chosen).map(i -> set.labels()[i]).toArray();
    return new ModelInputs(set.name(), layout, n, set.batch(chosen, 0, n), labels);
  }

  /**
   * An array from a file: [N, F], [N, H, W] or [N, H, W, C], as the model wants it. An axis of
   * channels of size 1 may be there or not, as in Keras.
   *
   * @throws UsageException when it has another shape, or no examples
   */
  public static ModelInputs of(Path file, NpyArray array, LoadedModel model) {
    ArrayLayout layout = layout(file, array, model);
    int n = array.shape()[0];
    return new ModelInputs(file.toString(), layout, n, layout.channelsFirst(array.data(), n), null);
  }

  /** The shape of one of them in both engines. */
  public Shape shape() {
    return layout.shape();
  }

  private static ArrayLayout layout(Path file, NpyArray array, LoadedModel model) {
    ArrayLayout wanted = model.input();
    int rank = array.shape().length;
    boolean vectors = wanted == null && GraphEnds.takesVectors(model.graph());
    boolean fits =
        wanted != null
            ? rank > 1 && wanted.fits(array)
            : vectors ? rank == 2 : rank == 3 || rank == 4;
    if (!fits || array.data().length == 0) {
      String expected = wanted != null ? wanted.ofMany() : vectors ? "[N, F]" : "[N, H, W, C]";
      throw new UsageException(
          "%s: has shape %s; expected %s with N of at least 1, the inputs of %s%s"
              .formatted(
                  file,
                  Arrays.toString(array.shape()),
                  expected,
                  model.file(),
                  hint(array, wanted)));
    }
    return wanted != null ? wanted : ArrayLayout.ofExamples(array);
  }

  /** What to do in numpy, where it is plain. */
  private static String hint(NpyArray array, ArrayLayout wanted) {
    if (wanted == null || array.data().length == 0) {
      return "";
    }
    NpyArray single =
        new NpyArray(
            IntStream.concat(IntStream.of(1), Arrays.stream(array.shape())).toArray(),
            array.data());
    if (single.shape().length > 1 && wanted.fits(single)) {
      return "; for a single one write x[None] in numpy";
    }
    return array.shape().length > 1 && array.data().length == array.shape()[0] * wanted.size()
        ? "; it has as many values for each: x.reshape(%s) in numpy, if their order is the same"
            .formatted(wanted.ofMany().replace("[N", "-1").replace("]", ""))
        : "";
  }
}
