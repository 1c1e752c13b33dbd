package cnnlab.experiment;

import cnnlab.run.InterruptedRunException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs independent jobs, several at once. */
public final class WorkPool {
  private static final Logger LOG = LoggerFactory.getLogger(WorkPool.class);
  private static final long POLL_MILLIS = 100;
  private static final long WAIT_SECONDS = 60;

  private WorkPool() {}

  /**
   * A job.
   *
   * @param <R> its result
   */
  @FunctionalInterface
  public interface Job<R> {
    /**
     * Runs the job.
     *
     * @param check to be called often; throws an {@link InterruptedRunException} when the job is to
     *     stop, because the user stopped the run or another job failed
     */
    R run(Runnable check) throws Exception;
  }

  /** Receives each result as soon as it arrives. */
  @FunctionalInterface
  public interface ResultHandler<R> {
    /**
     * @return whether to continue; if false, jobs that have not started are skipped and running
     *     ones are stopped
     */
    boolean accept(R result) throws IOException;
  }

  /**
   * Runs all jobs, starting them in order, until the user stops the run, a job fails or {@code
   * results} returns false. After that no job starts, and running jobs are asked to stop and waited
   * for, so that nothing is written after this method returns; jobs that complete all the same are
   * still passed to {@code results}. Results are not stored here. Threads are not interrupted,
   * because that would truncate the files they are writing.
   *
   * @param workers jobs at once, at least 1
   * @param check throws an {@link InterruptedRunException} when the user stopped the run
   * @param results called on this thread only, in the order in which jobs end; not called again
   *     once it has thrown
   * @throws IOException the first one that a job or {@code results} threw
   * @throws InterruptedRunException when the user stopped the run, or this thread is interrupted
   * @throws IllegalStateException when a job throws anything else
   */
  public static <R> void run(
      List<? extends Job<R>> jobs, int workers, Runnable check, ResultHandler<? super R> results)
      throws IOException {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(workers, workers, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
    ExecutorCompletionService<R> done = new ExecutorCompletionService<>(pool);
    AtomicBoolean closing = new AtomicBoolean();
    Runnable stop =
        () -> {
          check.run();
          if (closing.get()) {
            throw new InterruptedRunException();
          }
        };
    GuardedHandler<R> handler = new GuardedHandler<>(results);
    try {
      jobs.forEach(job -> done.submit(() -> job.run(stop)));
      for (int k = 0; k < jobs.size(); k++) {
        if (!handler.accept(next(done, check))) {
          break;
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      close(pool, closing);
      try {
        drain(done, handler);
      } catch (IOException | RuntimeException also) {
        e.addSuppressed(also);
      }
      throw e;
    }
    close(pool, closing);
    drain(done, handler);
  }

  /** Remembers whether the handler has thrown, so that it is not called again. */
  private static final class GuardedHandler<R> implements ResultHandler<R> {
    private final ResultHandler<? super R> results;
    private boolean failed;

    private GuardedHandler(ResultHandler<? super R> results) {
      this.results = results;
    }

    @Override
    public boolean accept(R result) throws IOException {
      failed = true;
      boolean proceed = results.accept(result);
      failed = false;
      return proceed;
    }
  }

  private static <R> R next(ExecutorCompletionService<R> done, Runnable check) throws IOException {
    try {
      Future<R> next;
      do {
        check.run();
        next = done.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
      } while (next == null);
      return next.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      if (e.getCause() instanceof InterruptedRunException stop) {
        throw stop;
      }
      throw new IllegalStateException("a training failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedRunException(e);
    }
  }

  /** Starts no further job, and returns when none is running. */
  private static void close(ThreadPoolExecutor pool, AtomicBoolean closing) {
    closing.set(true);
    pool.getQueue().clear();
    pool.shutdown();
    boolean interrupted = false;
    while (!pool.isTerminated()) {
      try {
        pool.awaitTermination(WAIT_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Passes on the results of the jobs that completed while the pool was closing. */
  private static <R> void drain(ExecutorCompletionService<R> done, GuardedHandler<R> handler)
      throws IOException {
    for (Future<R> f = done.poll(); f != null && !handler.failed; f = done.poll()) {
      try {
        handler.accept(f.get());
      } catch (ExecutionException stopped) {
        LOG.debug("a training stopped", stopped);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
