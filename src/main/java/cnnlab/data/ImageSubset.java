package cnnlab.data;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Some images of a set. The array is held, not copied: do not change it.
 *
 * @param set the images
 * @param indices which of them, in order
 */
public record ImageSubset(ImageSet set, int[] indices) {

  /** All images of a set in their order. */
  public static ImageSubset all(ImageSet set) {
    return new ImageSubset(set, IntStream.range(0, set.count()).toArray());
  }

  /** How many there are. */
  public int count() {
    return indices.length;
  }

  /**
   * The first ones.
   *
   * @param limit how many at most; 0 for all
   */
  public ImageSubset first(int limit) {
    return limit == 0 || limit >= indices.length
        ? this
        : new ImageSubset(set, Arrays.copyOf(indices, limit));
  }

  /** Their labels [n]. */
  public int[] labels() {
    return Arrays.stream(indices).map(i -> set.labels()[i]).toArray();
  }
}
