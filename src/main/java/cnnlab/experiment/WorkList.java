package cnnlab.experiment;

import cnnlab.console.Output;
import cnnlab.console.PoolProgress;
import cnnlab.run.InterruptedRunException;
import cnnlab.training.EpochWatcher;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The one way to run many trainings: runs the jobs of a list that have no result yet, starting them
 * in order, stores each result as soon as it arrives, and prints a line for it with the time left.
 * An interrupted run therefore resumes where it stopped. A task's run and a sweep differ in what a
 * job is, what is stored of its result, and which workers run it.
 *
 * @param <J> a job
 * @param <R> its result
 */
public final class WorkList<J, R> {
  /** Names jobs and their results, and stores the results. */
  public interface ResultStore<J, R> {
    /** The name of a job, unique in the list. */
    String name(J job);

    /** The name of the job that a result belongs to. */
    String nameOf(R result);

    /** The number of epochs that a job has at most. */
    int epochs(J job);

    /** Whether a result of the job was stored earlier. */
    boolean contains(J job) throws IOException;

    /**
     * Stores a result atomically: if the process is killed, either all of it is stored or nothing.
     *
     * @return whether to continue; if false, jobs that have not started are skipped
     */
    boolean store(J job, R result) throws IOException;

    /** One line on a result: its name, its score, its seconds. */
    String describe(R result);

    /**
     * The message that some jobs were finished by an earlier process.
     *
     * @param done how many, at least 1
     * @param all how many jobs there are
     */
    String resumedMessage(int done, int all);
  }

  /** Runs jobs: on threads of this process, or on other machines. */
  @FunctionalInterface
  public interface Workers<J, R> {
    /**
     * Runs each job once, starting them in order as far as possible.
     *
     * @param open the jobs
     * @param check called often, by any thread; throws an {@link InterruptedRunException} when the
     *     user stopped the run
     * @param watchers gives the listener of a job that is run in this process; need not be called
     * @param results receives each result once, on the calling thread, soon after it arrives; if it
     *     returns false, jobs that have not started are skipped and this method returns soon
     * @throws IOException when jobs cannot be run, {@code results} throws it, or this thread is
     *     interrupted; results that arrived before are stored
     * @throws InterruptedRunException when the user stopped the run, after the running jobs have
     *     ended
     */
    void run(
        List<J> open,
        Runnable check,
        Function<J, EpochWatcher> watchers,
        WorkPool.ResultHandler<R> results)
        throws IOException;
  }

  private final ResultStore<J, R> store;
  private final Output out;
  private final Map<String, J> open = new LinkedHashMap<>();
  private final Map<String, EpochWatcher> watchers = new ConcurrentHashMap<>();
  private final int all;
  private boolean stopped;

  private WorkList(List<J> jobs, ResultStore<J, R> store, Output out) throws IOException {
    this.store = store;
    this.out = out;
    this.all = jobs.size();
    for (J job : jobs) {
      if (!store.contains(job)) {
        open.put(store.name(job), job);
      }
    }
  }

  /**
   * Runs the jobs that have no result yet. When the user stops the run, the running jobs stop by
   * themselves and are waited for, and what is finished is stored.
   *
   * @param jobs in the order in which they are to be started
   * @param check throws an {@link InterruptedRunException} when the user stopped the run
   * @throws IOException when results cannot be stored, or jobs cannot be run or did not complete;
   *     what is finished is stored
   * @throws InterruptedRunException when the user stops the run
   */
  public static <J, R> void run(
      List<J> jobs, ResultStore<J, R> store, Workers<J, R> workers, Runnable check, Output out)
      throws IOException {
    new WorkList<>(jobs, store, out).run(workers, check);
  }

  private void run(Workers<J, R> workers, Runnable check) throws IOException {
    if (open.size() < all) {
      out.progress().println(store.resumedMessage(all - open.size(), all));
    }
    if (open.isEmpty()) {
      return;
    }
    List<J> todo = List.copyOf(open.values());
    long epochs = todo.stream().mapToLong(store::epochs).sum();
    try (PoolProgress progress = PoolProgress.start(out.progress(), out.decorated(), epochs)) {
      workers.run(
          todo,
          check,
          job -> watchers.computeIfAbsent(store.name(job), n -> watcher(n, job, progress)),
          result -> finished(result, progress));
    }
    if (!open.isEmpty() && !stopped) {
      throw new IOException(
          "%d of %d did not finish, the first %s; resume with --resume"
              .formatted(open.size(), all, open.keySet().iterator().next()));
    }
  }

  private EpochWatcher watcher(String name, J job, PoolProgress progress) {
    return new EpochWatcher(name, store.epochs(job), progress);
  }

  private boolean finished(R result, PoolProgress progress) throws IOException {
    String name = store.nameOf(result);
    J job = open.remove(name);
    if (job == null) {
      return true; // a second result of the same job, from a machine believed lost
    }
    boolean proceed = store.store(job, result);
    stopped |= !proceed;
    EpochWatcher watcher = watchers.remove(name);
    if (watcher == null || watcher.epochs() == 0) {
      progress.epochsDone(store.epochs(job)); // another machine trained them
    } else {
      progress.epochsSkipped(store.epochs(job) - watcher.epochs()); // early stopping skipped them
    }
    int width = String.valueOf(all).length();
    progress.line(
        ("%" + width + "s/%s  %s  left %s")
            .formatted(all - open.size(), all, store.describe(result), progress.left()));
    return proceed;
  }
}
