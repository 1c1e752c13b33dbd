package cnnlab.report.claim;

import static cnnlab.report.Estimate.number;

import cnnlab.metric.Verdict;
import cnnlab.report.Block;
import cnnlab.report.Block.Note;
import cnnlab.report.Block.Paragraph;
import cnnlab.report.Cell;
import cnnlab.report.Document;
import cnnlab.report.Estimate;
import cnnlab.report.RunKind;
import cnnlab.report.Section;
import cnnlab.report.Table;
import cnnlab.store.TrialMark;
import cnnlab.text.Numbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Builds the document from the runs. */
final class ReportDocument {
  private final Runs runs;
  private final List<LabClaim> claims;
  private final List<String> skipped;

  private ReportDocument(Runs runs, List<String> skipped) {
    this.runs = runs;
    this.skipped = skipped;
    this.claims = LabClaims.of(runs);
  }

  /**
   * The whole report: answers, claims, the tasks, the engines, and the meaning of the verdicts.
   *
   * @param skipped a sentence for each newer run that is not shown
   */
  static Document of(Runs runs, List<String> skipped) {
    return new ReportDocument(runs, skipped).whole();
  }

  /** The report of one run, with only the claims that it answers. */
  static Document ofOne(RecordedRun run) {
    Runs runs = new Runs(List.of(run));
    ReportDocument one = new ReportDocument(runs, List.of());
    List<Section> sections = new ArrayList<>();
    List<LabClaim> answered = one.claims.stream().filter(claim -> claim.run() != null).toList();
    if (!answered.isEmpty()) {
      sections.add(one.claims(answered));
    }
    sections.addAll(one.parts());
    if (!answered.isEmpty()) {
      sections.add(verdicts());
    }
    return new Document(
        TrialMark.title(
            run.trial(),
            run.experiment() + ", seed " + run.config().path("seed").asText("not recorded")),
        (run.isTrial() ? TrialMark.meaning(run.trial()) + " It is not used for any verdict. " : "")
            + "The report of one run. ./cnnlab report shows the newest run of every experiment.",
        sections);
  }

  private Document whole() {
    List<Section> sections = new ArrayList<>();
    sections.add(overview());
    sections.add(claims(claims));
    sections.addAll(parts());
    sections.add(verdicts());
    String newest =
        runs.all().stream().map(RecordedRun::startedAt).max(String::compareTo).orElse("");
    return new Document(
        "Reproduction report",
        "The reproduction of a lab report on small convolutional networks, with a network written from scratch and with Deeplearning4j: %s runs%s."
            .formatted(
                runs.all().size(),
                newest.length() < 10 ? "" : ", the newest from " + newest.substring(0, 10)),
        sections);
  }

  private List<Section> parts() {
    List<Section> parts = new ArrayList<>();
    add(parts, RunKind.TASK1, Task1Section.of(runs));
    if (!runs.of(RunKind.COMPARISON).isEmpty()) {
      parts.add(EngineSections.threeWay(runs));
    }
    add(parts, RunKind.TASK2, Task2Section.of(runs));
    add(parts, RunKind.TASK3, Task3Section.of(runs));
    add(parts, RunKind.PARITY, EngineSections.parity(runs));
    add(parts, RunKind.BENCH, EngineSections.bench(runs));
    add(parts, RunKind.SWEEP, SweepSection.of(runs));
    List<Section> others =
        runs.of(RunKind.OTHER).stream().map(run -> RunSections.section(run, List.of())).toList();
    add(parts, RunKind.OTHER, new Section("others", "Other runs", List.of(), others));
    return parts;
  }

  private void add(List<Section> parts, RunKind kind, Section section) {
    if (!runs.of(kind).isEmpty()) {
      parts.add(section);
    }
  }

  private Section overview() {
    List<Block> blocks = new ArrayList<>();
    skipped.forEach(line -> blocks.add(new Note(line)));
    List<RecordedRun> unsound =
        runs.all().stream()
            .filter(
                run ->
                    !run.finished() || !run.problems().isEmpty() || !run.whyNoEvidence().isEmpty())
            .toList();
    if (!unsound.isEmpty()) {
      blocks.add(
          new Note(
              "These runs are not used for any verdict, because each is unfinished, damaged, a trial run (--quick, synthetic data) or has another configuration than its experiment; the section of each run gives the reason: "
                  + unsound.stream().map(RecordedRun::name).collect(Collectors.joining(", "))));
    }
    blocks.add(new Paragraph(count()));
    Table table =
        new Table("The three tasks at a glance")
            .stack()
            .left("question")
            .right("lab report")
            .right("ours")
            .left("95 % interval")
            .right("n")
            .left("verdict")
            .left("run");
    glanceTask1(table);
    glance(
        table,
        "Task 2: test accuracy with 128 training images, methods of the lab report",
        RunKind.TASK2,
        "task2-report",
        LabReport.task2Mean());
    glance(
        table,
        "Task 2: test accuracy of our best recipe; is it better than the lab report?",
        RunKind.TASK2,
        "task2-best",
        LabReport.task2Mean());
    glance(
        table,
        "Task 3: validation accuracy, network of the lab report",
        RunKind.TASK3,
        "task3-report",
        LabReport.TASK3_ACCURACY);
    glance(
        table,
        "Task 3: validation accuracy, our best configuration",
        RunKind.TASK3,
        "task3-best",
        LabReport.TASK3_ACCURACY);
    blocks.add(table);
    return new Section("summary", "Answers", blocks, List.of());
  }

  private String count() {
    return "Verdicts on the %s claims of the lab report: %s."
        .formatted(
            claims.size(),
            Arrays.stream(Verdict.values())
                .filter(v -> claims.stream().anyMatch(c -> c.verdict() == v))
                .map(v -> claims.stream().filter(c -> c.verdict() == v).count() + " " + v)
                .collect(Collectors.joining(", ")));
  }

  private void glanceTask1(Table table) {
    LabClaim first = claims.get(0);
    String question = "Task 1: Σ |a−b| of one random convolution, from scratch against the library";
    Cell report = Cell.scientific(LabReport.CONVOLUTION_DIFFERENCE);
    if (first.run() == null) {
      table.row(open(question, report));
      return;
    }
    table.row(
        Cell.text(question),
        report,
        Cell.scientific(number(first.run().result().path("convSumAbsDifference"))),
        Cell.text("none"),
        Cell.count(1),
        Cell.verdict(first.verdict()),
        Cell.link(first.run().experiment(), first.run().id()));
  }

  private void glance(
      Table table, String question, RunKind kind, String experiment, double number) {
    boolean rounded = kind == RunKind.TASK3;
    Cell report =
        Cell.number(
            number, rounded ? "about " + Numbers.fixed(number, 2) : Numbers.fixed(number, 4));
    Optional<RecordedRun> run = runs.evidence(kind, experiment);
    if (run.isEmpty()) {
      table.row(open(question, report));
      return;
    }
    Estimate ours = accuracy(run.get());
    table.row(
        Cell.text(question),
        report,
        Cell.fixed(ours.mean()),
        Cell.interval(ours),
        Cell.count(ours.n()),
        Cell.verdict(verdict(run.get())),
        Cell.link(run.get().experiment(), run.get().id()));
  }

  private static Verdict verdict(RecordedRun run) {
    if (run.kind() == RunKind.TASK3) {
      return LabClaims.accuracyOfPatches(run).verdict();
    }
    return run.experiment().equals("task2-best")
        ? Estimate.ofDifference(Estimate.sample(run.result()), LabReport.task2Sample()).aboveZero()
        : LabClaims.mean(run).verdict();
  }

  private static Estimate accuracy(RecordedRun run) {
    return run.kind() == RunKind.TASK2
        ? Estimate.of(run.result())
        : Estimate.of(run.result().path("validation").path("accuracy"));
  }

  private static Cell[] open(String question, Cell report) {
    Cell empty = Cell.text("");
    return new Cell[] {
      Cell.text(question), report, empty, empty, empty, Cell.verdict(Verdict.NOT_RECORDED), empty
    };
  }

  private Section claims(List<LabClaim> shown) {
    Table table =
        new Table("Claims of the lab report")
            .stack()
            .right("task")
            .left("claim")
            .left("experiment")
            .left("evidence")
            .left("verdict");
    for (LabClaim c : shown) {
      table.row(
          Cell.count(c.task()),
          Cell.text(c.claim()),
          c.run() == null ? Cell.text(c.experiment()) : Cell.link(c.experiment(), c.run().id()),
          Cell.text(c.evidence()),
          Cell.verdict(c.verdict()));
    }
    return new Section("claims", "Claims", List.of(table), List.of());
  }

  private static Section verdicts() {
    Table table = new Table("Verdicts").left("verdict").left("meaning");
    for (Verdict v : Verdict.values()) {
      table.row(Cell.verdict(v), Cell.text(v.meaning()));
    }
    return new Section(
        "verdicts",
        "How verdicts are reached",
        List.of(
            new Paragraph(
                "Each verdict is computed from the files of a run, as described in docs/reproducibility.md. The interval of a mean is Student's t interval over repeated trainings, computed on the logit scale so that it stays between 0 and 1. Two variants are compared training by training, on the same draws and seeds, by the t interval of the differences. With fewer than three trainings there is no interval. Intervals are not corrected for the number of comparisons: out of twenty comparisons without an effect, one is expected to look like an effect."),
            table),
        List.of());
  }
}
