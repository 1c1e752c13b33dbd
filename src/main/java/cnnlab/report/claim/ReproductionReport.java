package cnnlab.report.claim;

import cnnlab.report.Document;
import cnnlab.report.HtmlRenderer;
import cnnlab.report.MarkdownRenderer;
import cnnlab.store.TextFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The reproduction report: finds runs, reads them, and writes HTML and Markdown. */
public final class ReproductionReport {
  /** Folder of the recorded runs, inside that of the results. */
  public static final String REFERENCE = "reference";

  private static final String HTML = "report.html";
  private static final String MARKDOWN = "report.md";
  private static final String INDEX = "index.html";

  private ReproductionReport() {}

  /**
   * The files that were written.
   *
   * @param files the HTML first
   * @param problems problems of the runs, each with the file and what to do; empty if all files
   *     could be read
   */
  public record Written(List<Path> files, List<String> problems) {}

  /** Whether a folder contains any file of a run. */
  public static boolean isRun(Path directory) {
    return RunReader.isRun(directory);
  }

  /**
   * The runs that represent their experiments.
   *
   * @param runs run directories
   * @param skipped a sentence for each newer run that was skipped, with the reason
   */
  public record Newest(List<Path> runs, List<String> skipped) {}

  /**
   * The newest full run of each experiment: the latest among the finished runs that are not trial
   * runs and have the experiment's configuration. If the latest run of all is still running or was
   * stopped, it is shown in addition; newer trial runs are skipped, with a note. If an experiment
   * has no full run, its latest run is used.
   *
   * @param results the folder of the results, with a folder for each experiment
   * @param home the project's folder
   * @return the runs in the order of the experiments' names; empty if there are none
   * @throws IOException if a folder cannot be listed
   */
  public static Newest newest(Path results, Path home) throws IOException {
    List<Path> found = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    for (Path experiment : folders(results)) {
      if (!experiment.getFileName().toString().equals(REFERENCE)) {
        List<RecordedRun> runs = new ArrayList<>();
        for (Path directory : folders(experiment)) {
          if (isRun(directory)) {
            runs.add(RunReader.read(directory, home));
          }
        }
        runs.sort(
            Comparator.comparing(RecordedRun::startedAt).thenComparing(RecordedRun::directory));
        found.addAll(lastOf(runs, skipped));
      }
    }
    return new Newest(found, skipped);
  }

  private static List<Path> lastOf(List<RecordedRun> runs, List<String> skipped) {
    if (runs.isEmpty()) {
      return List.of();
    }
    RecordedRun last = runs.get(runs.size() - 1);
    RecordedRun full =
        lastOf(runs, run -> run.finished() && run.whyNoEvidence().isEmpty())
            .or(() -> lastOf(runs, RecordedRun::finished))
            .orElse(last);
    for (RecordedRun newer : runs.subList(runs.indexOf(full) + 1, runs.size())) {
      if (!newer.whyNoEvidence().isEmpty()) {
        skipped.add(
            "Skipped: %s, which is newer than %s but %s."
                .formatted(newer.name(), full.name(), newer.whyNoEvidence()));
      }
    }
    // An unfinished run is always shown, because the user may want to resume it.
    return (last.finished() ? Stream.of(full) : Stream.of(full, last))
        .distinct()
        .map(RecordedRun::directory)
        .toList();
  }

  private static Optional<RecordedRun> lastOf(
      List<RecordedRun> runs, Predicate<RecordedRun> which) {
    return runs.stream().filter(which).reduce((a, b) -> b);
  }

  /**
   * The runs recorded with the project.
   *
   * @param results the folder of the results
   * @throws IOException if the folder cannot be listed
   */
  public static List<Path> recorded(Path results) throws IOException {
    return folders(results.resolve(REFERENCE)).stream().filter(RunReader::isRun).toList();
  }

  /** Writes a report of the given runs only. */
  public static Written write(List<Path> runs, Path out, Path home) throws IOException {
    return write(new Newest(runs, List.of()), out, home);
  }

  /**
   * Writes {@code report.html}, which is self-contained, and {@code report.md}, which links to the
   * runs' pictures.
   *
   * @param runs run directories, and notes on skipped runs
   * @param out the folder to write into; created if missing
   * @param home the project's folder; runs below it are named relative to it
   * @throws IOException if a folder cannot be listed or a file cannot be written
   */
  public static Written write(Newest runs, Path out, Path home) throws IOException {
    Runs read = read(runs.runs(), home);
    Document document = ReportDocument.of(read, runs.skipped());
    return written(
        read,
        out,
        HTML,
        HtmlRenderer.selfContained(document),
        MarkdownRenderer.render(document, out));
  }

  /**
   * Writes {@code index.html} and {@code report.md} into the folder of the recorded runs, both with
   * links to the runs' pictures.
   *
   * @throws IOException if a folder cannot be listed or a file cannot be written
   */
  public static Written writeIndex(List<Path> runs, Path out, Path home) throws IOException {
    Runs read = read(runs, home);
    Document document = ReportDocument.of(read, List.of());
    return written(
        read,
        out,
        INDEX,
        HtmlRenderer.linked(document, out),
        MarkdownRenderer.render(document, out));
  }

  /**
   * Writes the {@code report.html} of a run into its directory.
   *
   * @param home the project's folder
   * @throws IOException if a file cannot be written
   */
  public static void writeBeside(Path run, Path home) throws IOException {
    Document document = ReportDocument.ofOne(RunReader.read(run, home));
    TextFile.write(run.resolve(HTML), HtmlRenderer.selfContained(document));
  }

  private static Written written(Runs runs, Path out, String name, String html, String markdown)
      throws IOException {
    TextFile.write(out.resolve(name), html);
    TextFile.write(out.resolve(MARKDOWN), markdown);
    return new Written(
        List.of(out.resolve(name), out.resolve(MARKDOWN)),
        runs.all().stream().flatMap(run -> run.problems().stream()).toList());
  }

  private static Runs read(List<Path> directories, Path home) throws IOException {
    List<RecordedRun> runs = new ArrayList<>();
    Set<Path> seen = new HashSet<>();
    for (Path directory : directories) {
      if (seen.add(directory.toAbsolutePath().normalize())) {
        runs.add(RunReader.read(directory, home));
      }
    }
    // The methods of the lab report first; within an experiment, the newest run last.
    runs.sort(
        Comparator.comparing(RecordedRun::kind)
            .thenComparing(run -> !run.experiment().endsWith("-report"))
            .thenComparing(RecordedRun::experiment)
            .thenComparing(RecordedRun::startedAt));
    return new Runs(List.copyOf(runs));
  }

  private static List<Path> folders(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(Files::isDirectory).sorted().toList();
    }
  }
}
