package cnnlab.scratch.layer;

/**
 * A layer that needs sums over the whole batch in training. First a partial result is computed from
 * every micro-batch, by any thread; then the partial results are reduced to one, in the order of
 * the micro-batches, so that the result does not depend on the threads; then every micro-batch goes
 * through {@link Layer#forward} or {@link Layer#backward}.
 */
public interface Batchwise {

  /** Computes the partial result of micro-batch number {@code microBatch} for forward. */
  void partialForward(LayerContext context, int microBatch);

  /** Reduces the partial results of {@code microBatches} micro-batches for forward. */
  void reduceForward(LayerContext context, int microBatches);

  /** Computes the partial result of micro-batch number {@code microBatch} for backward. */
  void partialBackward(LayerContext context, int microBatch);

  /**
   * Reduces the partial results of {@code microBatches} micro-batches for backward, and adds the
   * parameter gradients to those of {@code context}, the context of the whole batch.
   */
  void reduceBackward(LayerContext context, int microBatches);
}
