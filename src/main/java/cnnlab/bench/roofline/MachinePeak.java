package cnnlab.bench.roofline;

import cnnlab.scratch.ThreadTeam;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.peak.PeakLoop;
import java.util.function.LongSupplier;

/**
 * What this machine can do at most with a number of threads, measured.
 *
 * @param threads the number of threads
 * @param flops multiplications and additions per second, of a loop that does nothing else; NaN
 *     without the Vector API
 * @param bandwidth bytes read and written per second, when an array that fits in no cache is copied
 */
public record MachinePeak(int threads, double flops, double bandwidth) {
  private static final int REPEATS = 7;
  private static final int ROUNDS = 2_000_000;
  private static final int WARM_UP = 5;

  /** Values of an array to copy: 64 MiB. */
  private static final int VALUES = 1 << 24;

  /**
   * Measures, in about a second: the best of {@value #REPEATS} repeats, since nothing makes a
   * processor faster than it is.
   */
  public static MachinePeak measure(int threads) {
    try (ThreadTeam team = new ThreadTeam(threads)) {
      return new MachinePeak(threads, flops(team), bandwidth(team));
    }
  }

  private static double flops(ThreadTeam team) {
    if (Kernels.best().lanes() == 1) {
      return Double.NaN;
    }
    PeakLoop loop = loop();
    double[] sink = new double[team.threads()];
    long shortest = shortest(() -> timed(team, number -> sink[number] += loop.run(ROUNDS)));
    return (double) loop.operations() * ROUNDS * team.threads() / (shortest * 1e-9);
  }

  /** By its name: the class cannot be loaded without the module, which the kernels add. */
  private static PeakLoop loop() {
    try {
      return (PeakLoop)
          Class.forName("cnnlab.scratch.kernel.peak.VectorPeak")
              .getDeclaredConstructor()
              .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static double bandwidth(ThreadTeam team) {
    int threads = team.threads();
    float[][] from = new float[threads][VALUES];
    float[][] to = new float[threads][VALUES];
    long shortest =
        shortest(
            () -> timed(team, number -> System.arraycopy(from[number], 0, to[number], 0, VALUES)));
    return 2.0 * Float.BYTES * VALUES * threads / (shortest * 1e-9);
  }

  private interface Work {
    void run(int thread);
  }

  /** All threads do the work once, as far as they are free; the caller waits for all. */
  private static long timed(ThreadTeam team, Work work) {
    long start = System.nanoTime();
    team.run(team.threads(), (number, pad) -> work.run(number));
    return System.nanoTime() - start;
  }

  private static long shortest(LongSupplier measurement) {
    long shortest = Long.MAX_VALUE;
    for (int repeat = -WARM_UP; repeat < REPEATS; repeat++) {
      long nanos = measurement.getAsLong();
      shortest = repeat < 0 ? shortest : Math.min(shortest, nanos);
    }
    return shortest;
  }
}
