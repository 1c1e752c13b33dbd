package cnnlab.inference;

import cnnlab.data.ImageSet;
import cnnlab.engine.Engine;

/**
 * Test-time augmentation by the eight symmetries of the square: the four rotations by multiples of
 * 90 degrees, each also transposed. Tissue has no preferred orientation, so all eight views of a
 * patch are equally valid.
 */
public final class TestTimeSymmetries {
  /** The number of symmetries. */
  public static final int COUNT = 8;

  private static final int BATCH = 125;

  private TestTimeSymmetries() {}

  /**
   * The mean of the probabilities of the eight views of each image.
   *
   * @param indices the images of the set [N]
   * @return [N, K]
   * @throws IllegalArgumentException when the images are not square
   */
  public static float[] mean(Engine engine, ImageSet set, int[] indices) {
    if (set.height() != set.width()) {
      throw new IllegalArgumentException(
          "%s: images of %dx%d pixels have no eight symmetries; square ones expected"
              .formatted(set.name(), set.height(), set.width()));
    }
    float[] mean = new float[indices.length * set.classes()];
    for (int from = 0; from < indices.length; from += BATCH) {
      int to = Math.min(from + BATCH, indices.length);
      float[] x = set.batch(indices, from, to);
      for (int symmetry = 0; symmetry < COUNT; symmetry++) {
        float[] p = engine.predict(view(x, set.height(), symmetry), to - from);
        for (int i = 0; i < p.length; i++) {
          mean[from * set.classes() + i] += p[i] / COUNT;
        }
      }
    }
    return mean;
  }

  /**
   * Transforms square planes by a symmetry.
   *
   * @param x [n, C, S, S]
   * @param side S
   * @param symmetry 0..7: bit 0 exchanges left and right, bit 1 top and bottom, bit 2 rows and
   *     columns; 0 changes nothing
   */
  static float[] view(float[] x, int side, int symmetry) {
    if (symmetry == 0) {
      return x;
    }
    int plane = side * side;
    float[] out = new float[x.length];
    for (int row = 0; row < side; row++) {
      for (int column = 0; column < side; column++) {
        int i = (symmetry & 4) == 0 ? row : column;
        int j = (symmetry & 4) == 0 ? column : row;
        i = (symmetry & 2) == 0 ? i : side - 1 - i;
        j = (symmetry & 1) == 0 ? j : side - 1 - j;
        for (int p = 0; p < x.length; p += plane) {
          out[p + row * side + column] = x[p + i * side + j];
        }
      }
    }
    return out;
  }
}
