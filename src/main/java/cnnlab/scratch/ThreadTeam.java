package cnnlab.scratch;

import cnnlab.scratch.kernel.Scratchpad;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A few threads that share numbered tasks; the caller is one of them. Any thread may run any task,
 * so results must not depend on which one does.
 *
 * <p>A training step of a small network takes milliseconds and has several phases. So waiting
 * threads spin for a moment before they sleep, which those of an executor service do not.
 */
public final class ThreadTeam implements AutoCloseable {
  /** How often a waiting thread checks for work before it sleeps: some tens of microseconds. */
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

  /** A task, run once for each number. */
  public interface Task {
    void run(int number, Scratchpad pad);
  }

  /**
   * @param threads the number of threads, the caller included; at least 1
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

  /** The number of threads, the caller included. */
  public int threads() {
    return pads.length;
  }

  /**
   * Runs tasks 0 to {@code count} − 1 and returns when all are done. When a task throws, tasks that
   * have not begun are skipped; exceptions of tasks that were running are added to the first as
   * suppressed.
   *
   * @throws IllegalStateException after {@link #close}, or when {@code run} is active already: in
   *     another thread, or because a task calls it
   * @throws RuntimeException the exception of a task
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
   * Holds the lock of {@link #close}, so that no round begins unseen by a helper that is about to
   * end.
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
      // A round that began before close() is completed: its caller waits for all helpers.
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
      // Every Throwable: if a helper ended here, the caller would wait for it forever.
      Throwable first = failure.compareAndExchange(null, e);
      if (first != null && first != e) {
        first.addSuppressed(e);
      }
      nextTask.set(taskCount);
    }
  }

  /** Ends the threads; running tasks are completed. */
  @Override
  public synchronized void close() {
    closed = true;
    for (Thread helper : helpers) {
      LockSupport.unpark(helper);
    }
  }
}
