package cnnlab.keras.file;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Runs a reader on a structure that may be damaged on purpose: cyclic tables cause a stack
 * overflow, forged lengths an excessive allocation, and tables of tables an endless loop. Each of
 * these becomes a {@link KerasFault}.
 */
final class Guard {
  /**
   * The limit on processor time in nanoseconds, for endless tables; a normal table of contents
   * takes milliseconds.
   */
  private static final long LIMIT = TimeUnit.SECONDS.toNanos(3);

  private static final long LOOK_AFTER_MILLISECONDS = 100;

  private static final long STACK_BYTES = 1 << 20;

  private Guard() {}

  /**
   * Runs a reader.
   *
   * @param what the file or entry, for messages
   * @throws KerasFault when it fails or does not end
   */
  static <T> T run(String what, Supplier<T> reader) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Runnable body =
        () -> {
          try {
            result.complete(reader.get());
          } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            result.completeExceptionally(e);
          }
        };
    Thread thread = new Thread(null, body, "keras file", STACK_BYTES);
    // An endless reader cannot be stopped, but a daemon thread does not keep the program alive.
    thread.setDaemon(true);
    thread.start();
    try {
      return await(result, thread, what);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KerasFault fault) {
        throw fault;
      }
      if (ofOpaqueType(e.getCause())) {
        throw new KerasFault(
            "%s: arrays of an opaque type, as Keras writes for bfloat16; expected float32. Set keras.config.set_dtype_policy('float32'), build the model, copy the weights and save it again"
                .formatted(what),
            e.getCause());
      }
      throw damaged(what, reason(e.getCause()), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KerasFault(what + ": reading was interrupted", e);
    }
  }

  private static <T> T await(CompletableFuture<T> result, Thread thread, String what)
      throws InterruptedException, ExecutionException {
    while (true) {
      try {
        return result.get(LOOK_AFTER_MILLISECONDS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        // Processor time, because the machine may be busy; it is -1 once the thread has ended.
        if (ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.getId()) > LIMIT) {
          throw damaged(what, "its table of contents is endless", e);
        }
      }
    }
  }

  private static KerasFault damaged(String what, String reason, Throwable cause) {
    return new KerasFault(
        "%s: damaged or truncated HDF5 (%s); copy the file again or save it again in Keras"
            .formatted(what, reason),
        cause);
  }

  /**
   * Whether jHDF failed on a type with an empty tag, which it reports as an unterminated string.
   */
  private static boolean ofOpaqueType(Throwable e) {
    return Arrays.stream(root(e).getStackTrace())
        .anyMatch(frame -> frame.getClassName().endsWith(".OpaqueDataType"));
  }

  private static Throwable root(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private static String reason(Throwable e) {
    Throwable root = root(e);
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }
}
