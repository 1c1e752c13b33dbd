package cnnlab.report.claim;

import cnnlab.report.Block;
import cnnlab.report.Block.Code;
import cnnlab.report.Block.Fact;
import cnnlab.report.Block.Facts;
import cnnlab.report.Block.Gallery;
import cnnlab.report.Block.Note;
import cnnlab.report.Cell;
import cnnlab.report.Estimate;
import cnnlab.report.Section;
import cnnlab.report.Table;
import cnnlab.store.TrialMark;
import cnnlab.text.Numbers;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** What is shown of every run, whatever it is of. */
final class RunSections {
  private static final int COMMIT_DIGITS = 12;

  /** Columns of {@code runs.csv} that a reader wants, with their titles; the others stay in it. */
  private static final Map<String, String> COLUMNS = columns();

  private static final List<String> TEXTS = List.of("variant", "classCounts", "divergence");

  private RunSections() {}

  /** By which engine a run trained, in words; of older runs the name is in capitals. */
  static String trainer(RecordedRun run) {
    String engine = run.result().path("engine").asText("");
    return switch (engine.toLowerCase(Locale.ROOT)) {
      case "scratch" -> "from scratch";
      case "dl4j" -> "by DL4J";
      default -> "by " + (engine.isEmpty() ? "an engine that is not recorded" : engine);
    };
  }

  private static Map<String, String> columns() {
    Map<String, String> columns = new LinkedHashMap<>();
    columns.put("variant", "variant");
    columns.put("repetition", "repetition");
    columns.put("classCounts", "drawn of each class");
    columns.put("keptEpoch", "kept epoch");
    columns.put("trainAccuracy", "training accuracy");
    columns.put("validationAccuracy", "validation accuracy");
    columns.put("testAccuracy", "test accuracy");
    columns.put("averagedTestAccuracy", "test accuracy, averaged over shifts");
    columns.put("accuracy", "validation accuracy");
    columns.put("auc", "AUC");
    columns.put("symmetriesAccuracy", "accuracy over symmetries");
    columns.put("symmetriesAuc", "AUC over symmetries");
    columns.put("adaptedAccuracy", "accuracy, normalisation measured anew");
    columns.put("adaptedAuc", "AUC, normalisation measured anew");
    columns.put("imagesPerSecond", "images/s");
    columns.put("seconds", "seconds");
    columns.put("divergence", "diverged");
    return columns;
  }

  /**
   * The section of a run: what is wrong with it, its own blocks, its pictures and trainings, where
   * it comes from and how to repeat it.
   *
   * @param own what only runs of its kind have; left out where the data were made up, marked and
   *     without verdicts in another trial
   */
  static Section section(RecordedRun run, List<? extends Block> own) {
    List<Block> blocks = new ArrayList<>(notes(run));
    if (!run.synthetic()) {
      own.forEach(block -> blocks.addAll(marked(block, run)));
    }
    if (!run.figures().isEmpty()) {
      blocks.add(
          new Gallery(run.figures().stream().map(figure -> figure.marked(run.trial())).toList()));
    }
    if (!run.synthetic() && !run.runs().isEmpty()) {
      blocks.addAll(marked(trainings(run), run));
    }
    blocks.add(provenance(run));
    blocks.add(new Code(command(run)));
    return new Section(run.id(), run.title(), blocks, List.of());
  }

  private static List<Note> notes(RecordedRun run) {
    List<Note> notes = new ArrayList<>();
    switch (run.state()) {
      case "failed" ->
          notes.add(
              new Note(
                  "This run failed: "
                      + run.status().path("message").asText("no reason was recorded")));
      case "running" ->
          notes.add(
              new Note(
                  "This run is not finished: it is still running, or it was stopped. Resume it with ./cnnlab %s --resume %s."
                      .formatted(run.kind().command(), quoted(run.name()))));
      default -> {}
    }
    if (run.synthetic()) {
      notes.add(
          new Note(
              "SYNTHETIC: the data of this run were made by the program. Its scores mean nothing and are not shown."));
    } else if (run.isTrial()) {
      notes.add(
          new Note(
              TrialMark.title(run.trial(), TrialMark.meaning(run.trial()))
                  + " No verdict rests on it."));
    }
    if (!run.deviations().isEmpty()) {
      notes.add(
          new Note(
              "Another configuration than that of experiments/%s.yaml: %s. No verdict on the lab report rests on it."
                  .formatted(run.experiment(), String.join(", ", run.deviations()))));
    }
    int diverged = run.result().path("diverged").size();
    if (run.result().path("diverged").isArray() && diverged > 0) {
      notes.add(
          new Note(
              "%s of %s trainings diverged and have no scores%s."
                  .formatted(
                      diverged,
                      run.runs().size(),
                      diverged == run.runs().size() ? "" : "; every number is of the others")));
    }
    run.problems().forEach(problem -> notes.add(new Note(problem)));
    return notes;
  }

  /** The block of a full run as it is; that of a trial with its mark, and no verdicts. */
  private static List<Block> marked(Block block, RecordedRun run) {
    if (!run.isTrial()) {
      return List.of(block);
    }
    if (block instanceof Table table) {
      return table.hasVerdicts() ? List.of() : List.of(table.marked(run.trial()));
    }
    return block instanceof Block.Paragraph p
        ? List.of(new Block.Paragraph(TrialMark.title(run.trial(), p.text())))
        : List.of(block);
  }

  private static Table trainings(RecordedRun run) {
    Table table = new Table("All %s trainings".formatted(run.runs().size())).fold();
    List<String> shown =
        COLUMNS.keySet().stream()
            .filter(column -> run.runs().stream().anyMatch(row -> !row.text(column).isEmpty()))
            .toList();
    for (String column : shown) {
      if (TEXTS.contains(column)) {
        table.left(COLUMNS.get(column));
      } else {
        table.right(COLUMNS.get(column));
      }
    }
    run.runs().forEach(row -> table.row(shown.stream().map(c -> cell(c, row)).toList()));
    return table;
  }

  private static Cell cell(String column, CsvRow row) {
    double value = row.number(column);
    return switch (column) {
      case "variant", "divergence" -> Cell.text(row.text(column));
      case "classCounts" -> Cell.text(row.text(column).replace("x", " "));
      case "repetition", "keptEpoch" -> Cell.number(value, row.text(column));
      case "seconds" -> Cell.number(value, Numbers.fixed(value, 1));
      case "imagesPerSecond" -> Cell.number(value, Numbers.count(Math.round(value)));
      default -> Cell.fixed(value);
    };
  }

  /** Where a run comes from. */
  static Facts provenance(RecordedRun run) {
    JsonNode p = run.provenance();
    List<Fact> facts = new ArrayList<>();
    add(facts, "folder", run.name());
    add(facts, "seed", first(run.result().path("seed"), run.config().path("seed")).asText(""));
    add(facts, "started", run.startedAt().replaceAll("\\.\\d+Z$", "Z"));
    add(facts, "took", took(run));
    JsonNode git = p.path("git");
    String commit = git.path("commit").asText("");
    add(
        facts,
        "commit",
        commit.substring(0, Math.min(COMMIT_DIGITS, commit.length()))
            + (git.path("dirty").asBoolean() ? ", with changes" : ""));
    add(facts, "versions", versions(p));
    add(facts, "machine", machine(p));
    add(facts, "engine", joined(p.path("engine")));
    add(facts, "data", joined(p.path("datasets")));
    return new Facts(facts);
  }

  private static void add(List<Fact> facts, String term, String value) {
    if (!value.isEmpty()) {
      facts.add(Fact.of(term, value));
    }
  }

  private static JsonNode first(JsonNode a, JsonNode b) {
    return a.isMissingNode() ? b : a;
  }

  private static String took(RecordedRun run) {
    JsonNode end = first(run.status().path("endedAt"), run.provenance().path("finishedAt"));
    try {
      Duration wall =
          Duration.between(Instant.parse(run.startedAt()), Instant.parse(end.asText("")));
      double seconds = run.seconds();
      boolean sideBySide = seconds > 1.05 * wall.toSeconds();
      return Numbers.duration(wall)
          + (sideBySide
              ? ", trainings side by side; %s added up"
                  .formatted(Numbers.duration(Duration.ofSeconds(Math.round(seconds))))
              : "");
    } catch (DateTimeParseException notRecorded) {
      return "";
    }
  }

  private static String versions(JsonNode p) {
    StringJoiner versions = new StringJoiner(", ");
    if (p.has("projectVersion")) {
      versions.add("cnnlab " + p.path("projectVersion").asText());
    }
    if (p.has("dl4jVersion")) {
      versions.add("Deeplearning4j " + p.path("dl4jVersion").asText());
    }
    if (p.path("java").has("version")) {
      versions.add("Java " + p.path("java").path("version").asText());
    }
    return versions.toString();
  }

  private static String machine(JsonNode p) {
    JsonNode m = p.path("machine");
    return m.isObject()
        ? "%s, %s, %s %s, %s, load %s at the start"
            .formatted(
                m.path("cpu").asText("processor not known"),
                counted(m.path("cores"), "core"),
                m.path("os").asText(""),
                m.path("arch").asText(""),
                counted(p.path("threads"), "thread"),
                Numbers.fixed(Estimate.number(m.path("loadAverage")), 1))
        : "";
  }

  private static String counted(JsonNode number, String noun) {
    return number.isIntegralNumber() ? Numbers.counted(number.asLong(), noun) : "? " + noun + "s";
  }

  /**
   * Names with their values. Without those that are empty, and without the sentence that says what
   * the data is: it stands above.
   */
  private static String joined(JsonNode object) {
    StringJoiner text = new StringJoiner(", ");
    object
        .properties()
        .forEach(
            entry -> {
              String value = entry.getValue().asText();
              if (value.isEmpty() || entry.getKey().equals("data")) {
                return;
              }
              if (value.equals(value.toUpperCase(Locale.ROOT))) {
                // The names of engines, which older runs have as Java's constants.
                value = value.toLowerCase(Locale.ROOT);
              }
              boolean checksum = value.matches("[0-9a-f]{64}");
              text.add(
                  entry.getKey()
                      + " "
                      + (checksum ? value.substring(0, COMMIT_DIGITS) + "…" : value));
            });
    return text.toString();
  }

  /** What to type to repeat a run. */
  static String command(RecordedRun run) {
    String commit = run.provenance().path("git").path("commit").asText("");
    String checkout = commit.isEmpty() ? "" : "git checkout " + quoted(commit) + "\n";
    return switch (run.kind()) {
      case TASK1, TASK2, TASK3, PARITY -> {
        String line =
            run.config().isObject()
                ? run.kind().command()
                    + (run.trial().contains(TrialMark.QUICK) ? " --quick" : "")
                    + " --config "
                    + quoted(run.name() + "/config.yaml")
                    + (run.trial().contains(TrialMark.QUICK) ? sets(run) : "")
                : arguments(run);
        yield checkout + "./cnnlab " + line;
      }
      case SWEEP -> checkout + "./cnnlab sweep " + quoted(run.name() + "/config.yaml");
      case BENCH -> checkout + "./cnnlab " + arguments(run);
      case COMPARISON ->
          "./cnnlab compare MODEL --expected Y.npy   # its report.md names both files";
      case OTHER ->
          run.provenance().path("arguments").isEmpty()
              ? "# not recorded"
              : checkout + "./cnnlab " + arguments(run);
    };
  }

  /** {@code --quick} goes before what the file says, so what was set otherwise is set again. */
  private static String sets(RecordedRun run) {
    StringBuilder sets = new StringBuilder();
    boolean next = false;
    for (JsonNode node : run.provenance().path("arguments")) {
      String argument = node.asText();
      if (next || argument.startsWith("--set=")) {
        sets.append(" --set ").append(quoted(argument.replaceFirst("^--set=", "")));
      }
      next = argument.equals("--set");
    }
    return sets.toString();
  }

  private static String arguments(RecordedRun run) {
    StringJoiner line = new StringJoiner(" ");
    run.provenance().path("arguments").forEach(a -> line.add(quoted(a.asText())));
    return line.length() == 0 ? run.kind().command() : line.toString();
  }

  /** As a shell takes it for one word. */
  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./=:@%+,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
