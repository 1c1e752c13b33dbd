package cnnlab.scratch.dl4j;

/**
 * A graph holds something the from-scratch engine cannot do; the message names layer, type and
 * property.
 */
public final class UnsupportedGraphException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  UnsupportedGraphException(String layer, Object found, String property) {
    super(
        "layer '%s' (%s): the from-scratch engine does not support %s"
            .formatted(layer, found.getClass().getSimpleName(), property));
  }

  /** Throws unless a condition holds. */
  static void require(boolean fine, String layer, Object found, String property) {
    if (!fine) {
      throw new UnsupportedGraphException(layer, found, property);
    }
  }
}
