package cnnlab.data;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Measures allocated memory, whether or not it is freed. */
public final class Allocated {
  private Allocated() {}

  /** Bytes of Java's heap that this thread allocates; the action may throw an exception. */
  public static long by(ThrowingCallable work) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(thread);
    try {
      work.call();
    } catch (Throwable expected) {
      // Only the allocation is of interest.
    }
    return threads.getThreadAllocatedBytes(thread) - before;
  }
}
