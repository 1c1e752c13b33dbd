package cnnlab.cli.runs;

import cnnlab.cli.option.ResultsOption;
import cnnlab.cli.option.Verbosity;
import cnnlab.config.UsageException;
import cnnlab.console.Output;
import cnnlab.console.Terminal;
import cnnlab.run.ExitCode;
import cnnlab.run.history.Pruning;
import cnnlab.run.history.RunTables;
import cnnlab.store.RunStatus.State;
import cnnlab.text.Numbers;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code cnnlab runs prune}. */
@Command(
    name = "prune",
    mixinStandardHelpOptions = true,
    description = {
      "Remove the runs that meet all given conditions; at least one is required.",
      "Lists the runs and asks before removing them; without a terminal nothing is removed unless"
          + " --yes is given. Running runs and results/reference are never removed."
    })
final class RunsPruneCommand implements Callable<Integer> {
  @Option(
      names = "--state",
      paramLabel = "STATE",
      split = ",",
      description = "Runs in these states: finished, failed, interrupted, died.")
  private Set<State> states = new HashSet<>();

  @Option(
      names = "--keep",
      paramLabel = "N",
      description = "All but the N newest runs (in these states) of each experiment.")
  private Integer keep;

  @Option(
      names = "--older-than",
      paramLabel = "AGE",
      converter = AgeConverter.class,
      description = "Runs started longer ago than AGE, such as 90m, 12h, 30d or 4w.")
  private Duration olderThan;

  @Option(names = "--yes", description = "Remove without asking.")
  private boolean yes;

  @Option(names = "--dry-run", description = "Only show what would be removed.")
  private boolean dryRun;

  @Mixin private ResultsOption folder;
  @Spec private CommandSpec spec;

  /** Ages such as {@code 30d}. */
  private static final class AgeConverter implements ITypeConverter<Duration> {
    private static final int DAYS_OF_WEEK = 7;

    @Override
    public Duration convert(String value) {
      if (!value.matches("\\d{1,6}[mhdw]")) {
        throw new TypeConversionException(
            "expected a number with m, h, d or w, such as 30d, but was '%s'".formatted(value));
      }
      long n = Long.parseLong(value.substring(0, value.length() - 1));
      return switch (value.charAt(value.length() - 1)) {
        case 'm' -> Duration.ofMinutes(n);
        case 'h' -> Duration.ofHours(n);
        case 'd' -> Duration.ofDays(n);
        default -> Duration.ofDays(DAYS_OF_WEEK * n);
      };
    }
  }

  @Override
  public Integer call() throws IOException {
    Output words = Verbosity.output(spec);
    PrintStream results = words.results();
    List<Pruning.Candidate> candidates = Pruning.plan(folder.find(), criteria(), Instant.now());
    if (candidates.isEmpty()) {
      results.println("No run meets the conditions.");
      return ExitCode.OK;
    }
    // Removal without a question needs no table among the results: --quiet prints one line.
    (yes && !dryRun ? words.progress() : results)
        .println(RunTables.candidates(candidates, ZoneId.systemDefault()));
    long bytes = candidates.stream().mapToLong(Pruning.Candidate::bytes).sum();
    String what =
        "%s %s, %s bytes"
            .formatted(
                candidates.size(), candidates.size() == 1 ? "run" : "runs", Numbers.count(bytes));
    if (dryRun || !(yes || agreed(what))) {
      results.printf("Nothing was removed; --yes removes %s.%n", what);
      return ExitCode.OK;
    }
    int removed = 0;
    for (Pruning.Candidate c : candidates) {
      if (Pruning.remove(c.run(), Instant.now())) {
        removed++;
      } else {
        results.printf("%s is running again and was not removed%n", c.run().run());
      }
    }
    results.printf("Removed %s of %s.%n", removed, what);
    return ExitCode.OK;
  }

  private Pruning.Criteria criteria() {
    if (states.isEmpty() && keep == null && olderThan == null) {
      throw new UsageException(
          "Which runs? Give --state, --keep or --older-than, such as --state failed,died");
    }
    try {
      return new Pruning.Criteria(states, keep == null ? 0 : keep, olderThan);
    } catch (IllegalArgumentException e) {
      throw new UsageException("runs prune: " + e.getMessage(), e);
    }
  }

  private static boolean agreed(String what) {
    if (!Terminal.isInteractive()) {
      return false;
    }
    String answer = System.console().readLine("Remove %s? [y/N] ", what);
    return answer != null && answer.strip().matches("(?i)y|yes");
  }
}
