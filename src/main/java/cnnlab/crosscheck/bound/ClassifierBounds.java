package cnnlab.crosscheck.bound;

import cnnlab.metric.ClassMetrics;

/**
 * Derives bounds on classes and losses from bounds on probabilities.
 *
 * <p>An engine may predict class c where double precision predicts t only if p[t] − p[c] ≤ ε[t] +
 * ε[c]. The loss −ln p[y] changes by at most its change at the ends of [p − ε, p + ε], to first
 * order ε / p; the mean loss by at most the mean of these changes.
 */
public final class ClassifierBounds {
  private final Bounded exact;
  private final int classes;

  /**
   * @param exact probabilities [n, K]
   * @param classes K
   */
  public ClassifierBounds(Bounded exact, int classes) {
    this.exact = exact;
    this.classes = classes;
  }

  public int classes() {
    return classes;
  }

  public int images() {
    return exact.values().length / classes;
  }

  /** The class in double precision; with equal probabilities, the first. */
  private int top(int image) {
    int best = 0;
    for (int k = 1; k < classes; k++) {
      best = value(image, k) > value(image, best) ? k : best;
    }
    return best;
  }

  private double value(int image, int k) {
    return exact.values()[image * classes + k];
  }

  private double error(int image, int k) {
    return exact.errors()[image * classes + k];
  }

  /** Whether rounding may change the image's class to the given one. */
  public boolean allows(int image, int chosen) {
    int top = top(image);
    return chosen == top
        || value(image, top) - value(image, chosen) <= error(image, top) + error(image, chosen);
  }

  /** Whether rounding allows more than one class. */
  public boolean isUndecided(int image) {
    int allowed = 0;
    for (int k = 0; k < classes; k++) {
      allowed += allows(image, k) ? 1 : 0;
    }
    return allowed > 1;
  }

  /** The mean loss in double precision. */
  public double loss(int[] labels) {
    double sum = 0;
    for (int i = 0; i < images(); i++) {
      sum += loss(value(i, labels[i]));
    }
    return sum / images();
  }

  /** A bound on the error of an engine's mean loss. */
  public double lossBound(int[] labels) {
    double sum = 0;
    for (int i = 0; i < images(); i++) {
      double p = value(i, labels[i]);
      double e = error(i, labels[i]);
      double lower = loss(p) - loss(p + e);
      double higher = loss(p - e) - loss(p);
      sum += Math.max(lower, higher);
    }
    return sum / images();
  }

  private static double loss(double p) {
    return -Math.log(Math.max(p, ClassMetrics.CLIP));
  }
}
