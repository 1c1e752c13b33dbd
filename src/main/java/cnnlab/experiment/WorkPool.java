package cnnlab.experiment;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Does pieces of work that know nothing of each other, several at once. */
public final class WorkPool {
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
   * Does all pieces, beginning them in their order. No result is kept.
   *
   * @param workers pieces at once, at least 1
   * @param finished called on this thread alone, in the order in which pieces end
   * @throws IOException the first of a piece or of {@code finished}, or on interruption
   * @throws IllegalStateException when a piece throws anything else
   */
  public static <R> void run(
      List<? extends Callable<R>> pieces, int workers, Finished<? super R> finished)
      throws IOException {
    ExecutorService pool = Executors.newFixedThreadPool(workers);
    ExecutorCompletionService<R> done = new ExecutorCompletionService<>(pool);
    try {
      pieces.forEach(done::submit);
      for (int k = 0; k < pieces.size(); k++) {
        Future<R> next = done.take();
        if (!finished.accept(next.get())) {
          return;
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw new IllegalStateException("a training failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted; go on with --resume", e);
    } finally {
      pool.shutdownNow();
    }
  }
}
