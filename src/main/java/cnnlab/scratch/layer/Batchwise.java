package cnnlab.scratch.layer;

/**
 * A layer that, in training, has to see the whole batch before it can go on. The batch is worked on
 * in pieces: first every piece gives its share, then all shares are combined in the order of the
 * pieces (so that the result does not depend on who computed which), then every piece goes through
 * {@link Layer#forward} or {@link Layer#backward}.
 */
public interface Batchwise {

  /** Piece {@code piece}'s share of what forward needs. */
  void shareForward(LayerContext pass, int piece);

  /** Combines the forward shares of {@code pieces} pieces. */
  void combineForward(LayerContext pass, int pieces);

  /** Piece {@code piece}'s share of what backward needs. */
  void shareBackward(LayerContext pass, int piece);

  /**
   * Combines the backward shares of {@code pieces} pieces; {@code pass} has the final parameter
   * gradients.
   */
  void combineBackward(LayerContext pass, int pieces);
}
