package cnnlab.engine;

import cnnlab.scratch.Network;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;

/** Runs the network from scratch, several parts of a batch at once. */
public final class ScratchEngine implements Engine {
  private final Network network;
  private final int threads;

  /**
   * @param threads threads to compute with, at least 1; the result does not depend on it
   */
  public ScratchEngine(Network network, int threads) {
    this.network = network;
    this.threads = threads;
  }

  @Override
  public String name() {
    return "scratch";
  }

  @Override
  public float[] predict(float[] x, int n) {
    int outputs = network.outputShape().size();
    float[] out = new float[n * outputs];
    ForkJoinPool pool = new ForkJoinPool(threads);
    try {
      pool.submit(
              () ->
                  IntStream.range(0, threads)
                      .parallel()
                      .forEach(
                          t -> {
                            int from = (int) ((long) n * t / threads);
                            int to = (int) ((long) n * (t + 1) / threads);
                            new cnnlab.scratch.Inference(network).run(x, from, to, out);
                          }))
          .join();
    } finally {
      pool.shutdown();
    }
    return out;
  }

  @Override
  public double trainBatch(float[] x, float[] y, int n) {
    throw new UnsupportedOperationException("the network from scratch is not trained yet");
  }
}
