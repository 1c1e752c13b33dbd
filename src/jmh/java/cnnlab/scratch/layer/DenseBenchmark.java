package cnnlab.scratch.layer;

import cnnlab.scratch.kernel.KernelState;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.Scratchpad;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The dense layers of Task 1 (392 to 10) and Task 3 (512 to 512) on 128 images, on one thread:
 * forward and both gradients, each 2·in·out multiplications and additions per image.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class DenseBenchmark {
  /** Inputs and outputs. */
  @Param({"512-512", "392-10"})
  public String shape;

  private Kernels kernels;
  private Scratchpad pad;
  private int in;
  private int out;
  private int groups;
  private double operations;
  private float[] x;
  private float[] y;
  private float[] dx;
  private float[] dy;
  private float[] parameters;
  private float[] gradients;

  @Setup
  public void fill(KernelState state) {
    String[] sizes = shape.split("-");
    in = Integer.parseInt(sizes[0]);
    out = Integer.parseInt(sizes[1]);
    kernels = state.chosen();
    pad = state.pad;
    groups = KernelState.BATCH / kernels.lanes();
    operations = 2.0 * in * out * KernelState.BATCH;
    x = KernelState.random(KernelState.BATCH * in);
    dx = new float[x.length];
    dy = KernelState.random(KernelState.BATCH * out);
    y = new float[dy.length];
    parameters = KernelState.random((in + 1) * out);
    gradients = new float[parameters.length];
  }

  @Benchmark
  public float[] forward(KernelState.Work work) {
    kernels.dense(in, out, x, parameters, 0, in * out, true, y, 0, groups, pad);
    work.done(operations);
    return y;
  }

  @Benchmark
  public float[] inputGradient(KernelState.Work work) {
    kernels.denseInputGradient(in, out, dy, parameters, 0, dx, 0, groups, pad);
    work.done(operations);
    return dx;
  }

  @Benchmark
  public float[] weightGradient(KernelState.Work work) {
    kernels.denseWeightGradient(in, out, x, dy, gradients, 0, groups, 0, in, pad);
    work.done(operations);
    return gradients;
  }
}
