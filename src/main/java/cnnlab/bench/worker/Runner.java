package cnnlab.bench.worker;

/** One network in one engine, ready to be measured. Not thread-safe. */
public interface Runner extends AutoCloseable {

  /**
   * Computes outputs.
   *
   * @param x inputs [n, C, H, W]
   * @return [n, …], channels first
   */
  float[] predict(float[] x, int n);

  /**
   * Takes one step of the optimiser.
   *
   * @param x inputs [n, C, H, W]
   * @param y targets [n, K]
   * @return the mean loss of the batch before the step, including penalties
   * @throws UnsupportedOperationException when the runner was opened for inference
   */
  default double train(float[] x, float[] y, int n) {
    throw new UnsupportedOperationException("opened for inference");
  }

  @Override
  default void close() {}
}
