package cnnlab.crosscheck.bound;

import cnnlab.metric.ClassMetrics;

/**
 * What bounds of probabilities say about classes and losses.
 *
 * <p>An engine may choose class c where double precision chooses t only if p[t] − p[c] ≤ ε[t] +
 * ε[c]. The loss −ln p[y] moves by what the ends of [p − ε, p + ε] allow, to first order ε / p; its
 * mean by the mean of these.
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

  /** The class in double precision, the first of equal ones. */
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

  /** Whether rounding may turn the image's class into this one. */
  public boolean allows(int image, int chosen) {
    int top = top(image);
    return chosen == top
        || value(image, top) - value(image, chosen) <= error(image, top) + error(image, chosen);
  }

  /** Whether more than one class is allowed. */
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

  /** How far one engine's mean loss may be from it. */
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
