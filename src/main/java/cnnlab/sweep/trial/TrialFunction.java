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
 * Trial in, outcome out: the one place where trials are computed, whoever runs them. One of these
 * serves all threads of a process, so that data is read once; each trial is computed by the thread
 * that asks (and one that prepares its images).
 */
public final class TrialFunction {
  private final Datasets datasets;
  private final Map<String, TrialTask<?>> tasks = new ConcurrentHashMap<>();

  /**
   * @param datasets where data sets are; read when the first trial needs one
   */
  public TrialFunction(Datasets datasets) {
    this.datasets = datasets;
  }

  /** Of one task, whose data is shared with whoever made it. */
  public TrialFunction(TrialTask<?> task, Datasets datasets) {
    this(datasets);
    tasks.put(task.name(), task);
  }

  /** Runs a trial from its beginning; as {@link #run(Trial, Path, Runnable)}. */
  public TrialOutcome run(Trial trial) {
    return run(trial, null, () -> {});
  }

  /**
   * Runs a trial. That its training diverges is an outcome of its own; whatever goes wrong, also in
   * a {@link LinkageError} or when memory runs out, is its outcome.
   *
   * @param checkpoint a file in which an earlier trial of the same configuration and repetition,
   *     but fewer epochs, left its state, and this one will; it saves time and changes no bit. Null
   *     for none
   * @param check called after each batch, from any thread; throws an {@link
   *     InterruptedRunException} when the user stopped the run
   * @throws InterruptedRunException when {@code check} did
   */
  public TrialOutcome run(Trial trial, Path checkpoint, Runnable check) {
    return run(trial, span(trial, checkpoint, check));
  }

  /**
   * How far a trial goes, and where its training leaves its state; the state of another
   * configuration or repetition is refused.
   *
   * @param checkpoint null for nowhere
   */
  static TrainingSpan span(Trial trial, Path checkpoint, Runnable check) {
    String origin =
        "%s, repetition %s%n%s".formatted(trial.task(), trial.repetition(), trial.configuration());
    return TrainingSpan.silent(trial.epochs(), checkpoint, origin, check);
  }

  /** The same; the span is the trial's. */
  TrialOutcome run(Trial trial, TrainingSpan span) {
    return run(trial, span, fault -> false);
  }

  /**
   * Runs a trial from its beginning on a machine of several. What goes wrong in the trial is its
   * outcome; what goes wrong with the machine is thrown, for another may do better: data that is
   * missing there, libraries that it cannot load, memory that runs out.
   *
   * @param check as in {@link #run(Trial, Path, Runnable)}
   * @throws DataException when data is missing or damaged
   * @throws LinkageError when a library cannot be loaded
   * @throws VirtualMachineError when memory runs out, in this thread; in another's, as the cause of
   *     what is thrown
   * @throws InterruptedRunException when {@code check} did
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
