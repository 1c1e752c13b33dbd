package cnnlab.scratch.kernel;

/**
 * A range of whole numbers: groups of images, or rows of a matrix.
 *
 * @param from the first, inclusive
 * @param to the end, exclusive; at least {@code from}
 */
public record Range(int from, int to) {

  /** The numbers in the range. */
  public int size() {
    return to - from;
  }
}
