package cnnlab.spark;

import cnnlab.sweep.trial.ExecutorProvider.Needs;
import cnnlab.sweep.trial.Trial;
import cnnlab.sweep.trial.TrialExecutor;
import cnnlab.training.EpochWatcher;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures the throughput of the driver with trials that compute nothing but pass through every
 * step of a real one. Each returns as failed at once, because there is no task of its name.
 * Arguments: address, number of trials. See {@code docs/scaling.md} for how to start it.
 */
final class EmptyTrials {
  private static final String CONFIGURATION = "key: value # as long as a real one\n".repeat(44);

  private EmptyTrials() {}

  public static void main(String[] args) throws IOException {
    int n = Integer.parseInt(args[1]);
    List<Trial> trials = new ArrayList<>();
    for (int i = 1; i <= n; i++) {
      trials.add(new Trial("t" + i, "t" + i, "none", CONFIGURATION, 1, 1));
    }
    long opening = System.nanoTime();
    try (TrialExecutor executor =
        new SparkExecutorProvider().open(args[0], new Needs(List.of(), true))) {
      System.out.printf("start of Spark %.1f s%n", seconds(opening));
      // The start of the executors is not measured.
      run(executor, trials.subList(0, 1));
      run(executor, trials);
      run(executor, trials);
    }
    long peak =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .map(MemoryPoolMXBean::getPeakUsage)
            .mapToLong(u -> u.getUsed())
            .sum();
    System.gc();
    long kept = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    System.out.printf(
        "driver: %d MB at most of heap and classes, %d MB of heap at the end%n",
        peak >> 20, kept >> 20);
  }

  private static void run(TrialExecutor executor, List<Trial> trials) throws IOException {
    List<String> done = new ArrayList<>();
    long start = System.nanoTime();
    executor.run(
        trials, () -> {}, trial -> EpochWatcher.silent(), outcome -> done.add(outcome.id()));
    double seconds = seconds(start);
    System.out.printf(
        "%d trials in %.1f s: %.0f/s, %d distinct%n",
        done.size(), seconds, done.size() / seconds, done.stream().distinct().count());
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) * 1e-9;
  }
}
