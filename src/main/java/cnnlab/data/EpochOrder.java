package cnnlab.data;

/** In which order the epochs go through the training images. */
@FunctionalInterface
public interface EpochOrder {
  /**
   * The images of an epoch in the order in which they are trained on. An image may come several
   * times, or not at all.
   *
   * @param epoch from 1
   * @return indices into the image set, at least one
   */
  int[] indices(int epoch);

  /**
   * Every image once in each epoch, in an order that depends on the seed and the epoch alone.
   *
   * @param train indices of the training images
   */
  static EpochOrder shuffled(int[] train, long seed) {
    return epoch -> {
      int[] order = train.clone();
      Split.shuffle(order, Seeds.random(seed, "epoch-" + epoch));
      return order;
    };
  }
}
