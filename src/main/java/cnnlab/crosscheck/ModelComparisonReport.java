package cnnlab.crosscheck;

import cnnlab.config.UsageException;
import cnnlab.console.FittedStream;
import cnnlab.engine.Dl4jRuntime;
import cnnlab.engine.EngineKind;
import cnnlab.engine.Memory;
import cnnlab.engine.MemoryNeed;
import cnnlab.inference.LoadedModel;
import cnnlab.inference.ModelInputs;
import cnnlab.inference.ModelLoader;
import cnnlab.inference.ModelPreprocessing;
import cnnlab.model.GraphSize;
import cnnlab.run.Run;
import cnnlab.scratch.Network;
import cnnlab.scratch.dl4j.UnsupportedGraphException;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.store.JsonFile;
import cnnlab.store.RunDirectory;
import cnnlab.text.MarkdownReport;
import cnnlab.text.Numbers;
import cnnlab.text.TextTable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Compares one model file for {@code cnnlab compare}, and shows the result. */
public final class ModelComparisonReport {
  private ModelComparisonReport() {}

  /**
   * Reads the model.
   *
   * @param file a model file; see {@link ModelLoader}
   * @throws cnnlab.model.file.ModelFileException when it cannot be read
   */
  public static LoadedModel load(Path file) {
    Dl4jRuntime.configure(true, 1);
    return ModelLoader.open(file);
  }

  /** The files beside a model that describe its preprocessing. */
  public static List<Path> readBeside(Path model) {
    return ModelPreprocessing.filesBeside(model);
  }

  /**
   * Compares a model on some inputs.
   *
   * @param expected the expected outputs, or null
   * @param tolerance see {@link ModelComparison}; null to use derived bounds
   * @param peer a further library to run the model in, or null
   * @throws UsageException when the engine does not support the model, or model, inputs and outputs
   *     do not fit together
   * @throws IOException when the ONNX file for the peer cannot be written
   */
  public static ModelComparison compare(
      LoadedModel model, ModelInputs inputs, ExpectedOutputs expected, Double tolerance, Peer peer)
      throws IOException {
    return compare(
        model,
        inputs,
        expected,
        tolerance,
        peer == null ? null : Peers.outputs(peer, model, inputs));
  }

  /** As above, without a further implementation. */
  public static ModelComparison compare(
      LoadedModel model, ModelInputs inputs, ExpectedOutputs expected, Double tolerance) {
    return compare(model, inputs, expected, tolerance, (OtherOutputs) null);
  }

  private static ModelComparison compare(
      LoadedModel model,
      ModelInputs inputs,
      ExpectedOutputs expected,
      Double tolerance,
      OtherOutputs other) {
    int batch = Math.min(ModelComparison.BATCH, inputs.count());
    Memory.require(model.file(), model.graph(), inputs.shape(), size -> memory(size, batch));
    Network network;
    try {
      network = model.compile(inputs.shape(), inputs.what(), new ReferenceKernels());
    } catch (UnsupportedGraphException e) {
      throw new UsageException(model.file() + ": " + e.getMessage(), e);
    }
    return ModelComparison.of(
        model.graph(),
        network,
        model.ends(),
        inputs.values(),
        inputs.count(),
        inputs.labels(),
        expected == null ? null : expected.values(inputs.count(), model, network),
        tolerance,
        other);
  }

  /**
   * The memory needed to run a model with both engines and to compare all layers.
   *
   * @param batch images per call of DL4J
   */
  private static MemoryNeed memory(GraphSize size, int batch) {
    int threads = Runtime.getRuntime().availableProcessors();
    int compared = Math.min(batch, CrossCheck.batch(Math.max(1, size.activations())));
    return MemoryNeed.inference(size, EngineKind.DL4J, batch, 1)
        .plus(MemoryNeed.inference(size, EngineKind.SCRATCH, batch, threads))
        .plus(MemoryNeed.comparison(size, compared));
  }

  /** Prints the tables. */
  public static void print(PrintStream out, ModelComparison result) {
    out.printf(
        "%s weights, %s images%n%n",
        Numbers.count(result.weights()), Numbers.count(result.images()));
    out.println(CheckTables.layers(result.layers()));
    out.println(CheckTables.alone(result.layers()));
    if (result.argmaxAgreement() != null) {
      out.printf(
          "Same class predicted for %s of the images.%n",
          Numbers.percent(result.argmaxAgreement()));
    }
    if (result.scores() != null) {
      out.println();
      out.println(scores(result.scores()));
    } else if (result.argmaxAgreement() != null) {
      out.println();
    }
    out.println(CheckTables.checks(result.checks()));
    FittedStream.prose(out, CheckTables.examined(result.examined(), result.images()));
    if (result.sideBySide() != null) {
      out.println();
      out.println(result.sideBySide().table());
    }
    if (result.expected() != null) {
      against(out, "DL4J", result.expected().library());
      against(out, "From scratch", result.expected().scratch());
    }
    FittedStream.prose(out, verdict(result));
  }

  private static String verdict(ModelComparison result) {
    if (result.notFinite() > 0) {
      return "NOT the same: %s values of layers and outputs are NaN or infinite and cannot be compared"
          .formatted(Numbers.count(result.notFinite()));
    }
    if (result.tolerance() != null) {
      return "%s: tolerance %s"
          .formatted(
              result.passed() ? "Within tolerance" : "NOT within tolerance",
              Numbers.scientific(result.tolerance()));
    }
    return result.passed()
        ? "Within tolerance: rounding explains all differences"
        : "NOT within tolerance: rounding does not explain all differences";
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
        "%s compared with the expected outputs: sum |a-b| %s, max |a-b| %s%n",
        who, Numbers.scientific(d.sumAbs()), Numbers.scientific(d.maxAbs()));
  }

  /**
   * Writes a directory with {@code report.md}, {@code result.json} and {@code crosscheck.csv}.
   *
   * @param out a new or empty directory
   * @param title title of the report, such as the name of the model
   * @param arguments the command line, for the report
   * @throws UsageException when the directory is neither new nor empty, or cannot be written
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
                "%s. %s weights, %s images%s."
                    .formatted(
                        result.passed() ? verdict(result) : "**" + verdict(result) + "**",
                        Numbers.count(result.weights()),
                        Numbers.count(result.images()),
                        result.argmaxAgreement() == null
                            ? ""
                            : "; the same class predicted for %s of them"
                                .formatted(Numbers.percent(result.argmaxAgreement()))));
    if (result.scores() != null) {
      report.heading(2, "Loss and accuracy").table(scores(result.scores()));
    }
    if (result.expected() != null) {
      report.heading(2, "Comparison with the expected outputs").table(againstExpected(result));
    }
    if (result.sideBySide() != null) {
      report.heading(2, "Outputs side by side").table(result.sideBySide().table());
    }
    return report
        .heading(2, "Checks")
        .paragraph(CheckTables.examined(result.examined(), result.images()))
        .table(CheckTables.checks(result.checks()))
        .heading(2, "Layer by layer")
        .paragraph(
            "a is DL4J, b is from scratch; relative is max \\|a-b\\| / max \\|a\\|; share is the difference divided by the rounding bound, which is propagated from the images through all layers.")
        .table(CheckTables.layers(result.layers()))
        .heading(2, "Each layer by itself")
        .paragraph(
            "Each layer is computed in double precision from the inputs that the engine itself computed. The share is the engine's difference from it, divided by the bound on the rounding errors of this layer alone. Nearer so far: the engine whose output is nearer to double precision, including the errors of all layers up to this one.")
        .table(CheckTables.alone(result.layers()))
        .heading(2, "How to repeat this run")
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
          "--json: %s cannot be written (%s); choose another file".formatted(file, e), e);
    }
  }
}
