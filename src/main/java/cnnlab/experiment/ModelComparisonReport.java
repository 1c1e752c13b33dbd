package cnnlab.experiment;

import cnnlab.crosscheck.Difference;
import cnnlab.crosscheck.ModelComparison;
import cnnlab.data.ImageSet;
import cnnlab.data.NpyArray;
import cnnlab.engine.Dl4jRuntime;
import cnnlab.model.ModelFiles;
import cnnlab.report.JsonFile;
import cnnlab.report.Numbers;
import cnnlab.scratch.Shape;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;

/** {@code cnnlab compare}: the comparison of one model file, and how it is shown. */
public final class ModelComparisonReport {
  private ModelComparisonReport() {}

  /**
   * Images to compare on.
   *
   * @param what where they come from, for messages
   * @param shape of one image
   * @param count N
   * @param values [N, C, H, W]
   */
  public record Images(String what, Shape shape, int count, float[] values) {

    /** All images of a set. */
    public static Images of(ImageSet set) {
      int[] all = IntStream.range(0, set.count()).toArray();
      return new Images(
          set.name(),
          new Shape(set.channels(), set.height(), set.width()),
          set.count(),
          set.batch(all, 0, set.count()));
    }

    /**
     * An array [N, H, W, C] from a file.
     *
     * @throws IllegalArgumentException when it has another rank or no images
     */
    public static Images of(Path file, NpyArray array) {
      int[] s = array.shape();
      if (s.length != 4 || s[0] == 0) {
        throw new IllegalArgumentException(
            "%s: has shape %s; expected images [N, H, W, C]".formatted(file, Arrays.toString(s)));
      }
      return new Images(
          file.toString(), new Shape(s[3], s[1], s[2]), s[0], array.nhwcToNchw().data());
    }
  }

  /**
   * Compares a model file on some images.
   *
   * @param expected outputs [N, K], or null
   * @throws IllegalArgumentException when file, images and outputs do not fit each other
   */
  public static ModelComparison compare(
      Path model, Images images, NpyArray expected, double tolerance) {
    Dl4jRuntime.configure(true, 1);
    var graph = ModelFiles.load(model);
    try {
      return ModelComparison.of(
          graph,
          images.shape(),
          images.values(),
          images.count(),
          expected == null ? null : expected.data(),
          tolerance);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "%s on %s, images of %s: %s"
              .formatted(model, images.what(), images.shape(), e.getMessage()),
          e);
    }
  }

  /** Prints the tables. */
  public static void print(PrintStream out, ModelComparison result) {
    out.printf(
        "%s weights, %s images%n%n",
        Numbers.count(result.weights()), Numbers.count(result.images()));
    out.println(Task1Report.layers(result.layers()));
    out.printf(
        "Same class chosen on %s of the images.%n", Numbers.percent(result.argmaxAgreement()));
    if (result.expected() != null) {
      against(out, "DL4J", result.expected().library());
      against(out, "From scratch", result.expected().scratch());
    }
    out.printf(
        "%s: tolerance %s%n",
        result.passed() ? "Within tolerance" : "NOT within tolerance",
        Numbers.scientific(result.tolerance()));
  }

  private static void against(PrintStream out, String who, Difference d) {
    out.printf(
        "%s against the expected outputs: sum |a-b| %s, max |a-b| %s%n",
        who, Numbers.scientific(d.sumAbs()), Numbers.scientific(d.maxAbs()));
  }

  /** Writes the result as JSON. */
  public static void writeJson(Path file, ModelComparison result) throws IOException {
    JsonFile.write(file, result);
  }
}
