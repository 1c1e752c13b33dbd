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
   * What was written.
   *
   * @param files the HTML first
   * @param problems of the runs: each names a file and what to do; empty when all could be read
   */
  public record Written(List<Path> files, List<String> problems) {}

  /** Whether a folder holds anything of a run. */
  public static boolean isRun(Path directory) {
    return RunReader.isRun(directory);
  }

  /**
   * The runs that stand for their experiments.
   *
   * @param runs run directories
   * @param skipped newer runs that do not, each in a sentence that says why
   */
  public record Newest(List<Path> runs, List<String> skipped) {}

  /**
   * The newest full run of each experiment: that begun last of those that finished, are no trial
   * and have the experiment's own configuration. Where the last of all is none but still runs, or
   * was stopped, it stands beside the full one; a newer trial is passed over, and named. Where an
   * experiment has no full run, its last one.
   *
   * @param results the folder of the results, with a folder for each experiment
   * @param home the project's folder
   * @return in the order of the experiments' names; empty when there is no run
   * @throws IOException when a folder cannot be listed
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
            "Passed over: %s, newer than %s but %s."
                .formatted(newer.name(), full.name(), newer.whyNoEvidence()));
      }
    }
    // A run that has not ended is shown whatever it is: there may be something to do about it.
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
   * @throws IOException when the folder cannot be listed
   */
  public static List<Path> recorded(Path results) throws IOException {
    return folders(results.resolve(REFERENCE)).stream().filter(RunReader::isRun).toList();
  }

  /** Writes a report of these runs alone. */
  public static Written write(List<Path> runs, Path out, Path home) throws IOException {
    return write(new Newest(runs, List.of()), out, home);
  }

  /**
   * Writes {@code report.html}, which needs no other file, and {@code report.md}, which links to
   * the runs' pictures.
   *
   * @param runs run directories, and what is said of others
   * @param out the folder to write into; made when missing
   * @param home the project's folder; runs below it are named relative to it
   * @throws IOException when a folder cannot be listed or a file cannot be written
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
   * Writes {@code index.html} and {@code report.md} beside recorded runs, both with links to their
   * pictures.
   *
   * @throws IOException when a folder cannot be listed or a file cannot be written
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
   * Writes the {@code report.html} of a run into its directory, where its {@code report.md} is.
   *
   * @param home the project's folder
   * @throws IOException when a file cannot be written
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
    // The report's own methods first; within an experiment, the newest last.
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
