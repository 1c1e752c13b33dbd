package cnnlab.keras;

import java.lang.management.ManagementFactory;
import java.time.Duration;

/** The processor time of this thread, which, unlike the clock, excludes other programs. */
public final class ProcessorTime {
  private ProcessorTime() {}

  public static long now() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  public static Duration since(long start) {
    return Duration.ofNanos(now() - start);
  }
}
