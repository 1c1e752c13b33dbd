package cnnlab.engine;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** Something that runs and trains a classifier: the library or the network from scratch. */
public interface Engine extends AutoCloseable {

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

  /** A copy of the weights that {@link #predict} uses, in the engine's own order. */
  float[] weights();

  /** Replaces the weights by a copy that {@link #weights} gave. */
  void setWeights(float[] weights);

  /** Writes everything that later steps depend on. */
  void saveState(DataOutputStream out) throws IOException;

  /**
   * Goes on from where {@link #saveState} stood.
   *
   * @throws IOException when the data is not a state of such an engine
   */
  void loadState(DataInputStream in) throws IOException;

  /** Ends threads, if there are any. */
  @Override
  default void close() {}
}
