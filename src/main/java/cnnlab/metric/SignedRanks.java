package cnnlab.metric;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.statistics.inference.WilcoxonSignedRankTest;

/**
 * Wilcoxon's signed-rank test of paired differences (Wilcoxon, <i>Individual Comparisons by Ranking
 * Methods</i>, Biometrics Bulletin 1, 1945). Differences of 0 are left out; ties get the mean of
 * their ranks.
 *
 * <p>With ties the tables of the test are not valid, and the normal approximation is poor for few
 * differences. For up to {@value #MOST_EXACT} differences p is exact even with ties: under the null
 * hypothesis each of the 2ⁿ sign patterns is equally likely for the given ranks, so p is the share
 * of patterns whose rank sum is at least as extreme as the observed one.
 */
final class SignedRanks {
  /**
   * The largest number of non-zero differences with ties for which all sign patterns (2²⁰) are
   * counted.
   */
  static final int MOST_EXACT = 20;

  private SignedRanks() {}

  /**
   * The two-sided p value in 0..1: twice the smaller tail, at most 1.
   *
   * @param differences [n], not all 0; already rounded, so that ties are exactly equal
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
   * Counts the sign patterns by rank sum; ranks are doubled to make them whole numbers.
   *
   * @param sizes absolute values of the non-zero differences, ascending
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

  /**
   * The sum of the first and last rank, from 1, of the values equal to {@code size}: twice their
   * mean rank.
   */
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
