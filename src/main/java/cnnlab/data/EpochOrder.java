package cnnlab.data;

/** The order of the training images in each epoch. */
@FunctionalInterface
public interface EpochOrder {
  /**
   * The images of an epoch in training order. An image may occur several times or not at all.
   *
   * @param epoch from 1
   * @return indices into the image set, at least one
   */
  int[] indices(int epoch);

  /**
   * Every image once in each epoch, in a random order that depends only on the seed and the epoch.
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
