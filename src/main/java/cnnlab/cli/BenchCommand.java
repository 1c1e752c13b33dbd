package cnnlab.cli;

import cnnlab.bench.Bench;
import cnnlab.bench.BenchOptions;
import cnnlab.cli.option.CommandLines;
import cnnlab.cli.option.OutputPaths;
import cnnlab.cli.option.Verbosity;
import cnnlab.run.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cnnlab bench}: runs {@link Bench}. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description =
        "Measure the speed of training and inference of all engines. Exit code 1 if an engine computes something else than the others.")
public final class BenchCommand implements Callable<Integer> {
  @Option(
      names = "--models",
      paramLabel = "MODEL",
      split = ",",
      defaultValue = "task1,task3",
      description =
          "Networks to measure: task1, task3, task2-best, task3-best, model files of Keras, ONNX or DL4J, run directories; default: ${DEFAULT-VALUE}.")
  private List<String> models;

  @Option(
      names = "--engines",
      paramLabel = "ENGINE",
      split = ",",
      defaultValue = "scratch,reference,dl4j,dl4j-onednn",
      description =
          "Engines to measure: scratch, reference, dl4j, dl4j-onednn, and with the profile peers onnxruntime, pytorch; default: ${DEFAULT-VALUE}.")
  private List<String> engines;

  @Option(
      names = "--threads",
      paramLabel = "N",
      split = ",",
      defaultValue = "1,2",
      description = "Numbers of threads to measure; default: ${DEFAULT-VALUE}.")
  private List<Integer> threads;

  @Option(
      names = "--batch",
      paramLabel = "N",
      split = ",",
      defaultValue = "1,16,128,1000",
      description =
          "Images per call of inference; default: ${DEFAULT-VALUE}. Training has the batches of the experiment.")
  private List<Integer> batches;

  @Option(
      names = "--modes",
      paramLabel = "MODE",
      split = ",",
      defaultValue = "train,infer",
      description = "What to measure, train or infer; default: ${DEFAULT-VALUE}.")
  private List<String> modes;

  @Option(
      names = "--roofline",
      description =
          "Also time each layer of the engine from scratch, beside what the machine can do at most.")
  private boolean roofline;

  @Option(
      names = "--growth",
      description =
          "Instead measure how time and memory of the engine from scratch grow with images, channels, resolution and depth, on the largest number of --threads.")
  private boolean growth;

  @Option(
      names = "--repeats",
      paramLabel = "N",
      defaultValue = "7",
      description = "Measurements per setting; default: ${DEFAULT-VALUE}.")
  private int repeats;

  @Option(
      names = "--seconds",
      hidden = true,
      defaultValue = "0.25",
      description = "Shortest duration of a measurement; the warm-up takes six times as long.")
  private double seconds;

  @Option(names = "--json", paramLabel = "FILE", description = "Write all rows as JSON.")
  private Path json;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Write a report with all tables into a new directory.")
  private Path out;

  @Option(names = "--chart", paramLabel = "FILE", description = "Write a chart as PNG.")
  private Path chart;

  @Spec private CommandSpec spec;

  /** Runs from an IDE; takes the arguments of {@code cnnlab bench}. */
  public static void main(String[] args) {
    CommandLines.main(new BenchCommand(), args);
  }

  @Override
  public Integer call() throws IOException {
    Path jsonTarget = writable("--json", json, Map.of());
    Path chartTarget = writable("--chart", chart, json == null ? Map.of() : Map.of("--json", json));
    OutputPaths.directory("--out", out);
    BenchOptions options =
        new BenchOptions(
            models,
            engines,
            threads,
            batches,
            modes,
            repeats,
            seconds,
            roofline,
            jsonTarget,
            chartTarget,
            out,
            CommandLines.arguments(spec));
    if (growth) {
      Bench.growth(options, Verbosity.output(spec));
      return ExitCode.OK;
    }
    boolean same = Bench.run(options, Verbosity.output(spec));
    return same ? ExitCode.OK : ExitCode.FAILED;
  }

  /** The file to write, checked before minutes of measuring rather than after them. */
  private static Path writable(String option, Path file, Map<String, Path> others)
      throws IOException {
    Path target = OutputPaths.file(option, file, others);
    if (target != null) {
      Files.createDirectories(target.toAbsolutePath().getParent());
    }
    return target;
  }
}
