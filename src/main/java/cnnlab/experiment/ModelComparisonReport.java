package cnnlab.experiment;

import cnnlab.crosscheck.Difference;
import cnnlab.crosscheck.ModelComparison;
import cnnlab.data.ImageSet;
import cnnlab.data.NpyArray;
import cnnlab.engine.Dl4jRuntime;
import cnnlab.model.ModelFiles;
import cnnlab.report.JsonFile;
import cnnlab.report.Numbers;
import cnnlab.scratch.GraphCompiler;
import cnnlab.scratch.Network;
import cnnlab.scratch.ReferenceKernels;
import cnnlab.scratch.Shape;
import cnnlab.scratch.UnsupportedGraphException;
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
     * @throws UsageException when it has another rank or no images
     */
    public static Images of(Path file, NpyArray array) {
      int[] s = array.shape();
      if (s.length != 4 || array.data().length == 0) {
        throw new UsageException(
            "%s: has shape %s; expected images [N, H, W, C] (add missing dimensions in numpy: x[..., None] for grey images, x[None] for a single one)"
                .formatted(file, Arrays.toString(s)));
      }
      return new Images(
          file.toString(), new Shape(s[3], s[1], s[2]), s[0], array.nhwcToNchw().data());
    }
  }

  /**
   * What both engines should say.
   *
   * @param file where it comes from, for messages
   * @param count N
   * @param classes K
   * @param values [N, K]
   */
  public record Outputs(Path file, int count, int classes, float[] values) {

    /**
     * An array [N, K] from a file.
     *
     * @throws UsageException when it has another rank
     */
    public static Outputs of(Path file, NpyArray array) {
      int[] s = array.shape();
      if (s.length != 2) {
        throw new UsageException(
            "%s: has shape %s; expected outputs [N, K]".formatted(file, Arrays.toString(s)));
      }
      return new Outputs(file, s[0], s[1], array.data());
    }

    private void requireFit(int images, int outputs) {
      if (count != images || classes != outputs) {
        throw new UsageException(
            "%s: has shape [%d, %d]; expected [%d, %d], the model's outputs for these images"
                .formatted(file, count, classes, images, outputs));
      }
    }
  }

  /**
   * Compares a model file on some images.
   *
   * @param model a zip that DL4J wrote
   * @param expected what the outputs should be, or null
   * @param tolerance see {@link ModelComparison}
   * @throws cnnlab.model.ModelFileException when the model cannot be read
   * @throws UsageException when the model holds something the engine cannot do, or model, images
   *     and outputs do not fit each other
   */
  public static ModelComparison compare(
      Path model, Images images, Outputs expected, double tolerance) {
    Dl4jRuntime.configure(true, 1);
    var graph = ModelFiles.load(model);
    Network network;
    try {
      network = GraphCompiler.compile(graph, images.shape(), new ReferenceKernels());
    } catch (UnsupportedGraphException e) {
      throw new UsageException(model + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "%s does not fit %s, images of shape %s: %s"
              .formatted(model, images.what(), images.shape(), e.getMessage()),
          e);
    }
    if (expected != null) {
      expected.requireFit(images.count(), network.outputShape().size());
    }
    return ModelComparison.of(
        graph,
        network,
        images.values(),
        images.count(),
        expected == null ? null : expected.values(),
        tolerance);
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

  /**
   * Writes the result as JSON.
   *
   * @throws UsageException when the file cannot be written
   */
  public static void writeJson(Path file, ModelComparison result) {
    try {
      JsonFile.write(file, result);
    } catch (IOException e) {
      throw new UsageException(
          "--json: %s cannot be written (%s); name a file that can be".formatted(file, e), e);
    }
  }
}
