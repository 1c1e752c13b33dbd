package cnnlab.sweep.trial;

import cnnlab.data.Datasets;
import cnnlab.data.file.DataException;
import cnnlab.experiment.TrialTask;
import cnnlab.run.InterruptedRunException;
import cnnlab.training.TrainingSpan;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Computes the outcome of a trial; all executors use this class. One instance serves all threads of
 * a process, so that data is read once. Each trial runs on the calling thread (and one thread that
 * prepares its images).
 */
public final class TrialFunction {
  private final Datasets datasets;
  private final Map<String, TrialTask<?>> tasks = new ConcurrentHashMap<>();

  /**
   * @param datasets the data sets, read when the first trial needs them
   */
  public TrialFunction(Datasets datasets) {
    this.datasets = datasets;
  }

  /** For a single task, whose data is shared with the caller. */
  public TrialFunction(TrialTask<?> task, Datasets datasets) {
    this(datasets);
    tasks.put(task.name(), task);
  }

  /** Runs a trial from its beginning, as {@link #run(Trial, Path, Runnable)}. */
  public TrialOutcome run(Trial trial) {
    return run(trial, null, () -> {});
  }

  /**
   * Runs a trial. Divergence is a separate kind of outcome; every other fault, including a {@link
   * LinkageError} and an {@link OutOfMemoryError}, becomes a failed outcome.
   *
   * @param checkpoint a file in which an earlier trial of the same configuration and repetition,
   *     but with fewer epochs, saved its state, and in which this trial saves its own; it saves
   *     time and does not change the result. Null for none
   * @param check called after each batch, from any thread; throws an {@link
   *     InterruptedRunException} if the user has stopped the run
   * @throws InterruptedRunException if {@code check} throws it
   */
  public TrialOutcome run(Trial trial, Path checkpoint, Runnable check) {
    return run(trial, span(trial, checkpoint, check));
  }

  /**
   * The number of epochs of a trial and the file for its state; the state of another configuration
   * or repetition is rejected.
   *
   * @param checkpoint null for no file
   */
  static TrainingSpan span(Trial trial, Path checkpoint, Runnable check) {
    String origin =
        "%s, repetition %s%n%s".formatted(trial.task(), trial.repetition(), trial.configuration());
    return TrainingSpan.silent(trial.epochs(), checkpoint, origin, check);
  }

  /** The same; {@code span} must be that of the trial. */
  TrialOutcome run(Trial trial, TrainingSpan span) {
    return run(trial, span, fault -> false);
  }

  /**
   * Runs a trial from its beginning on one of several machines. A fault of the trial becomes its
   * outcome; a fault of the machine is thrown, because the trial may succeed on another: missing
   * data, libraries that cannot be loaded, insufficient memory.
   *
   * @param check as in {@link #run(Trial, Path, Runnable)}
   * @throws DataException if data is missing or damaged
   * @throws LinkageError if a library cannot be loaded
   * @throws VirtualMachineError if memory runs out in this thread; if it does in another thread,
   *     the error is the cause of the exception
   * @throws InterruptedRunException if {@code check} throws it
   */
  public TrialOutcome runOnWorker(Trial trial, Runnable check) {
    return run(trial, span(trial, null, check), TrialFunction::isOfTheMachine);
  }

  private TrialOutcome run(Trial trial, TrainingSpan span, Predicate<Throwable> thrown) {
    long start = System.nanoTime();
    try {
      return TrialOutcome.of(trial, scores(trial, span), seconds(start));
    } catch (InterruptedRunException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      if (thrown.test(e)) {
        throw e;
      }
      double seconds = seconds(start);
      return TrialTask.divergence(e)
          .map(divergence -> TrialOutcome.diverged(trial, divergence, seconds))
          .orElseGet(() -> TrialOutcome.failed(trial, e, seconds));
    } catch (Exception e) {
      return TrialOutcome.failed(trial, e, seconds(start));
    }
  }

  private static boolean isOfTheMachine(Throwable fault) {
    for (Throwable t = fault; t != null; t = t.getCause()) {
      if (t instanceof DataException
          || t instanceof LinkageError
          || t instanceof VirtualMachineError) {
        return true;
      }
    }
    return false;
  }

  private Map<String, Double> scores(Trial trial, TrainingSpan span) throws Exception {
    return train(
        tasks.computeIfAbsent(trial.task(), name -> SweepTasks.of(name, datasets)), trial, span);
  }

  private static <C extends Record> Map<String, Double> train(
      TrialTask<C> task, Trial trial, TrainingSpan span) throws Exception {
    C config = task.configuration(trial.configuration(), "trial " + trial.id());
    return task.train(config, trial.repetition(), span);
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) * 1e-9;
  }
}
