package cnnlab.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An order in which all classes occur equally often in each epoch, regardless of how often they
 * occur in the training set. In one epoch, images of rare classes are used several times, and some
 * images of frequent classes are not used. Each class goes through its images in one random order
 * after another, so no image is preferred. An epoch is as long as the training set; if its places
 * cannot be divided equally, the classes take turns to get the remaining ones.
 *
 * <p>An epoch depends only on the seed and its number.
 */
public final class BalancedOrder implements EpochOrder {
  private final List<int[]> classes = new ArrayList<>();
  private final int length;
  private final long seed;

  /**
   * @param train indices of the training images, at least one
   * @param labels the class of each image of the whole set, by index
   * @param seed the seed of the order
   */
  public BalancedOrder(int[] train, int[] labels, long seed) {
    this.length = train.length;
    this.seed = seed;
    int most = Arrays.stream(train).map(i -> labels[i]).max().orElseThrow();
    for (int label = 0; label <= most; label++) {
      int wanted = label;
      int[] members = Arrays.stream(train).filter(i -> labels[i] == wanted).toArray();
      if (members.length > 0) {
        classes.add(members);
      }
    }
  }

  /** As many indices as there are training images. */
  @Override
  public int[] indices(int epoch) {
    int[] order = new int[length];
    int at = 0;
    for (int c = 0; c < classes.size(); c++) {
      long from = places(epoch - 1, c);
      long to = places(epoch, c);
      for (long place = from; place < to; place++) {
        order[at++] = at(c, place);
      }
    }
    Split.shuffle(order, Seeds.random(seed, "epoch-" + epoch));
    return order;
  }

  /** The number of images of class c in the first {@code epochs} epochs. */
  private long places(long epochs, int c) {
    // The places of all epochs are dealt to the classes in turn.
    int k = classes.size();
    return (epochs * length + k - 1 - c) / k;
  }

  /** The image at a position of the endless sequence of a class. */
  private int at(int c, long place) {
    int[] pass = classes.get(c).clone();
    Split.shuffle(pass, Seeds.random(seed, "class-%s-pass-%s".formatted(c, place / pass.length)));
    return pass[(int) (place % pass.length)];
  }
}
