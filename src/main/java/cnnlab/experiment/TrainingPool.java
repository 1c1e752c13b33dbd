package cnnlab.experiment;

import cnnlab.report.Numbers;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** Runs the trainings of an experiment that are not finished yet, several at once. */
final class TrainingPool {
  private TrainingPool() {}

  /** Trains a variant once. */
  @FunctionalInterface
  interface Trial<C extends Record, R extends Record & Training.Row> {
    /** A pure function of its arguments. */
    Training<R> run(Variant<C> variant, int repetition) throws IOException;
  }

  /**
   * Runs what is missing, repetition after repetition, so that an interrupted run has whole
   * comparisons. Each training is kept as soon as it is finished; one line is printed for it.
   *
   * @param workers trainings at once
   * @param describe what is said of a finished training
   * @throws IOException when a training cannot read or write its files, or on interruption
   */
  static <C extends Record, R extends Record & Training.Row> void run(
      List<Variant<C>> variants,
      int repetitions,
      int workers,
      Trainings<R> trainings,
      Trial<C, R> trial,
      Function<R, String> describe,
      PrintStream out)
      throws IOException {
    List<Callable<Training<R>>> open = new ArrayList<>();
    for (int r = 1; r <= repetitions; r++) {
      for (Variant<C> v : variants) {
        if (!trainings.has(v.name(), r)) {
          open.add(task(trial, v, r));
        }
      }
    }
    int all = variants.size() * repetitions;
    if (open.size() < all) {
      out.printf("%d of %d trainings were finished before%n", all - open.size(), all);
    }
    TimeLeft left = new TimeLeft(open.size());
    WorkPool.run(
        open,
        workers,
        training -> {
          R row = keep(training, trainings);
          left.oneDone();
          out.printf(
              "%3d/%d  %s #%d  %s  %s s  left %s%n",
              all - left.open(),
              all,
              row.variant(),
              row.repetition(),
              describe.apply(row),
              Numbers.fixed(row.seconds(), 1),
              left);
          return true;
        });
  }

  private static <C extends Record, R extends Record & Training.Row> Callable<Training<R>> task(
      Trial<C, R> trial, Variant<C> variant, int repetition) {
    return () -> trial.run(variant, repetition);
  }

  private static <R extends Record & Training.Row> R keep(
      Training<R> training, Trainings<R> trainings) throws IOException {
    trainings.add(training);
    return training.row();
  }
}
