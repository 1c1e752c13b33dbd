package cnnlab.data.patch;

import cnnlab.data.ImageSet;
import cnnlab.data.Seeds;
import cnnlab.data.file.DataException;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Synthetic patches, to try the pipeline without data: purple blobs on noisy pink. Class 1 has
 * larger blobs than class 0, and some labels are wrong, so that no classifier is perfect.
 * Measurements on them say nothing about lymph nodes.
 */
public final class SyntheticPatches {
  /** The mark on every line of a report about synthetic patches. */
  public static final String MARK = "SYNTHETIC";

  /** Number of training patches. */
  public static final int TRAIN = 4_000;

  /** Number of validation patches. */
  public static final int VALIDATION = 1_000;

  private static final int TEST = 100;
  private static final int CHANNELS = 3;
  private static final int CLASSES = 2;
  private static final int[] PINK = {228, 180, 210};
  private static final int[] PURPLE = {120, 70, 150};
  private static final int NOISE = 12;
  private static final double WRONG_LABELS = 0.1;

  private SyntheticPatches() {}

  /**
   * Generates the patches.
   *
   * @param limit number of training patches, at most {@link #TRAIN}; 0 for all
   * @param seed the same seed gives the same patches
   * @throws DataException when {@code limit} is larger
   */
  public static PatchCamelyon create(int limit, long seed) {
    if (limit > TRAIN) {
      throw new DataException(
          "%s patches: %,d requested, there are %,d. Request fewer, or 0 for all."
              .formatted(MARK, limit, TRAIN));
    }
    return new PatchCamelyon(
        set("train", limit == 0 ? TRAIN : limit, true, seed),
        set("validation", VALIDATION, true, seed),
        Optional.of(set("test", TEST, false, seed)),
        Map.of(),
        MARK + ": purple blobs on pink made by this program, no tissue");
  }

  private static ImageSet set(String part, int count, boolean labelled, long seed) {
    SplittableRandom random = Seeds.random(seed, "synthetic-" + part);
    int side = PatchCamelyon.CENTRE;
    byte[] pixels = new byte[count * side * side * CHANNELS];
    int[] labels = new int[count];
    for (int n = 0; n < count; n++) {
      int kind = random.nextInt(CLASSES);
      draw(pixels, n * side * side * CHANNELS, kind, random);
      int label = random.nextDouble() < WRONG_LABELS ? 1 - kind : kind;
      labels[n] = labelled ? label : -1;
    }
    return new ImageSet(MARK + " " + part, CHANNELS, side, side, CLASSES, pixels, labels);
  }

  private static void draw(byte[] pixels, int offset, int kind, SplittableRandom random) {
    int side = PatchCamelyon.CENTRE;
    int blobs = 3 + random.nextInt(3);
    double[][] centres = new double[blobs][];
    for (int b = 0; b < blobs; b++) {
      double radius = 2 + 1.5 * kind + 2 * random.nextDouble();
      centres[b] = new double[] {random.nextDouble(side), random.nextDouble(side), radius};
    }
    for (int p = 0; p < side * side; p++) {
      int[] colour = inside(centres, p / side, p % side) ? PURPLE : PINK;
      for (int c = 0; c < CHANNELS; c++) {
        pixels[offset + p * CHANNELS + c] =
            (byte) (colour[c] + random.nextInt(2 * NOISE + 1) - NOISE);
      }
    }
  }

  private static boolean inside(double[][] centres, int y, int x) {
    for (double[] blob : centres) {
      if (Math.hypot(y - blob[0], x - blob[1]) < blob[2]) {
        return true;
      }
    }
    return false;
  }
}
