package cnnlab.scratch;

import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.Scratchpad;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Runs a network forward, one micro-batch after another, in memory that is allocated once. Not
 * thread-safe.
 */
public final class Inference {
  private final Network network;
  private final Workspace workspace;
  private final ForwardPlan outputAlone;
  private final ForwardPlan everyOutput;
  private final Scratchpad pad = new Scratchpad();

  public Inference(Network network) {
    this.network = network;
    this.workspace = new Workspace(network, Kernels.MICRO_BATCH, false, false);
    int nodes = network.nodes().size();
    this.outputAlone = ForwardPlan.of(network, 0, nodes, true);
    this.everyOutput = ForwardPlan.of(network, 0, nodes, false);
  }

  /**
   * The network's output for images {@code from} to {@code to}.
   *
   * @param x images [.., C, H, W]
   * @param from the first image to compute
   * @param to one behind the last
   * @param out receives the outputs, each at its image's position [.., …]
   * @throws IllegalArgumentException when {@code x} has fewer images
   */
  public void run(float[] x, int from, int to, float[] out) {
    run(x, from, to, out, null);
  }

  /**
   * The same, telling how long each step took.
   *
   * @param clock receives the durations; null for nobody
   */
  public void run(float[] x, int from, int to, float[] out, StepClock clock) {
    int last = network.nodes().size() - 1;
    run(x, from, to, outputAlone, offset -> workspace.store(last, out, offset, 0), clock);
  }

  /**
   * The output of every layer.
   *
   * @param out receives for each node [.., C, H, W]
   */
  void activations(float[] x, int from, int to, float[][] out) {
    run(
        x,
        from,
        to,
        everyOutput,
        offset -> {
          for (int k = 0; k < out.length; k++) {
            workspace.store(k, out[k], offset, 0);
          }
        },
        null);
  }

  private void run(
      float[] x, int from, int to, ForwardPlan plan, IntConsumer store, StepClock clock) {
    network.checkImages(x, to);
    for (int at = from; at < to; at += Kernels.MICRO_BATCH) {
      long start = clock == null ? 0 : System.nanoTime();
      workspace.begin(Math.min(Kernels.MICRO_BATCH, to - at), 0, 0);
      workspace.load(x, at, 0);
      long loaded = clock == null ? 0 : System.nanoTime();
      workspace.forward(0, plan, pad, clock);
      long computed = clock == null ? 0 : System.nanoTime();
      store.accept(at);
      if (clock != null) {
        long stored = System.nanoTime() - computed;
        clock.step(List.of(), loaded - start + stored);
      }
    }
  }
}
