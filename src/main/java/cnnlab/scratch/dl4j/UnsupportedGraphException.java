package cnnlab.scratch.dl4j;

/**
 * Thrown when a graph contains something that the from-scratch engine does not support; the message
 * names layer, type and property.
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
