package cnnlab.cli;

import cnnlab.cli.option.Verbosity;
import cnnlab.console.Output;
import cnnlab.report.claim.ReproductionReport;
import cnnlab.report.claim.ReproductionReport.Newest;
import cnnlab.report.claim.ReproductionReport.Written;
import cnnlab.run.ExitCode;
import cnnlab.run.RunOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cnnlab report}. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description =
        "Write report.html and report.md: each claim of the lab report with evidence and verdict, and all runs. Without RUN_DIR, the report covers the newest full run of each experiment under results/; trials (--quick, synthetic data) and runs with changed configurations are left out. Exit code 1 if a file of a run cannot be read; the report names it.")
public final class ReportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN_DIR", arity = "0..*", description = "Run directories to report on.")
  private List<Path> directories = new ArrayList<>();

  @Option(
      names = "--reference",
      description =
          "Report on all runs in results/reference/ and write index.html and report.md there, unless --out names another folder.")
  private boolean reference;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder to write; default: results/report/. An older report there is replaced.")
  private Path out;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Path home = RunOptions.home();
    Path results = home.resolve("results");
    Newest runs = runs(results, home);
    if (out != null && Files.exists(out) && !Files.isDirectory(out)) {
      throw usage("--out: %s is a file; name a folder for the report", out);
    }
    Written written =
        reference && out == null
            ? ReproductionReport.writeIndex(
                runs.runs(), results.resolve(ReproductionReport.REFERENCE), home)
            : ReproductionReport.write(runs, out == null ? results.resolve("report") : out, home);
    Output words = Verbosity.output(spec);
    PrintStream progress = words.progress();
    progress.printf("%s run%s%n", runs.runs().size(), runs.runs().size() == 1 ? "" : "s");
    runs.skipped().forEach(progress::println);
    written.files().forEach(file -> words.results().printf("Written: %s%n", file));
    written.problems().forEach(System.err::println);
    return written.problems().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }

  private Newest runs(Path results, Path home) throws IOException {
    if (reference && !directories.isEmpty()) {
      throw usage("--reference reports on results/reference/; it excludes RUN_DIR");
    }
    for (Path directory : directories) {
      if (!Files.isDirectory(directory)) {
        throw usage(
            "%s: no such folder; name run directories, such as results/task1/20261125-120000-1",
            directory);
      }
      if (!ReproductionReport.isRun(directory)) {
        throw usage(
            "%s is not a run directory: it has no status.json, result.json or config.yaml; name a directory that a run created",
            directory);
      }
    }
    Newest runs = new Newest(directories, List.of());
    if (reference) {
      runs = new Newest(ReproductionReport.recorded(results), List.of());
    } else if (directories.isEmpty()) {
      runs = ReproductionReport.newest(results, home);
    }
    if (runs.runs().isEmpty()) {
      throw usage(
          "%s has no runs yet: make one with ./cnnlab task1, or report on the recorded ones with --reference",
          reference ? results.resolve(ReproductionReport.REFERENCE) : results);
    }
    return runs;
  }

  private ParameterException usage(String format, Object... values) {
    return new ParameterException(spec.commandLine(), format.formatted(values));
  }
}
