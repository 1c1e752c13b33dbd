package cnnlab.experiment;

import cnnlab.crosscheck.Difference;
import cnnlab.crosscheck.ModelComparison;
import cnnlab.data.ImageSet;
import cnnlab.data.NpyArray;
import cnnlab.engine.Dl4jRuntime;
import cnnlab.report.JsonFile;
import cnnlab.report.MarkdownReport;
import cnnlab.report.Numbers;
import cnnlab.report.RunDirectory;
import cnnlab.report.TextTable;
import cnnlab.scratch.GraphCompiler;
import cnnlab.scratch.Network;
import cnnlab.scratch.ReferenceKernels;
import cnnlab.scratch.Shape;
import cnnlab.scratch.UnsupportedGraphException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
   * @param labels true classes [N], or null when they are not known
   */
  public record Images(String what, Shape shape, int count, float[] values, int[] labels) {

    /** All images of a set. */
    public static Images of(ImageSet set) {
      int[] all = IntStream.range(0, set.count()).toArray();
      return new Images(
          set.name(),
          new Shape(set.channels(), set.height(), set.width()),
          set.count(),
          set.batch(all, 0, set.count()),
          set.labels());
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
          file.toString(), new Shape(s[3], s[1], s[2]), s[0], array.nhwcToNchw().data(), null);
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
   * @param model a model file; see {@link Models}
   * @param expected what the outputs should be, or null
   * @param tolerance see {@link ModelComparison}
   * @throws cnnlab.model.ModelFileException when the model cannot be read
   * @throws UsageException when the model holds something the engine cannot do, or model, images
   *     and outputs do not fit each other
   */
  public static ModelComparison compare(
      Path model, Images images, Outputs expected, double tolerance) {
    Dl4jRuntime.configure(true, 1);
    var graph = Models.load(model);
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
        images.labels(),
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
    if (result.scores() != null) {
      out.println();
      out.println(scores(result.scores()));
    }
    if (result.expected() != null) {
      against(out, "DL4J", result.expected().library());
      against(out, "From scratch", result.expected().scratch());
    }
    out.printf(
        "%s: tolerance %s%n",
        result.passed() ? "Within tolerance" : "NOT within tolerance",
        Numbers.scientific(result.tolerance()));
  }

  /** Loss and accuracy of each implementation. */
  static TextTable scores(ModelComparison.Scores s) {
    TextTable table = new TextTable().left("").right("loss").right("accuracy");
    score(table, "DL4J", s.library());
    score(table, "from scratch", s.scratch());
    if (s.expected() != null) {
      score(table, "expected outputs", s.expected());
    }
    return table;
  }

  private static void score(TextTable table, String who, ModelComparison.Score score) {
    table.row(who, Numbers.fixed(score.loss(), 6), Numbers.fixed(score.accuracy(), 6));
  }

  private static void against(PrintStream out, String who, Difference d) {
    out.printf(
        "%s against the expected outputs: sum |a-b| %s, max |a-b| %s%n",
        who, Numbers.scientific(d.sumAbs()), Numbers.scientific(d.maxAbs()));
  }

  /**
   * Writes a directory with {@code report.md}, {@code result.json} and {@code crosscheck.csv}.
   *
   * @param out a new or empty directory
   * @param title of the report, such as the name of the model
   * @param arguments the command line, for the report
   * @throws UsageException when the directory is not new or empty, or cannot be written
   */
  public static void write(Path out, String title, List<String> arguments, ModelComparison result)
      throws IOException {
    try (RunDirectory directory = Run.at(out)) {
      directory.writeJson("result.json", result);
      directory.writeCsv(
          "crosscheck.csv", CrossCheckRow.class, CrossCheckRow.of("all-images", result.layers()));
      directory.writeText("report.md", markdown(title, arguments, result));
      directory.finish();
    }
  }

  private static String markdown(String title, List<String> arguments, ModelComparison result) {
    MarkdownReport report =
        new MarkdownReport()
            .heading(1, title + ": DL4J and from scratch")
            .paragraph(
                "%s within the tolerance of %s: every layer's largest relative difference, and every output's largest difference. %s weights, %s images; the same class chosen on %s of them."
                    .formatted(
                        result.passed() ? "All is" : "**Not all is**",
                        Numbers.scientific(result.tolerance()),
                        Numbers.count(result.weights()),
                        Numbers.count(result.images()),
                        Numbers.percent(result.argmaxAgreement())));
    if (result.scores() != null) {
      report.heading(2, "Loss and accuracy").table(scores(result.scores()));
    }
    if (result.expected() != null) {
      report.heading(2, "Against the expected outputs").table(againstExpected(result));
    }
    return report
        .heading(2, "Layer by layer")
        .paragraph("a is DL4J, b is from scratch; relative is max \\|a-b\\| / max \\|a\\|.")
        .table(Task1Report.layers(result.layers()))
        .heading(2, "To repeat it")
        .code("sh", "./cnnlab " + String.join(" ", arguments))
        .toString();
  }

  private static TextTable againstExpected(ModelComparison result) {
    TextTable table = new TextTable().left("").right("sum |a-b|").right("max |a-b|");
    Map<String, Difference> rows = new LinkedHashMap<>();
    rows.put("DL4J", result.expected().library());
    rows.put("from scratch", result.expected().scratch());
    rows.forEach(
        (who, d) -> table.row(who, Numbers.scientific(d.sumAbs()), Numbers.scientific(d.maxAbs())));
    return table;
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
