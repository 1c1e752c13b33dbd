package cnnlab.report;

import cnnlab.metric.Intervals;
import cnnlab.metric.Intervals.Sample;
import cnnlab.metric.Scale;
import cnnlab.metric.Verdict;
import cnnlab.text.Numbers;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * A mean over repetitions with its 95 % interval. The interval is computed here from the recorded
 * values, so that old and new runs are judged alike.
 *
 * @param n number of repetitions, 0 if unknown
 * @param mean the mean, NaN if unknown
 * @param low lower end, NaN without an interval
 * @param high upper end, NaN without an interval
 */
public record Estimate(int n, double mean, double low, double high) {

  /**
   * The estimate of a proportion, such as an accuracy, from an object with {@code n}, {@code mean}
   * and {@code sd}.
   */
  public static Estimate of(JsonNode node) {
    return of(node, Scale.PROPORTION);
  }

  /** The estimate from an object with {@code n}, {@code mean} and {@code sd}. */
  public static Estimate of(JsonNode node, Scale scale) {
    return of(sample(node, "mean"), scale);
  }

  /**
   * The estimate of a paired difference.
   *
   * @param scale the scale of the values that were compared
   */
  public static Estimate ofPaired(JsonNode paired, Scale scale) {
    return of(sample(paired, "meanDifference"), scale.ofDifferences());
  }

  /**
   * The estimate of the difference between two independent samples of proportions.
   *
   * @param sample the first sample, ours
   * @param other the sample it is compared with
   */
  public static Estimate ofDifference(Sample sample, Sample other) {
    double[] interval = Intervals.ofDifference(sample, other, Scale.PROPORTION.ofDifferences());
    return new Estimate(sample.n(), sample.mean() - other.mean(), interval[0], interval[1]);
  }

  /** The estimate of a proportion, from a sample. */
  public static Estimate of(Sample sample) {
    return of(sample, Scale.PROPORTION);
  }

  private static Estimate of(Sample sample, Scale scale) {
    double[] interval = Intervals.ofMean(sample.mean(), sample.sd(), sample.n(), scale);
    return new Estimate(sample.n(), sample.mean(), interval[0], interval[1]);
  }

  /** The recorded mean and spread of the runs; NaN if not recorded. */
  public static Sample sample(JsonNode node) {
    return sample(node, "mean");
  }

  private static Sample sample(JsonNode node, String mean) {
    return new Sample(node.path("n").asInt(), number(node.path(mean)), number(node.path("sd")));
  }

  /** A number, or NaN if the node is not a number. */
  public static double number(JsonNode node) {
    return node.isNumber() ? node.asDouble() : Double.NaN;
  }

  public boolean known() {
    return !Double.isNaN(mean);
  }

  boolean hasInterval() {
    return !Double.isNaN(low) && !Double.isNaN(high);
  }

  /** The estimate of the opposite difference. */
  public Estimate negated() {
    return new Estimate(n, -mean, -high, -low);
  }

  /** The verdict on the claim that the value is positive. */
  public Verdict aboveZero() {
    return Verdict.ofDifference(low, high);
  }

  /** The verdict on the claim that the value differs from zero by no more than a margin. */
  public Verdict within(double margin) {
    return Verdict.ofEquivalence(low, high, -margin, margin);
  }

  /** Whether there are too few runs for an interval. */
  boolean tooFew() {
    return known() && !hasInterval() && n < Intervals.LEAST_RUNS;
  }

  /** The interval as text, such as {@code 0.8898 to 0.9453}. */
  String interval() {
    return hasInterval() ? Numbers.fixed(low, 4) + " to " + Numbers.fixed(high, 4) : "none";
  }

  /** The estimate as text, such as {@code 0.9176 (0.8898 to 0.9453, n = 5)}. */
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
