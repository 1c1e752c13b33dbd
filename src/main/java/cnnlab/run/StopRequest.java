package cnnlab.run;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Stops work cleanly on Ctrl-C or a termination signal: the work is asked to stop, and the virtual
 * machine waits a while for it before it ends. Trainings check after every batch; see {@code
 * training.StopListener}.
 *
 * <p>Threads are not interrupted, since that could truncate the files they write.
 */
public final class StopRequest implements AutoCloseable {
  /** One batch takes milliseconds; evaluating 70,000 images with DL4J takes longer than this. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final CountDownLatch done = new CountDownLatch(1);
  private final CountDownLatch asked = new CountDownLatch(1);
  private final Runnable overdue;
  private final Thread hook = new Thread(this::stop, "interruption");
  private volatile boolean requested;

  private StopRequest(Runnable overdue) {
    this.overdue = overdue;
  }

  /**
   * Watches for signals until it is closed. While the virtual machine ends, the work counts as
   * asked to stop.
   *
   * @param overdue runs if the work does not stop in time, just before the virtual machine ends
   */
  public static StopRequest watch(Runnable overdue) {
    StopRequest interruption = new StopRequest(overdue);
    try {
      Runtime.getRuntime().addShutdownHook(interruption.hook);
    } catch (IllegalStateException shuttingDown) {
      interruption.request();
    }
    return interruption;
  }

  private void stop() {
    request();
    try {
      if (!done.await(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        overdue.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Asks the work to stop. */
  public void request() {
    requested = true;
    asked.countDown();
  }

  /** Waits until the work is asked to stop; for work that only waits. */
  public void await() throws InterruptedException {
    asked.await();
  }

  /** Whether the work was asked to stop. */
  boolean requested() {
    return requested;
  }

  /**
   * Returns unless the work was asked to stop.
   *
   * @throws InterruptedRunException if it was asked to stop
   */
  public void check() {
    if (requested) {
      throw new InterruptedRunException();
    }
  }

  /** Tells that the work has stopped and has reported it. */
  @Override
  public void close() {
    done.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      // The hook is running, or the virtual machine ends anyway.
    }
  }
}
