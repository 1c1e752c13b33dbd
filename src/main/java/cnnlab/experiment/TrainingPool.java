package cnnlab.experiment;

import cnnlab.console.Output;
import cnnlab.run.InterruptedRunException;
import cnnlab.run.StopRequest;
import cnnlab.text.Numbers;
import cnnlab.training.Listeners;
import cnnlab.training.StopListener;
import cnnlab.training.TensorBoardListener;
import cnnlab.training.TrainingListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Runs the trainings of a task, several at once: a {@link WorkList} with a job for each variant and
 * repetition.
 */
public final class TrainingPool {
  private TrainingPool() {}

  /**
   * The trainings of a run.
   *
   * @param variants the settings that are compared
   * @param repetitions of each
   * @param epochs the number of epochs of a variant, at most
   * @param workers trainings at once
   * @param mark prefix of the names of TensorBoard curves; may be empty
   */
  public record Plan<C extends Record>(
      List<Variant<C>> variants,
      int repetitions,
      ToIntFunction<C> epochs,
      int workers,
      String mark) {}

  /** Trains a variant once. */
  @FunctionalInterface
  public interface Training<C extends Record, R extends Record & FinishedTraining.Row> {
    /**
     * A pure function of variant and repetition.
     *
     * @param listener receives the events of the training; stops it when the user stops the run or
     *     another training fails
     */
    FinishedTraining<R> run(Variant<C> variant, int repetition, TrainingListener listener)
        throws IOException;
  }

  /**
   * Runs the trainings that are missing, repetition by repetition, so that an interrupted run has
   * complete comparisons.
   *
   * @param describe the scores of a finished training, for its progress line
   * @throws IOException when a training cannot read or write its files
   * @throws InterruptedRunException when the user stops the run
   */
  public static <C extends Record, R extends Record & FinishedTraining.Row> void run(
      Plan<C> plan,
      FinishedTrainings<R> trainings,
      Training<C, R> training,
      Function<R, String> describe,
      StopRequest interruption,
      Output out)
      throws IOException {
    WorkList.run(
        jobs(plan),
        new TrainingStore<C, R>(trainings, describe),
        (open, check, watchers, results) -> {
          List<WorkPool.Job<FinishedTraining<R>>> work = new ArrayList<>();
          for (Job<C> p : open) {
            TensorBoardListener curves = trainings.tensorBoard(p.variant, p.repetition, plan.mark);
            work.add(
                stop -> {
                  try (TensorBoardListener events = curves) {
                    return training.run(
                        p.variant,
                        p.repetition,
                        Listeners.of(watchers.apply(p), events, new StopListener(stop)));
                  }
                });
          }
          WorkPool.run(work, plan.workers, check, results);
        },
        interruption::check,
        out);
  }

  private static <C extends Record> List<Job<C>> jobs(Plan<C> plan) {
    List<Job<C>> jobs = new ArrayList<>();
    for (int r = 1; r <= plan.repetitions; r++) {
      for (Variant<C> v : plan.variants) {
        jobs.add(new Job<>(v, r, plan.epochs.applyAsInt(v.config())));
      }
    }
    return jobs;
  }

  private record Job<C extends Record>(Variant<C> variant, int repetition, int epochs) {}

  /** Stores results among the finished trainings of the run. */
  private record TrainingStore<C extends Record, R extends Record & FinishedTraining.Row>(
      FinishedTrainings<R> trainings, Function<R, String> describe)
      implements WorkList.ResultStore<Job<C>, FinishedTraining<R>> {
    @Override
    public String name(Job<C> job) {
      return name(job.variant.name(), job.repetition);
    }

    @Override
    public String nameOf(FinishedTraining<R> training) {
      return name(training.row().variant(), training.row().repetition());
    }

    private static String name(String variant, int repetition) {
      return variant + " #" + repetition;
    }

    @Override
    public int epochs(Job<C> job) {
      return job.epochs;
    }

    @Override
    public boolean contains(Job<C> job) {
      return trainings.contains(job.variant.name(), job.repetition);
    }

    @Override
    public boolean store(Job<C> job, FinishedTraining<R> training) throws IOException {
      trainings.add(training);
      return true;
    }

    @Override
    public String describe(FinishedTraining<R> training) {
      R row = training.row();
      return "%s  %s  %s s"
          .formatted(nameOf(training), describe.apply(row), Numbers.fixed(row.seconds(), 1));
    }

    @Override
    public String resumedMessage(int done, int all) {
      return "%s of %s trainings were finished by an earlier run".formatted(done, all);
    }
  }
}
