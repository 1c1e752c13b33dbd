package cnnlab.augment.transform;

import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;

/** Flips and rotations by quarter turns, which need no interpolation. */
public abstract class Symmetry extends MatTransform {
  private final Chance chance;
  private final ImageRandom draws = new ImageRandom(0);

  private Symmetry(Chance chance) {
    this.chance = chance;
  }

  @Override
  public final boolean apply(Mat in, Mat out, long imageSeed) {
    return chance.begin(draws, imageSeed) && move(in, out, draws);
  }

  /** As {@link #apply}. */
  abstract boolean move(Mat in, Mat out, ImageRandom random);

  private static void requireSquare(Mat in, String name) {
    if (in.rows() != in.cols()) {
      throw new IllegalArgumentException(
          "%s: an image of %dx%d pixels (height x width) found, a square one expected"
              .formatted(name, in.rows(), in.cols()));
    }
  }

  /**
   * Flips each axis with probability 1/2 (with both axes: none, one, the other or both with
   * probability 1/4 each), like Keras' {@code RandomFlip("horizontal_and_vertical")} and DataVec's
   * {@code FlipImageTransform(Random)}. Horizontal exchanges left and right.
   */
  public static final class Flip extends Symmetry {
    private final Axes axes;

    public Flip(Axes axes, Chance chance) {
      super(chance);
      this.axes = axes;
    }

    @Override
    boolean move(Mat in, Mat out, ImageRandom random) {
      boolean horizontally = axes.horizontal() && random.nextBoolean();
      boolean vertically = axes.vertical() && random.nextBoolean();
      if (!horizontally && !vertically) {
        return false;
      }
      // OpenCV: 0 flips top and bottom, 1 left and right, -1 both.
      opencv_core.flip(in, out, horizontally ? vertically ? -1 : 1 : 0);
      return true;
    }
  }

  /** Rotates square images by 0°, 90°, 180° or 270°, each with probability 1/4. */
  public static final class QuarterTurns extends Symmetry {
    public QuarterTurns(Chance chance) {
      super(chance);
    }

    @Override
    boolean move(Mat in, Mat out, ImageRandom random) {
      requireSquare(in, "quarterTurns");
      int turns = random.nextInt(4);
      if (turns == 0) {
        return false;
      }
      // OpenCV's codes 0, 1, 2 are 90°, 180° and 270° clockwise.
      opencv_core.rotate(in, out, turns - 1);
      return true;
    }
  }

  /** Exchanges rows and columns of square images with probability 1/2. */
  public static final class Transpose extends Symmetry {
    public Transpose(Chance chance) {
      super(chance);
    }

    @Override
    boolean move(Mat in, Mat out, ImageRandom random) {
      requireSquare(in, "transpose");
      if (random.nextBoolean()) {
        return false;
      }
      opencv_core.transpose(in, out);
      return true;
    }
  }
}
