package cnnlab.sweep.space;

import cnnlab.data.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.apache.commons.math3.random.SobolSequenceGenerator;

/** Chooses the points of a space to try. */
public final class Points {
  /** The numbers of the sequence are multiples of 2^-52. */
  private static final double UNIT = 0x1p-52;

  private static final int SHIFT_BITS = 12;

  /** The number of consecutive duplicates after which the space counts as exhausted. */
  private static final int TRIES = 10_000;

  private Points() {}

  /**
   * Chooses distinct points.
   *
   * @param points number of points; ignored for a grid, whose axes determine it
   * @param seed seed of random points and of the shift of a Sobol sequence
   * @throws IllegalArgumentException if the space has fewer points than requested
   */
  public static List<Point> of(Space space, SearchMethod method, int points, long seed) {
    return switch (method) {
      case GRID -> grid(space);
      case RANDOM -> distinct(space, points, random(space.axes().size(), seed));
      case SOBOL -> distinct(space, points, sobol(space.axes().size(), seed));
    };
  }

  /** All combinations; the last axis varies fastest. */
  private static List<Point> grid(Space space) {
    int[] at = new int[space.axes().size()];
    List<Point> points = new ArrayList<>();
    do {
      List<Axis.Level> levels = new ArrayList<>();
      for (int a = 0; a < at.length; a++) {
        levels.add(space.axes().get(a).step(at[a]));
      }
      points.add(new Point(points.size() + 1, List.copyOf(levels)));
    } while (next(at, space));
    return points;
  }

  private static boolean next(int[] at, Space space) {
    for (int a = at.length - 1; a >= 0; a--) {
      at[a]++;
      if (at[a] < space.axes().get(a).steps()) {
        return true;
      }
      at[a] = 0;
    }
    return false;
  }

  private static List<Point> distinct(Space space, int count, Supplier<double[]> places) {
    List<Point> points = new ArrayList<>();
    Set<List<Axis.Level>> seen = new HashSet<>();
    int tries = 0;
    while (points.size() < count) {
      double[] u = places.get();
      List<Axis.Level> levels = new ArrayList<>();
      for (int a = 0; a < u.length; a++) {
        levels.add(space.axes().get(a).at(u[a]));
      }
      if (seen.add(levels)) {
        points.add(new Point(points.size() + 1, List.copyOf(levels)));
        tries = 0;
      } else if (++tries == TRIES) {
        throw new IllegalArgumentException(
            "points is %d, but the space has only %d different points; reduce points to that number, or set method: grid"
                .formatted(count, points.size()));
      }
    }
    return points;
  }

  private static Supplier<double[]> random(int dimensions, long seed) {
    SplittableRandom random = Seeds.random(seed, "points");
    return () -> random.doubles(dimensions).toArray();
  }

  /**
   * A Sobol sequence with the direction numbers of Joe and Kuo (2008) and a random digital shift
   * (L'Ecuyer and Lemieux, 2002): the binary digits of each coordinate are flipped by a random
   * pattern. The shift keeps the sequence's uniformity, moves its first point away from the corner,
   * and gives a different sequence for each seed.
   */
  private static Supplier<double[]> sobol(int dimensions, long seed) {
    SobolSequenceGenerator sequence = new SobolSequenceGenerator(dimensions);
    SplittableRandom random = Seeds.random(seed, "points");
    long[] shift = random.longs(dimensions).map(bits -> bits >>> SHIFT_BITS).toArray();
    return () -> {
      double[] u = sequence.nextVector();
      Arrays.setAll(u, d -> ((long) (u[d] / UNIT) ^ shift[d]) * UNIT);
      return u;
    };
  }
}
