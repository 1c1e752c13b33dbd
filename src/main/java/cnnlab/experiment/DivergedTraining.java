package cnnlab.experiment;

import cnnlab.console.FittedStream;
import cnnlab.run.ExitCode;
import cnnlab.text.MarkdownReport;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A training that diverged. It has no scores, and statistics leave it out.
 *
 * @param variant name of the variant
 * @param repetition 1, 2, ...
 * @param divergence where and how, such as {@code epoch 1, batch 2: the loss is NaN}
 */
public record DivergedTraining(String variant, int repetition, String divergence) {
  private static final int NAMED = 5;

  /** The diverged trainings of a run, in the order of the rows. */
  public static List<DivergedTraining> of(List<? extends FinishedTraining.Row> rows) {
    return rows.stream()
        .filter(FinishedTraining.Row::diverged)
        .map(r -> new DivergedTraining(r.variant(), r.repetition(), r.divergence()))
        .toList();
  }

  /** The number of a variant's trainings that diverged. */
  public static int count(List<DivergedTraining> diverged, String variant) {
    return (int) diverged.stream().filter(d -> d.variant.equals(variant)).count();
  }

  /**
   * The number of trainings behind a statistic, as tables show it: {@code 3}, or {@code 3 (2
   * diverged)}.
   */
  public static String count(int n, List<DivergedTraining> diverged, String variant) {
    int lost = count(diverged, variant);
    return lost == 0 ? String.valueOf(n) : n + " (" + lost + " diverged)";
  }

  /**
   * A sentence for the user: how many diverged, the first few by name, and what to try.
   *
   * @param diverged at least one
   * @param trainings the number of trainings of the run, including those that diverged
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
            : ". They have no scores; all figures are from the other trainings.")
        + " Try a smaller optimizer.learningRate.";
  }

  /** Prints the sentence if a training diverged. */
  public static void print(PrintStream out, List<DivergedTraining> diverged, int trainings) {
    if (!diverged.isEmpty()) {
      FittedStream.prose(out, sentence(diverged, trainings));
    }
  }

  /** Adds the sentence to a report if a training diverged. */
  public static void addTo(MarkdownReport report, List<DivergedTraining> diverged, int trainings) {
    if (!diverged.isEmpty()) {
      report.paragraph("**" + sentence(diverged, trainings) + "**");
    }
  }

  /**
   * Fails a run in which no training of the first variant completed: its figures and its model
   * would come from that variant.
   *
   * @param trained how many trainings of the first variant completed
   * @param diverged those of all variants, the first variant's first
   * @throws IOException when none completed
   */
  public static void requireSome(int trained, List<DivergedTraining> diverged) throws IOException {
    if (trained == 0) {
      throw new IOException(
          "no training of %s completed: the first diverged, %s; a run without a model counts as failed"
              .formatted(diverged.get(0).variant, diverged.get(0).divergence));
    }
  }

  /** The exit code of a run: failed if a training diverged. */
  public static int exitCode(List<DivergedTraining> diverged) {
    return diverged.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }
}
