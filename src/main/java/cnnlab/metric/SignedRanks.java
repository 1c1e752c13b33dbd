package cnnlab.metric;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.statistics.inference.WilcoxonSignedRankTest;

/**
 * Wilcoxon's signed-rank test of paired differences (Wilcoxon, <i>Individual Comparisons by Ranking
 * Methods</i>, Biometrics Bulletin 1, 1945). Differences of 0 are left out; equal sizes share the
 * mean of their ranks.
 *
 * <p>With ties the tables of the test do not hold, and the normal approximation is poor for few
 * differences. Up to {@value #MOST_EXACT} of them p is exact all the same: given the ranks, each of
 * the 2ⁿ choices of signs is equally likely when there is no difference, so p is the share of those
 * whose rank sum is at least as far out as the one found.
 */
final class SignedRanks {
  /** So many differences other than 0 at most; 2²⁰ choices of signs are counted exactly. */
  static final int MOST_EXACT = 20;

  private SignedRanks() {}

  /**
   * The two-sided p, 0..1: twice the smaller tail, at most 1.
   *
   * @param differences [n], not all 0; rounding errors taken out, so that ties are equal
   */
  static double pValue(double[] differences) {
    double[] sizes =
        Arrays.stream(differences).filter(d -> d != 0).map(Math::abs).sorted().toArray();
    boolean plain = sizes.length == differences.length && !hasTies(sizes);
    // Apache Commons is exact without ties and zeros, up to 50 differences.
    return plain || sizes.length > MOST_EXACT
        ? WilcoxonSignedRankTest.withDefaults().test(differences).getPValue()
        : exact(differences, sizes);
  }

  private static boolean hasTies(double[] sorted) {
    return IntStream.range(1, sorted.length).anyMatch(i -> sorted[i] == sorted[i - 1]);
  }

  /**
   * Twice the ranks are whole numbers; the choices of signs are counted by their sum.
   *
   * @param sizes |d| of those that are not 0, ascending
   */
  private static double exact(double[] differences, double[] sizes) {
    int n = sizes.length;
    int most = n * (n + 1);
    long[] ways = new long[most + 1];
    ways[0] = 1;
    for (double size : sizes) {
      int rank = twiceTheRank(sizes, size);
      for (int sum = most; sum >= rank; sum--) {
        ways[sum] += ways[sum - rank];
      }
    }
    int positive =
        Arrays.stream(differences).filter(d -> d > 0).mapToInt(d -> twiceTheRank(sizes, d)).sum();
    int outer = Math.min(positive, most - positive);
    long tail = Arrays.stream(ways, 0, outer + 1).sum();
    return Math.min(1, 2.0 * tail / (1L << n));
  }

  /** Of the first and the last of equal sizes, counted from 1. */
  private static int twiceTheRank(double[] sizes, double size) {
    int below = 0;
    int upTo = 0;
    for (double other : sizes) {
      below += other < size ? 1 : 0;
      upTo += other <= size ? 1 : 0;
    }
    return below + 1 + upTo;
  }
}
