package cnnlab.augment.transform;

import java.util.List;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * For each image, draws some transforms uniformly from a list, with replacement, and applies them
 * one after the other (RandAugment: Cubuk, Zoph, Shlens and Le 2020, "RandAugment: Practical
 * automated data augmentation with a reduced search space", CVPR Workshops, section 3). A transform
 * that is drawn twice gets different random numbers the second time. RGB images only.
 */
public final class Randomised extends MatTransform {
  private static final int RGB = 3;

  private final List<MatTransform> list;
  private final int count;
  private final Chance chance;
  private final ImageRandom draws = new ImageRandom(0);
  private Mat scratch = new Mat();

  /**
   * @param list the transforms to draw from; their own probabilities apply too
   * @param count how many are drawn for each image, at least 1
   */
  public Randomised(List<MatTransform> list, int count, Chance chance) {
    this.list = List.copyOf(list);
    this.count = count;
    this.chance = chance;
  }

  /**
   * @throws IllegalArgumentException when the image does not have three channels
   */
  @Override
  public boolean apply(Mat in, Mat out, long imageSeed) {
    if (in.channels() != RGB) {
      throw new IllegalArgumentException(
          "randomised: an image of %d channel(s) found, 3 (RGB) expected; leave randomised out for grey images"
              .formatted(in.channels()));
    }
    if (!chance.begin(draws, imageSeed)) {
      return false;
    }
    if (scratch.rows() != in.rows() || scratch.cols() != in.cols()) {
      scratch = new Mat(in.rows(), in.cols(), in.type());
    }
    Mat from = in;
    for (int i = 0; i < count; i++) {
      MatTransform drawn = list.get(draws.nextInt(list.size()));
      Mat to = from == out ? scratch : out;
      if (drawn.apply(from, to, draws.nextLong())) {
        from = to;
      }
    }
    if (from == scratch) {
      scratch.copyTo(out);
    }
    return from != in;
  }
}
