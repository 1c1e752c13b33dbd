package cnnlab.experiment;

import cnnlab.console.FittedStream;
import cnnlab.run.ExitCode;
import cnnlab.text.MarkdownReport;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A training of a run that diverged: it has no scores, and no statistic counts it.
 *
 * @param variant name of the variant
 * @param repetition 1, 2, ...
 * @param divergence where and how, such as {@code epoch 1, batch 2: the loss is NaN}
 */
public record DivergedTraining(String variant, int repetition, String divergence) {
  private static final int NAMED = 5;

  /** Those among all trainings of a run, in their order. */
  public static List<DivergedTraining> of(List<? extends FinishedTraining.Row> rows) {
    return rows.stream()
        .filter(FinishedTraining.Row::diverged)
        .map(r -> new DivergedTraining(r.variant(), r.repetition(), r.divergence()))
        .toList();
  }

  /** How many of a variant's trainings diverged. */
  public static int count(List<DivergedTraining> diverged, String variant) {
    return (int) diverged.stream().filter(d -> d.variant.equals(variant)).count();
  }

  /**
   * The number of trainings behind a statistic, as a table has it: {@code 3}, or {@code 3 (2
   * diverged)}.
   */
  public static String count(int n, List<DivergedTraining> diverged, String variant) {
    int lost = count(diverged, variant);
    return lost == 0 ? String.valueOf(n) : n + " (" + lost + " diverged)";
  }

  /**
   * What is said of them: how many, the first few, what to try.
   *
   * @param diverged at least one
   * @param trainings of the run, those that diverged included
   */
  static String sentence(List<DivergedTraining> diverged, int trainings) {
    String first =
        diverged.stream()
            .limit(NAMED)
            .map(d -> d.variant + " #" + d.repetition + " (" + d.divergence + ")")
            .collect(Collectors.joining(", "));
    return diverged.size()
        + " of "
        + trainings
        + (trainings == 1 ? " training" : " trainings")
        + " diverged: "
        + first
        + (diverged.size() > NAMED ? " and others in runs.csv" : "")
        + (diverged.size() == trainings
            ? ". There are no scores."
            : ". They have no scores; every number is of the other trainings.")
        + " Try a smaller optimizer.learningRate.";
  }

  /** Prints the sentence where there are any. */
  public static void print(PrintStream out, List<DivergedTraining> diverged, int trainings) {
    if (!diverged.isEmpty()) {
      FittedStream.prose(out, sentence(diverged, trainings));
    }
  }

  /** Adds the sentence to a report where there are any. */
  public static void addTo(MarkdownReport report, List<DivergedTraining> diverged, int trainings) {
    if (!diverged.isEmpty()) {
      report.paragraph("**" + sentence(diverged, trainings) + "**");
    }
  }

  /**
   * Refuses a run whose first variant, which its figures and its model are of, has no training that
   * came to its end.
   *
   * @param trained how many of the first variant's did
   * @param diverged of all variants, the first variant's first
   * @throws IOException when none did: the run has failed
   */
  public static void requireSome(int trained, List<DivergedTraining> diverged) throws IOException {
    if (trained == 0) {
      throw new IOException(
          "no training of %s came to its end: the first diverged, %s; a run without a model has failed"
              .formatted(diverged.get(0).variant, diverged.get(0).divergence));
    }
  }

  /** The exit code of a run. */
  public static int exitCode(List<DivergedTraining> diverged) {
    return diverged.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }
}
