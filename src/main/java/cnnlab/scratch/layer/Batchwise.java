package cnnlab.scratch.layer;

/**
 * A layer that, in training, has to see the whole batch before it can go on. The batch is worked on
 * in micro-batches: first every micro-batch gives its share, then all shares are combined in the
 * order of the micro-batches (so that the result does not depend on who computed which), then every
 * micro-batch goes through {@link Layer#forward} or {@link Layer#backward}.
 */
public interface Batchwise {

  /** Piece {@code microBatch}'s share of what forward needs. */
  void partialForward(LayerContext context, int microBatch);

  /** Combines the forward shares of {@code microBatches} micro-batches. */
  void reduceForward(LayerContext context, int microBatches);

  /** Piece {@code microBatch}'s share of what backward needs. */
  void partialBackward(LayerContext context, int microBatch);

  /**
   * Combines the backward shares of {@code microBatches} micro-batches; {@code pass} has the final
   * parameter gradients.
   */
  void reduceBackward(LayerContext context, int microBatches);
}
