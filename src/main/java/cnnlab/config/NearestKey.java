package cnnlab.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Suggests the known name that the user probably meant. */
public final class NearestKey {
  /** Longer names are not typing mistakes. */
  private static final int MOST_LETTERS = 200;

  private NearestKey() {}

  /**
   * The nearest of the known names, or empty if more than a third of the letters differ for all of
   * them. Case, {@code _} and {@code -} are ignored. A key is compared both as a whole and by its
   * last part, so {@code learningRate} finds {@code optimizer.learningRate}.
   */
  public static Optional<String> of(String name, Collection<String> known) {
    record Candidate(String key, int score) {}
    if (name.length() > MOST_LETTERS) {
      return Optional.empty();
    }
    return known.stream()
        .map(key -> new Candidate(key, score(name, key)))
        .filter(candidate -> candidate.score < Integer.MAX_VALUE)
        .min(Comparator.comparingInt(Candidate::score))
        .map(Candidate::key);
  }

  /**
   * Twice the distance of the whole keys, or twice the distance of their last parts plus one, so
   * that a whole match wins.
   */
  private static int score(String name, String key) {
    int whole = limited(normal(name), normal(key));
    int last = limited(normal(lastPart(name)), normal(lastPart(key)));
    if (whole == Integer.MAX_VALUE && last == Integer.MAX_VALUE) {
      return Integer.MAX_VALUE;
    }
    return whole <= last ? 2 * whole : 2 * last + 1;
  }

  private static int limited(String a, String b) {
    int distance = distance(a, b);
    return distance <= Math.max(1, Math.max(a.length(), b.length()) / 3)
        ? distance
        : Integer.MAX_VALUE;
  }

  /**
   * Damerau-Levenshtein distance (optimal string alignment): the number of insertions, deletions,
   * substitutions and swaps of neighbours that turn {@code a} into {@code b}.
   */
  static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int substitution = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(d[i - 1][j - 1] + substitution, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }

  private static String lastPart(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }

  private static String normal(String key) {
    return key.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }
}
