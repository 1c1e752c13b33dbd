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

/** Does pieces of work that know nothing of each other, several at once. */
public final class WorkPool {
  private static final Logger LOG = LoggerFactory.getLogger(WorkPool.class);
  private static final long POLL_MILLIS = 100;
  private static final long WAIT_SECONDS = 60;

  private WorkPool() {}

  /**
   * A piece of work.
   *
   * @param <R> what comes of it
   */
  @FunctionalInterface
  public interface Piece<R> {
    /**
     * Does it.
     *
     * @param check to be called often; throws an {@link InterruptedRunException} when the piece is
     *     to stop, as the user stopped the run or another piece ended the work
     */
    R run(Runnable check) throws Exception;
  }

  /** Is given each result as soon as it is there. */
  @FunctionalInterface
  public interface Finished<R> {
    /**
     * @return whether to go on; otherwise what has not begun is left, what has is stopped
     */
    boolean accept(R result) throws IOException;
  }

  /**
   * Does all pieces, beginning them in their order, until the user stops it, a piece fails or
   * {@code finished} has enough. No result is kept. Then no more pieces begin, those that run are
   * asked to stop and waited for, so that nothing is written after the return, and what has come to
   * its end is still given to {@code finished}. Threads are not interrupted: that would break off
   * the files they write.
   *
   * @param workers pieces at once, at least 1
   * @param check throws an {@link InterruptedRunException} when the user stopped the run
   * @param finished called on this thread alone, in the order in which pieces end; not any more
   *     once it has thrown
   * @throws IOException the first of a piece or of {@code finished}
   * @throws InterruptedRunException when the user stopped the run, or this thread is interrupted
   * @throws IllegalStateException when a piece throws anything else
   */
  public static <R> void run(
      List<? extends Piece<R>> pieces, int workers, Runnable check, Finished<? super R> finished)
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
    Taking<R> taking = new Taking<>(finished);
    try {
      pieces.forEach(piece -> done.submit(() -> piece.run(stop)));
      for (int k = 0; k < pieces.size(); k++) {
        if (!taking.accept(next(done, check))) {
          break;
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      close(pool, closing);
      try {
        passOn(done, taking);
      } catch (IOException | RuntimeException also) {
        e.addSuppressed(also);
      }
      throw e;
    }
    close(pool, closing);
    passOn(done, taking);
  }

  /** Remembers whether results are still taken. */
  private static final class Taking<R> implements Finished<R> {
    private final Finished<? super R> finished;
    private boolean broken;

    private Taking(Finished<? super R> finished) {
      this.finished = finished;
    }

    @Override
    public boolean accept(R result) throws IOException {
      broken = true;
      boolean goOn = finished.accept(result);
      broken = false;
      return goOn;
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

  /** Lets no more pieces begin, and returns when none runs. */
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

  private static <R> void passOn(ExecutorCompletionService<R> done, Taking<R> taking)
      throws IOException {
    for (Future<R> f = done.poll(); f != null && !taking.broken; f = done.poll()) {
      try {
        taking.accept(f.get());
      } catch (ExecutionException stopped) {
        LOG.debug("a training stopped", stopped);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
