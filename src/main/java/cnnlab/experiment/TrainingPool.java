package cnnlab.experiment;

import cnnlab.engine.EpochMetrics;
import cnnlab.engine.Trainer;
import cnnlab.report.Numbers;
import cnnlab.report.PoolProgress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** Runs the trainings of an experiment that are not finished yet, several at once. */
final class TrainingPool {
  private TrainingPool() {}

  /**
   * What is to be trained.
   *
   * @param variants the settings that are compared
   * @param repetitions of each
   * @param epochs how many a training has at most
   * @param workers trainings at once
   * @param mark what the names of curves begin with; may be empty
   */
  record Plan<C extends Record>(
      List<Variant<C>> variants,
      int repetitions,
      ToIntFunction<C> epochs,
      int workers,
      String mark) {}

  /** Trains a variant once. */
  @FunctionalInterface
  interface Trial<C extends Record, R extends Record & Training.Row> {
    /**
     * A pure function of variant and repetition.
     *
     * @param listener to be told how the training goes on; stops it when the user stops the run
     */
    Training<R> run(Variant<C> variant, int repetition, Trainer.Listener listener)
        throws IOException;
  }

  /**
   * Runs what is missing, repetition after repetition, so that an interrupted run has whole
   * comparisons. Each training is kept as soon as it is finished; one line is printed for it. When
   * the user stops the run, those that run are waited for, as they stop by themselves, and what is
   * finished is kept.
   *
   * @param describe what is said of a finished training
   * @throws IOException when a training cannot read or write its files
   * @throws InterruptedRunException when the user stops the run
   */
  static <C extends Record, R extends Record & Training.Row> void run(
      Plan<C> plan,
      Trainings<R> trainings,
      Trial<C, R> trial,
      Function<R, String> describe,
      Interruption interruption,
      Output out)
      throws IOException {
    int all = plan.variants.size() * plan.repetitions;
    List<Open<C>> open = open(plan, trainings);
    if (open.size() < all) {
      out.progress().printf("%d of %d trainings were finished before%n", all - open.size(), all);
    }
    long epochs = open.stream().mapToLong(Open::epochs).sum();
    try (PoolProgress progress = PoolProgress.start(out.progress(), out.decorated(), epochs)) {
      List<Callable<Training<R>>> pieces = new ArrayList<>();
      for (Open<C> o : open) {
        TrainingEvents events = trainings.events(o.variant, o.repetition, plan.mark);
        pieces.add(() -> o.run(trial, events, interruption, progress));
      }
      int[] done = {all - open.size()};
      WorkPool.run(
          pieces,
          plan.workers,
          interruption::check,
          training -> {
            R row = keep(training, trainings);
            done[0]++;
            progress.line(
                "%3d/%d  %s #%d  %s  %s s  left %s"
                    .formatted(
                        done[0],
                        all,
                        row.variant(),
                        row.repetition(),
                        describe.apply(row),
                        Numbers.fixed(row.seconds(), 1),
                        progress.left()));
            return true;
          });
    }
  }

  private static <C extends Record> List<Open<C>> open(Plan<C> plan, Trainings<?> trainings) {
    List<Open<C>> open = new ArrayList<>();
    for (int r = 1; r <= plan.repetitions; r++) {
      for (Variant<C> v : plan.variants) {
        if (!trainings.has(v.name(), r)) {
          open.add(new Open<>(v, r, plan.epochs.applyAsInt(v.config())));
        }
      }
    }
    return open;
  }

  /** A training that is not finished yet. */
  private record Open<C extends Record>(Variant<C> variant, int repetition, int epochs) {
    <R extends Record & Training.Row> Training<R> run(
        Trial<C, R> trial, TrainingEvents curves, Interruption interruption, PoolProgress progress)
        throws IOException {
      Counter counter = new Counter(progress);
      TrainingLog log = new TrainingLog(variant.name() + " #" + repetition, epochs, progress::line);
      try (TrainingEvents events = curves) {
        Training<R> training =
            trial.run(variant, repetition, Listeners.of(counter, log, events, interruption));
        // Those that an earlier process trained, or that early stopping left out.
        progress.epochsDone(epochs - counter.epochs);
        return training;
      }
    }
  }

  private static final class Counter implements Trainer.Listener {
    private final PoolProgress progress;
    private int epochs;

    Counter(PoolProgress progress) {
      this.progress = progress;
    }

    @Override
    public void batchDone(int epoch, int images, double loss) {
      // Epochs are enough.
    }

    @Override
    public void epochDone(EpochMetrics metrics) {
      epochs++;
      progress.epochsDone(1);
    }
  }

  private static <R extends Record & Training.Row> R keep(
      Training<R> training, Trainings<R> trainings) throws IOException {
    trainings.add(training);
    return training.row();
  }
}
