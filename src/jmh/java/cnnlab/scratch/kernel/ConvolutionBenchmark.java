package cnnlab.scratch.kernel;

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
 * The 3x3 convolutions of Task 1 and Task 3 on 128 images, on one thread: forward and both
 * gradients, each 2·O·C·3·3·H·W multiplications and additions per image.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class ConvolutionBenchmark {
  /** Input channels, output channels, height and width; the first two are Task 1's. */
  @Param({"1-4-28", "4-8-14", "3-8-32", "8-8-32", "8-16-8", "16-16-8"})
  public String shape;

  private Kernels kernels;
  private ConvolutionGeometry convolution;
  private Scratchpad pad;
  private Range groups;
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
    int side = Integer.parseInt(sizes[2]);
    kernels = state.chosen();
    pad = state.pad;
    convolution =
        new ConvolutionGeometry(in, out, Window.square(3, 1, Padding.SAME).on(side, side));
    groups = new Range(0, KernelState.BATCH / kernels.lanes());
    int bias = out * in * 9;
    operations = 2.0 * bias * side * side * KernelState.BATCH;
    x = KernelState.random(KernelState.BATCH * in * side * side);
    dx = new float[x.length];
    dy = KernelState.random(KernelState.BATCH * out * side * side);
    y = new float[dy.length];
    parameters = new WeightsAndBias(KernelState.random(bias + out), 0, bias);
    gradients = new WeightsAndBias(new float[bias + out], 0, bias);
  }

  @Benchmark
  public float[] forward(KernelState.Work work) {
    kernels.conv2d(convolution, parameters, true, x, y, groups, pad);
    work.done(operations);
    return y;
  }

  @Benchmark
  public float[] inputGradient(KernelState.Work work) {
    kernels.conv2dInputGradient(convolution, parameters, dy, dx, groups, pad);
    work.done(operations);
    return dx;
  }

  @Benchmark
  public WeightsAndBias weightGradient(KernelState.Work work) {
    kernels.conv2dWeightGradient(convolution, x, dy, gradients, groups, pad);
    work.done(operations);
    return gradients;
  }
}
