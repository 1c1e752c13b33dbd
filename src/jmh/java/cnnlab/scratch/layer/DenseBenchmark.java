package cnnlab.scratch.layer;

import cnnlab.scratch.kernel.DenseShape;
import cnnlab.scratch.kernel.KernelState;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.Range;
import cnnlab.scratch.kernel.Scratchpad;
import cnnlab.scratch.kernel.WeightsAndBias;
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
  private DenseShape layer;
  private Range groups;
  private Range rows;
  private double operations;
  private float[] x;
  private float[] y;
  private float[] dx;
  private float[] dy;
  private WeightsAndBias parameters;
  private WeightsAndBias gradients;

  @Setup
  public void fill(KernelState state) {
    String[] sizes = shape.split("-");
    int in = Integer.parseInt(sizes[0]);
    int out = Integer.parseInt(sizes[1]);
    kernels = state.chosen();
    pad = state.pad;
    layer = new DenseShape(in, out);
    groups = new Range(0, KernelState.BATCH / kernels.lanes());
    rows = new Range(0, in);
    operations = 2.0 * in * out * KernelState.BATCH;
    x = KernelState.random(KernelState.BATCH * in);
    dx = new float[x.length];
    dy = KernelState.random(KernelState.BATCH * out);
    y = new float[dy.length];
    int count = (in + 1) * out;
    parameters = new WeightsAndBias(KernelState.random(count), 0, in * out);
    gradients = new WeightsAndBias(new float[count], 0, in * out);
  }

  @Benchmark
  public float[] forward(KernelState.Work work) {
    kernels.dense(layer, parameters, true, x, y, groups, pad);
    work.done(operations);
    return y;
  }

  @Benchmark
  public float[] inputGradient(KernelState.Work work) {
    kernels.denseInputGradient(layer, parameters, dy, dx, groups, pad);
    work.done(operations);
    return dx;
  }

  @Benchmark
  public WeightsAndBias weightGradient(KernelState.Work work) {
    kernels.denseWeightGradient(layer, x, dy, gradients, groups.to(), rows, pad);
    work.done(operations);
    return gradients;
  }
}
