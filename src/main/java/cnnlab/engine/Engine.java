package cnnlab.engine;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;

/**
 * A trainable classifier, backed by DL4J or by the network from scratch. An engine is not
 * thread-safe.
 */
public interface Engine extends AutoCloseable {

  /** {@code dl4j} or {@code scratch}. */
  String name();

  /**
   * Computes class probabilities.
   *
   * @param x images [n, C, H, W]
   * @param n how many images
   * @return class probabilities [n, K]; the array belongs to the caller
   * @throws RuntimeException when the length of {@code x} does not fit n images; the type depends
   *     on the engine
   */
  float[] predict(float[] x, int n);

  /**
   * Takes one step of the optimiser on one batch.
   *
   * @param x images [n, C, H, W]
   * @param y target distributions [n, K], each summing to 1
   * @param n how many images
   * @return the mean loss of the batch before the step, including penalties
   */
  double trainBatch(float[] x, float[] y, int n);

  /** A copy of the weights that {@link #predict} uses, in the engine's own order. */
  float[] weights();

  /**
   * Copies of the weights that {@link #predict} uses, by layer.
   *
   * @return empty for an engine that does not know its layers
   */
  default List<LayerWeights> layerWeights() {
    return List.of();
  }

  /** Replaces the weights by a copy that {@link #weights} gave. */
  void setWeights(float[] weights);

  /** Writes all state that later steps depend on. */
  void saveState(DataOutputStream out) throws IOException;

  /**
   * Restores a state that {@link #saveState} wrote.
   *
   * @throws IOException when the data is not the state of such an engine
   */
  void loadState(DataInputStream in) throws IOException;

  /** Ends the engine's threads, if any. */
  @Override
  default void close() {}
}
