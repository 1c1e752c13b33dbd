package cnnlab.scratch;

import cnnlab.scratch.kernel.Scratchpad;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A few threads that work on numbered tasks together; the caller is one of them. Which thread takes
 * which task is left open, so tasks must not depend on it.
 *
 * <p>Steps of a small network take milliseconds and have several phases: waiting threads spin for a
 * moment before they sleep, which an executor service does not.
 */
public final class ThreadTeam implements AutoCloseable {
  /** How often a waiting thread looks again before it sleeps: some tens of microseconds. */
  private static final int SPINS = 20_000;

  private final Thread[] helpers;
  private final Scratchpad[] pads;
  private final AtomicInteger nextTask = new AtomicInteger();
  private final AtomicInteger busy = new AtomicInteger();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile int round;
  private volatile boolean closed;
  private boolean running;
  private Task task;
  private int taskCount;

  /** Work on one of several numbered tasks. */
  public interface Task {
    void run(int number, Scratchpad pad);
  }

  /**
   * @param threads how many, at least 1
   */
  public ThreadTeam(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is %d, it must be at least 1".formatted(threads));
    }
    pads = new Scratchpad[threads];
    helpers = new Thread[threads - 1];
    for (int t = 0; t < threads; t++) {
      pads[t] = new Scratchpad();
    }
    for (int t = 0; t < helpers.length; t++) {
      int number = t + 1;
      helpers[t] = new Thread(() -> workerLoop(pads[number]), "scratch-" + number);
      helpers[t].setDaemon(true);
      helpers[t].start();
    }
  }

  /** How many threads there are, the caller included. */
  public int threads() {
    return pads.length;
  }

  /**
   * Runs tasks 0 to {@code count} − 1 and returns when all are done. Where a task throws, those
   * that have not begun are left out; what other tasks threw meanwhile is suppressed in the first.
   *
   * @throws IllegalStateException after {@link #close}, or when tasks are being run already: by
   *     another thread, or from within a task
   * @throws RuntimeException what a task threw
   */
  public void run(int count, Task work) {
    begin(count, work);
    try {
      runTasks(pads[0]);
      while (busy.get() > 0) {
        Thread.onSpinWait();
      }
    } finally {
      end();
    }
    Throwable thrown = failure.getAndSet(null);
    if (thrown instanceof Error e) {
      throw e;
    } else if (thrown instanceof RuntimeException e) {
      throw e;
    } else if (thrown != null) {
      throw new IllegalStateException(thrown);
    }
  }

  /**
   * Under the lock of {@link #close}: no round begins of which a helper that ends knows nothing.
   */
  private synchronized void begin(int count, Task work) {
    if (closed) {
      throw new IllegalStateException("this engine was closed, its threads have ended");
    }
    if (running) {
      throw new IllegalStateException("this engine is computing already: one thread at a time");
    }
    running = true;
    task = work;
    taskCount = count;
    nextTask.set(0);
    if (helpers.length > 0 && count > 1) {
      busy.set(helpers.length);
      round++;
      for (Thread helper : helpers) {
        LockSupport.unpark(helper);
      }
    }
  }

  private synchronized void end() {
    running = false;
  }

  private void workerLoop(Scratchpad pad) {
    int seen = 0;
    while (true) {
      for (int spin = 0; round == seen && spin < SPINS; spin++) {
        Thread.onSpinWait();
      }
      while (round == seen && !closed) {
        LockSupport.park(this);
      }
      // A round that began before the end is worked on: its caller waits for all.
      if (round == seen) {
        return;
      }
      seen = round;
      runTasks(pad);
      busy.decrementAndGet();
    }
  }

  private void runTasks(Scratchpad pad) {
    try {
      for (int t = nextTask.getAndIncrement(); t < taskCount; t = nextTask.getAndIncrement()) {
        task.run(t, pad);
      }
    } catch (Throwable e) {
      // Whatever it is: a helper that ended here would be waited for without end.
      Throwable first = failure.compareAndExchange(null, e);
      if (first != null && first != e) {
        first.addSuppressed(e);
      }
      nextTask.set(taskCount);
    }
  }

  /** Ends the threads; work that is being done is done to its end. */
  @Override
  public synchronized void close() {
    closed = true;
    for (Thread helper : helpers) {
      LockSupport.unpark(helper);
    }
  }
}
