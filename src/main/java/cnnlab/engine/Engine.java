package cnnlab.engine;

/** Something that runs and trains a classifier: the library or the network from scratch. */
public interface Engine {

  /** {@code dl4j} or {@code scratch}. */
  String name();

  /**
   * Class probabilities.
   *
   * @param x images [n, C, H, W]
   * @param n how many images
   * @return [n, K]
   */
  float[] predict(float[] x, int n);

  /**
   * One step of the optimiser on one batch.
   *
   * @param x images [n, C, H, W]
   * @param y target distributions [n, K], each summing to 1
   * @param n how many images
   * @return the mean loss of the batch before the step, with penalties
   */
  double trainBatch(float[] x, float[] y, int n);
}
