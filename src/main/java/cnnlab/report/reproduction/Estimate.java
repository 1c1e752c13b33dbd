package cnnlab.report.reproduction;

import cnnlab.report.Numbers;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * A mean over repetitions with its 95 % interval.
 *
 * @param n repetitions, 0 when nothing is known
 * @param mean NaN when nothing is known
 * @param low NaN without an interval
 * @param high NaN without an interval
 */
record Estimate(int n, double mean, double low, double high) {

  /** From an object with {@code n}, {@code mean} and {@code ci95}, or its part of that name. */
  static Estimate of(JsonNode node) {
    return of(node, "mean");
  }

  /** From an object with {@code n}, {@code ci95} and a mean of that name. */
  static Estimate of(JsonNode node, String mean) {
    JsonNode interval = node.path("ci95");
    return new Estimate(
        node.path("n").asInt(),
        number(node.path(mean)),
        number(interval.path(0)),
        number(interval.path(1)));
  }

  /** Of a paired comparison. */
  static Estimate ofPaired(JsonNode paired) {
    return of(paired, "meanDifference");
  }

  /** A number, or NaN where there is none. */
  static double number(JsonNode node) {
    return node.isNumber() ? node.asDouble() : Double.NaN;
  }

  boolean known() {
    return !Double.isNaN(mean);
  }

  boolean hasInterval() {
    return !Double.isNaN(low) && !Double.isNaN(high);
  }

  /** The same the other way round. */
  Estimate negated() {
    return new Estimate(n, -mean, -high, -low);
  }

  /** Such as {@code 0.8898 to 0.9453}. */
  String interval() {
    return hasInterval() ? Numbers.fixed(low, 4) + " to " + Numbers.fixed(high, 4) : "none";
  }

  /** Such as {@code 0.9176 (0.8898 to 0.9453, n = 5)}. */
  String text() {
    if (!known()) {
      return "not recorded";
    }
    return hasInterval()
        ? "%s (%s, n = %s)".formatted(Numbers.fixed(mean, 4), interval(), n)
        : "%s (n = %s)".formatted(Numbers.fixed(mean, 4), n);
  }
}
