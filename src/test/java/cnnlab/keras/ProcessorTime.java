package cnnlab.keras;

import java.lang.management.ManagementFactory;
import java.time.Duration;

/** What this thread has computed; unlike the clock it does not run while other programs do. */
public final class ProcessorTime {
  private ProcessorTime() {}

  public static long now() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  public static Duration since(long start) {
    return Duration.ofNanos(now() - start);
  }
}
