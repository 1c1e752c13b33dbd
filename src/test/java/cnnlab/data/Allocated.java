package cnnlab.data;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** How much memory something takes, whether or not it is given back. */
public final class Allocated {
  private Allocated() {}

  /** Bytes of Java's heap that this thread takes; it may end in an exception. */
  public static long by(ThrowingCallable work) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(thread);
    try {
      work.call();
    } catch (Throwable expected) {
      // Only what it took is of interest.
    }
    return threads.getThreadAllocatedBytes(thread) - before;
  }
}
