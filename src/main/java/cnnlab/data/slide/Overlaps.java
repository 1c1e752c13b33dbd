package cnnlab.data.slide;

import cnnlab.data.ImageSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * Finds patches that partly show the same tissue and therefore certainly come from the same slide.
 * PatchCamelyon's patches were cut from their slides at multiples of 16 pixels, half the side of
 * the centres. So two overlapping centres share at least one quadrant pixel for pixel, apart from
 * what JPEG compression changes.
 */
final class Overlaps {
  private static final int QUADRANTS = 4;

  /** Cells along a side of a quadrant. */
  private static final int CELLS = 4;

  /** A quadrant with less contrast (standard deviation in grey levels) looks like any empty one. */
  private static final double LEAST_CONTRAST = 6;

  /**
   * The lowest correlation at which two quadrants count as equal. Among the development data's
   * training, validation and test patches, 6,947 pairs of similar quadrants correlate by more than
   * 0.99 and none by 0.95 to 0.99.
   */
  private static final double SAME = 0.95;

  /** The largest difference between the means of equal quadrants, in grey levels. */
  private static final float MEAN_TOLERANCE = 2;

  /** The same for the mean of each cell. */
  private static final float CELL_TOLERANCE = 6;

  private final int half;

  /** Quadrants that have enough contrast, sorted by their mean. */
  private final List<Quadrant> quadrants = new ArrayList<>();

  /**
   * A quadrant of a patch.
   *
   * @param patch index of the patch
   * @param grey mean of its channels, less the quadrant's mean [h, h]
   * @param mean the mean of the quadrant, 0 to 255
   * @param norm Euclidean norm of {@code grey}
   * @param cells means of {@code grey} over a grid of 4x4 cells [16]
   */
  private record Quadrant(int patch, float[] grey, float mean, double norm, float[] cells) {}

  private Overlaps(ImageSet set) {
    half = Math.min(set.height(), set.width()) / 2;
    for (int patch = 0; patch < set.count(); patch++) {
      for (int q = 0; q < QUADRANTS; q++) {
        Quadrant quadrant = quadrant(set, patch, q / 2 * half, q % 2 * half);
        if (quadrant.norm / half >= LEAST_CONTRAST) {
          quadrants.add(quadrant);
        }
      }
    }
    quadrants.sort(Comparator.comparingDouble(Quadrant::mean));
  }

  /**
   * Finds all overlapping pairs.
   *
   * @param set patches whose sides are multiples of 8 pixels
   * @return pairs {i, j} of indices with i &lt; j, each pair once, in order
   * @throws IllegalArgumentException when the patches are not such squares
   */
  static List<int[]> find(ImageSet set) {
    if (set.height() % (2 * CELLS) != 0 || set.width() != set.height()) {
      throw new IllegalArgumentException(
          "%s: patches of %dx%d pixels found; squares expected, with a side that is a multiple of %d"
              .formatted(set.name(), set.height(), set.width(), 2 * CELLS));
    }
    return new Overlaps(set).pairs();
  }

  private List<int[]> pairs() {
    TreeSet<int[]> pairs = new TreeSet<>(Arrays::compare);
    for (int i = 0; i < quadrants.size(); i++) {
      Quadrant a = quadrants.get(i);
      for (int j = i + 1; j < quadrants.size(); j++) {
        Quadrant b = quadrants.get(j);
        if (b.mean - a.mean > MEAN_TOLERANCE) {
          break;
        }
        if (a.patch != b.patch && similar(a, b) && correlation(a, b) > SAME) {
          pairs.add(new int[] {Math.min(a.patch, b.patch), Math.max(a.patch, b.patch)});
        }
      }
    }
    return List.copyOf(pairs);
  }

  /** A fast check that rules out nearly all pairs. */
  private static boolean similar(Quadrant a, Quadrant b) {
    for (int c = 0; c < a.cells.length; c++) {
      if (Math.abs(a.cells[c] - b.cells[c]) > CELL_TOLERANCE) {
        return false;
      }
    }
    return true;
  }

  private static double correlation(Quadrant a, Quadrant b) {
    double sum = 0;
    for (int i = 0; i < a.grey.length; i++) {
      sum += a.grey[i] * b.grey[i];
    }
    return sum / (a.norm * b.norm);
  }

  private Quadrant quadrant(ImageSet set, int patch, int top, int left) {
    float[] grey = new float[half * half];
    double sum = 0;
    for (int y = 0; y < half; y++) {
      for (int x = 0; x < half; x++) {
        int from = patch * set.imageSize() + ((top + y) * set.width() + left + x) * set.channels();
        int levels = 0;
        for (int c = 0; c < set.channels(); c++) {
          levels += set.pixels()[from + c] & 0xFF;
        }
        grey[y * half + x] = (float) levels / set.channels();
        sum += grey[y * half + x];
      }
    }
    float mean = (float) (sum / grey.length);
    float[] cells = new float[CELLS * CELLS];
    int side = half / CELLS;
    double squares = 0;
    for (int i = 0; i < grey.length; i++) {
      grey[i] -= mean;
      squares += grey[i] * grey[i];
      cells[i / half / side * CELLS + i % half / side] += grey[i] / (side * side);
    }
    return new Quadrant(patch, grey, mean, Math.sqrt(squares), cells);
  }
}
