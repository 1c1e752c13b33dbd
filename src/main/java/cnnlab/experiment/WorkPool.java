package cnnlab.experiment;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does pieces of work that know nothing of each other, several at once. */
public final class WorkPool {
  private static final Logger LOG = LoggerFactory.getLogger(WorkPool.class);
  private static final long POLL_MILLIS = 100;
  private static final long STOP_SECONDS = 60;

  private WorkPool() {}

  /** Is given each result as soon as it is there. */
  @FunctionalInterface
  public interface Finished<R> {
    /**
     * @return whether to go on; otherwise what has not begun is left, what has is interrupted
     */
    boolean accept(R result) throws IOException;
  }

  /**
   * Does all pieces, beginning them in their order, until the user stops it. No result is kept.
   * After a stop no more pieces begin, those that run are waited for, as they stop by themselves,
   * and what has come to its end is still given to {@code finished}.
   *
   * @param workers pieces at once, at least 1
   * @param check throws an {@link InterruptedRunException} when the user stopped the run
   * @param finished called on this thread alone, in the order in which pieces end
   * @throws IOException the first of a piece or of {@code finished}
   * @throws InterruptedRunException when the user stopped the run, or this thread is interrupted
   * @throws IllegalStateException when a piece throws anything else
   */
  public static <R> void run(
      List<? extends Callable<R>> pieces, int workers, Runnable check, Finished<? super R> finished)
      throws IOException {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(workers, workers, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
    ExecutorCompletionService<R> done = new ExecutorCompletionService<>(pool);
    try {
      pieces.forEach(done::submit);
      for (int k = 0; k < pieces.size(); k++) {
        if (!finished.accept(next(done, check))) {
          return;
        }
      }
    } catch (InterruptedRunException e) {
      pool.getQueue().clear();
      pool.shutdown();
      passOn(pool, done, finished);
      throw e;
    } finally {
      pool.shutdownNow();
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

  private static <R> void passOn(
      ThreadPoolExecutor pool, ExecutorCompletionService<R> done, Finished<? super R> finished)
      throws IOException {
    try {
      pool.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
      for (Future<R> f = done.poll(); f != null; f = done.poll()) {
        try {
          finished.accept(f.get());
        } catch (ExecutionException stopped) {
          LOG.debug("a training stopped", stopped);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
