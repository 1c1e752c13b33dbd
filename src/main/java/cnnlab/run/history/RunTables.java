package cnnlab.run.history;

import cnnlab.text.Numbers;
import cnnlab.text.TextTable;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tables of runs for people. */
public final class RunTables {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);
  private static final int COMMIT = 7;

  /** Smaller values are rounding errors rather than scores. */
  private static final double LEAST_SCORE = 1e-3;

  /** Numbers up to {@link #LARGE} have decimals: four below {@link #TEN} and two from there on. */
  private static final double SMALL = 1e-3;

  private static final double TEN = 10;
  private static final double LARGE = 1e6;
  private static final String NONE = "";

  private RunTables() {}

  /**
   * One line for each run. On a narrow terminal only state, result, trial and directory remain.
   *
   * @param zone the time zone of the dates
   */
  public static TextTable list(List<RunSummary> runs, ZoneId zone) {
    TextTable table =
        new TextTable()
            .left("started")
            .left("experiment")
            .right("seed")
            .left("state")
            .right("result")
            .left("which is")
            .left("of variant")
            .left("trial")
            .right("seconds")
            .left("commit")
            .left("run")
            .optional(
                "all with --json or --csv, or through a pipe",
                "commit",
                "seconds",
                "which is",
                "seed",
                "of variant",
                "started",
                "experiment");
    for (RunSummary run : runs) {
      table.row(
          date(run.startedAt(), zone),
          run.experiment(),
          text(run.seed()),
          run.state().toString(),
          score(run),
          run.metric(),
          run.variant() == null ? NONE : run.variant(),
          run.trial() == null ? NONE : run.trial().toUpperCase(Locale.ROOT),
          formatted(run.seconds()),
          commit(run),
          run.run().toString());
    }
    return table;
  }

  /** Where the two runs come from. */
  public static TextTable origins(RunDiff diff, ZoneId zone) {
    TextTable table = new TextTable().left("").left("A").left("B");
    RunSummary a = diff.a();
    RunSummary b = diff.b();
    table.row("run", a.run().toString(), b.run().toString());
    table.row("state", a.state().toString(), b.state().toString());
    table.row("started", date(a.startedAt(), zone), date(b.startedAt(), zone));
    table.row("commit", commit(a), commit(b));
    return table.row("seconds", formatted(a.seconds()), formatted(b.seconds()));
  }

  /** The configurations. */
  public static TextTable settings(RunDiff diff) {
    TextTable table = new TextTable().left("key").left("A").left("B");
    diff.settings().forEach(s -> table.row(s.key(), missing(s.a()), missing(s.b())));
    return table;
  }

  /** The results. */
  public static TextTable metrics(RunDiff diff) {
    TextTable table = new TextTable().left("metric").right("A").right("B").right("B - A");
    Map<String, List<RunDiff.Metric>> kinds =
        diff.metrics().stream().collect(Collectors.groupingBy(RunTables::kind));
    for (RunDiff.Metric m : diff.metrics()) {
      DoubleFunction<String> format = format(kinds.get(kind(m)));
      table.row(
          m.name(),
          formatted(m.a(), format),
          formatted(m.b(), format),
          formatted(m.difference(), format));
    }
    return table;
  }

  /** The kind of number, whatever its variant: the last part of the name. */
  private static String kind(RunDiff.Metric m) {
    return m.name().substring(m.name().lastIndexOf('.') + 1);
  }

  /**
   * The common format of all numbers of a kind: seconds as in the list, counts, decimals, or an
   * exponent.
   */
  private static DoubleFunction<String> format(List<RunDiff.Metric> kind) {
    if (kind(kind.get(0)).toLowerCase(Locale.ROOT).endsWith("seconds")) {
      return RunTables::seconds;
    }
    List<Double> values =
        kind.stream().flatMap(m -> Stream.of(m.a(), m.b())).filter(Objects::nonNull).toList();
    if (values.stream().anyMatch(v -> !Double.isFinite(v))) {
      return Numbers::significant;
    }
    double most = values.stream().mapToDouble(Math::abs).max().orElse(0);
    if (values.stream().allMatch(v -> v == Math.rint(v)) && most < LARGE) {
      return value -> Numbers.count((long) value);
    }
    if (!(most >= SMALL && most < LARGE)) {
      return Numbers::scientific;
    }
    int decimals = most < TEN ? 4 : 2;
    return value -> Numbers.fixed(value, decimals);
  }

  private static String formatted(Double value, DoubleFunction<String> format) {
    return value == null ? NONE : format.apply(value);
  }

  /** The runs to remove. */
  public static TextTable candidates(List<Pruning.Candidate> candidates, ZoneId zone) {
    TextTable table =
        new TextTable().left("started").left("experiment").left("state").right("bytes").left("run");
    for (Pruning.Candidate c : candidates) {
      table.row(
          date(c.run().startedAt(), zone),
          c.run().experiment(),
          c.run().state().toString(),
          Numbers.count(c.bytes()),
          c.run().run().toString());
    }
    return table;
  }

  private static String date(Instant at, ZoneId zone) {
    return at == null ? NONE : MINUTE.format(at.atZone(zone));
  }

  /** The short commit, with a + for uncommitted changes. */
  private static String commit(RunSummary run) {
    if (run.commit() == null) {
      return NONE;
    }
    String shown = run.commit().substring(0, Math.min(COMMIT, run.commit().length()));
    return Boolean.TRUE.equals(run.dirty()) ? shown + "+" : shown;
  }

  private static String text(Long value) {
    return value == null ? NONE : value.toString();
  }

  private static String seconds(double value) {
    return Numbers.fixed(value, 1);
  }

  private static String formatted(Double seconds) {
    return formatted(seconds, RunTables::seconds);
  }

  /** Scores have four decimals; tiny values, such as differences of losses, an exponent. */
  private static String score(RunSummary run) {
    if (run.value() == null) {
      return NONE;
    }
    return Math.abs(run.value()) < LEAST_SCORE
        ? Numbers.scientific(run.value())
        : Numbers.fixed(run.value(), 4);
  }

  private static String missing(String value) {
    return value == null ? "(no such key)" : value;
  }
}
