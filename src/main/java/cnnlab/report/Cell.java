package cnnlab.report;

import cnnlab.metric.Verdict;
import cnnlab.text.Numbers;

/**
 * One cell of a table. All parts but the text may be missing.
 *
 * @param text what is read
 * @param sort what the column is sorted by; null: the text
 * @param target id of a section that the text leads to, or null
 * @param verdict shown as a badge of this tone, or null
 * @param estimate drawn on the column's scale instead of the text, or null
 */
public record Cell(String text, Double sort, String target, Verdict verdict, Estimate estimate) {
  private static final Cell EMPTY = text("");

  public static Cell text(String text) {
    return new Cell(text, null, null, null, null);
  }

  /** Empty where the number is not known. */
  public static Cell number(double value, String text) {
    return Double.isNaN(value) ? EMPTY : new Cell(text, value, null, null, null);
  }

  /** Four decimals. */
  public static Cell fixed(double value) {
    return number(value, Numbers.fixed(value, 4));
  }

  public static Cell scientific(double value) {
    return number(value, Numbers.scientific(value));
  }

  public static Cell significant(double value) {
    return number(value, Numbers.significant(value));
  }

  public static Cell count(long value) {
    return number(value, Numbers.count(value));
  }

  public static Cell verdict(Verdict verdict) {
    return new Cell(verdict.toString(), (double) verdict.ordinal(), null, verdict, null);
  }

  /** The class of the style sheet that shows the verdict, which there must be. */
  String tone() {
    return switch (verdict) {
      case REPRODUCED, SUPPORTED -> "good";
      case NOT_REPRODUCED, NOT_SUPPORTED -> "bad";
      case UNDECIDED -> "open";
      case NOT_RECORDED -> "none";
    };
  }

  /** Text that leads to a section. */
  public static Cell link(String text, String target) {
    return new Cell(text, null, target, null, null);
  }

  /** The interval in words, sorted by its lower end; that of too few runs says so. */
  public static Cell interval(Estimate e) {
    if (e.tooFew()) {
      return text("n too small");
    }
    return e.hasInterval() ? new Cell(e.interval(), e.low(), null, null, null) : EMPTY;
  }

  /** The same with a mark before its text. */
  Cell marked(String mark) {
    return new Cell((mark + " " + text).strip(), sort, target, verdict, estimate);
  }

  /** The mean and its interval as a picture. */
  public static Cell drawn(Estimate e) {
    return e.known() ? new Cell(e.text(), e.mean(), null, null, e) : EMPTY;
  }

  /** Whether it is words that are sorted by a number, and so should not be broken. */
  boolean isInterval() {
    return sort != null && verdict == null && estimate == null;
  }

  /** The key that the script sorts by. */
  String key() {
    return sort == null ? text : String.valueOf(sort);
  }
}
