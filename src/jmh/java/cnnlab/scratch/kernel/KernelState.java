package cnnlab.scratch.kernel;

import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** State shared by the benchmarks of all kernels. */
@State(Scope.Thread)
public class KernelState {
  /** Images in a batch, as in training. */
  public static final int BATCH = 128;

  private static final long SEED = 1;

  /** Name of the kernels to measure. */
  @Param({"vector", "reference"})
  public String kernels;

  /** Working memory of the one thread. */
  public final Scratchpad pad = new Scratchpad();

  /** The kernels to measure. */
  public Kernels chosen() {
    if (kernels.equals("reference")) {
      return new ReferenceKernels();
    }
    Kernels best = Kernels.best();
    if (!best.name().equals(kernels)) {
      throw new IllegalStateException("start java with --add-modules jdk.incubator.vector");
    }
    return best;
  }

  /** Values in [-1, 1). */
  public static float[] random(int size) {
    SplittableRandom random = new SplittableRandom(SEED);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (2 * random.nextDouble() - 1);
    }
    return values;
  }

  /** 1e9 multiplications and additions; JMH divides by the time, which makes it GFLOP/s. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Work {
    public double gflops;

    /** Counts the operations of one call. */
    public void done(double operations) {
      gflops += operations * 1e-9;
    }
  }
}
