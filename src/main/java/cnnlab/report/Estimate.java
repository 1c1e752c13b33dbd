package cnnlab.report;

import cnnlab.metric.Intervals;
import cnnlab.metric.Intervals.Sample;
import cnnlab.metric.Scale;
import cnnlab.metric.Verdict;
import cnnlab.text.Numbers;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * A mean over repetitions with its 95 % interval. The interval is computed here, from what was
 * recorded of the runs: so runs of all ages are judged alike.
 *
 * @param n repetitions, 0 when nothing is known
 * @param mean NaN when nothing is known
 * @param low NaN without an interval
 * @param high NaN without an interval
 */
public record Estimate(int n, double mean, double low, double high) {

  /** Of a proportion, such as an accuracy: from an object with {@code n}, mean and sd. */
  public static Estimate of(JsonNode node) {
    return of(node, Scale.PROPORTION);
  }

  /** From an object with {@code n}, {@code mean} and {@code sd}. */
  public static Estimate of(JsonNode node, Scale scale) {
    return of(sample(node, "mean"), scale);
  }

  /**
   * Of a paired comparison.
   *
   * @param scale of the values that were compared
   */
  public static Estimate ofPaired(JsonNode paired, Scale scale) {
    return of(sample(paired, "meanDifference"), scale.ofDifferences());
  }

  /**
   * Of the difference to another, independent sample of proportions.
   *
   * @param sample of ours
   * @param other what it is compared with
   */
  public static Estimate ofDifference(Sample sample, Sample other) {
    double[] interval = Intervals.ofDifference(sample, other, Scale.PROPORTION.ofDifferences());
    return new Estimate(sample.n(), sample.mean() - other.mean(), interval[0], interval[1]);
  }

  /** Of proportions. */
  public static Estimate of(Sample sample) {
    return of(sample, Scale.PROPORTION);
  }

  private static Estimate of(Sample sample, Scale scale) {
    double[] interval = Intervals.ofMean(sample.mean(), sample.sd(), sample.n(), scale);
    return new Estimate(sample.n(), sample.mean(), interval[0], interval[1]);
  }

  /** What is recorded of the runs' mean and spread; NaN what is not. */
  public static Sample sample(JsonNode node) {
    return sample(node, "mean");
  }

  private static Sample sample(JsonNode node, String mean) {
    return new Sample(node.path("n").asInt(), number(node.path(mean)), number(node.path("sd")));
  }

  /** A number, or NaN where there is none. */
  public static double number(JsonNode node) {
    return node.isNumber() ? node.asDouble() : Double.NaN;
  }

  public boolean known() {
    return !Double.isNaN(mean);
  }

  boolean hasInterval() {
    return !Double.isNaN(low) && !Double.isNaN(high);
  }

  /** The same the other way round. */
  public Estimate negated() {
    return new Estimate(n, -mean, -high, -low);
  }

  /** Whether it is shown to be positive. */
  public Verdict aboveZero() {
    return Verdict.ofDifference(low, high);
  }

  /** Whether it is shown to differ from zero by no more than a margin. */
  public Verdict within(double margin) {
    return Verdict.ofEquivalence(low, high, -margin, margin);
  }

  /** Whether there is no interval because there are too few runs for one. */
  boolean tooFew() {
    return known() && !hasInterval() && n < Intervals.LEAST_RUNS;
  }

  /** Such as {@code 0.8898 to 0.9453}. */
  String interval() {
    return hasInterval() ? Numbers.fixed(low, 4) + " to " + Numbers.fixed(high, 4) : "none";
  }

  /** Such as {@code 0.9176 (0.8898 to 0.9453, n = 5)}. */
  public String text() {
    if (!known()) {
      return "not recorded";
    }
    return hasInterval()
        ? "%s (%s, n = %s)".formatted(Numbers.fixed(mean, 4), interval(), n)
        : "%s (n = %s%s)"
            .formatted(Numbers.fixed(mean, 4), n, tooFew() ? ", too few for an interval" : "");
  }
}
