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
 * Runs the trainings of a task, several at once: a {@link WorkList} of variants and repetitions.
 */
public final class TrainingPool {
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
  public record Plan<C extends Record>(
      List<Variant<C>> variants,
      int repetitions,
      ToIntFunction<C> epochs,
      int workers,
      String mark) {}

  /** Trains a variant once. */
  @FunctionalInterface
  public interface Trial<C extends Record, R extends Record & FinishedTraining.Row> {
    /**
     * A pure function of variant and repetition.
     *
     * @param listener to be told how the training goes on; stops it when the user stops the run, or
     *     another training fails
     */
    public FinishedTraining<R> run(Variant<C> variant, int repetition, TrainingListener listener)
        throws IOException;
  }

  /**
   * Runs what is missing, repetition after repetition, so that an interrupted run has whole
   * comparisons.
   *
   * @param describe what is said of a finished training
   * @throws IOException when a training cannot read or write its files
   * @throws InterruptedRunException when the user stops the run
   */
  public static <C extends Record, R extends Record & FinishedTraining.Row> void run(
      Plan<C> plan,
      FinishedTrainings<R> trainings,
      Trial<C, R> trial,
      Function<R, String> describe,
      StopRequest interruption,
      Output out)
      throws IOException {
    WorkList.run(
        pieces(plan),
        new Kept<C, R>(trainings, describe),
        (open, check, watches, finished) -> {
          List<WorkPool.Piece<FinishedTraining<R>>> work = new ArrayList<>();
          for (Piece<C> p : open) {
            TensorBoardListener curves = trainings.events(p.variant, p.repetition, plan.mark);
            work.add(
                stop -> {
                  try (TensorBoardListener events = curves) {
                    return trial.run(
                        p.variant,
                        p.repetition,
                        Listeners.of(watches.apply(p), events, new StopListener(stop)));
                  }
                });
          }
          WorkPool.run(work, plan.workers, check, finished);
        },
        interruption::check,
        out);
  }

  private static <C extends Record> List<Piece<C>> pieces(Plan<C> plan) {
    List<Piece<C>> pieces = new ArrayList<>();
    for (int r = 1; r <= plan.repetitions; r++) {
      for (Variant<C> v : plan.variants) {
        pieces.add(new Piece<>(v, r, plan.epochs.applyAsInt(v.config())));
      }
    }
    return pieces;
  }

  private record Piece<C extends Record>(Variant<C> variant, int repetition, int epochs) {}

  /** The list's book is the trainings that are kept. */
  private record Kept<C extends Record, R extends Record & FinishedTraining.Row>(
      FinishedTrainings<R> trainings, Function<R, String> describe)
      implements WorkList.Book<Piece<C>, FinishedTraining<R>> {
    @Override
    public String name(Piece<C> piece) {
      return name(piece.variant.name(), piece.repetition);
    }

    @Override
    public String nameOf(FinishedTraining<R> training) {
      return name(training.row().variant(), training.row().repetition());
    }

    private static String name(String variant, int repetition) {
      return variant + " #" + repetition;
    }

    @Override
    public int epochs(Piece<C> piece) {
      return piece.epochs;
    }

    @Override
    public boolean has(Piece<C> piece) {
      return trainings.has(piece.variant.name(), piece.repetition);
    }

    @Override
    public boolean keep(Piece<C> piece, FinishedTraining<R> training) throws IOException {
      trainings.add(training);
      return true;
    }

    @Override
    public String line(FinishedTraining<R> training) {
      R row = training.row();
      return "%s  %s  %s s"
          .formatted(nameOf(training), describe.apply(row), Numbers.fixed(row.seconds(), 1));
    }

    @Override
    public String before(int done, int all) {
      return "%s of %s trainings were finished before".formatted(done, all);
    }
  }
}
