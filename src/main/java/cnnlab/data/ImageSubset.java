package cnnlab.data;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A subset of an image set. The array is not copied; do not change it.
 *
 * @param set the image set
 * @param indices indices into the set, in order
 */
public record ImageSubset(ImageSet set, int[] indices) {

  /** All images of a set, in their order. */
  public static ImageSubset all(ImageSet set) {
    return new ImageSubset(set, IntStream.range(0, set.count()).toArray());
  }

  /** The number of images, n. */
  public int count() {
    return indices.length;
  }

  /**
   * The first images.
   *
   * @param limit upper limit on their number; 0 for all
   */
  public ImageSubset first(int limit) {
    return limit == 0 || limit >= indices.length
        ? this
        : new ImageSubset(set, Arrays.copyOf(indices, limit));
  }

  /** The labels of the images [n]. */
  public int[] labels() {
    return Arrays.stream(indices).map(i -> set.labels()[i]).toArray();
  }
}
