package cnnlab.report;

import cnnlab.metric.Verdict;
import cnnlab.text.Numbers;

/**
 * One cell of a table. All parts except the text are optional.
 *
 * @param text the displayed text
 * @param sort the sort key; null to sort by the text
 * @param target id of the section that the text links to, or null
 * @param verdict shown as a badge of this tone, or null
 * @param estimate drawn on the column's scale, in place of the text, or null
 */
public record Cell(String text, Double sort, String target, Verdict verdict, Estimate estimate) {
  private static final Cell EMPTY = text("");

  public static Cell text(String text) {
    return new Cell(text, null, null, null, null);
  }

  /** A number; empty if it is NaN. */
  public static Cell number(double value, String text) {
    return Double.isNaN(value) ? EMPTY : new Cell(text, value, null, null, null);
  }

  /** A number with four decimals; empty if it is NaN. */
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

  /** The CSS class of the verdict; the cell must have one. */
  String tone() {
    return switch (verdict) {
      case REPRODUCED, SUPPORTED -> "good";
      case NOT_REPRODUCED, NOT_SUPPORTED -> "bad";
      case UNDECIDED -> "open";
      case NOT_RECORDED -> "none";
    };
  }

  /** Text that links to a section. */
  public static Cell link(String text, String target) {
    return new Cell(text, null, target, null, null);
  }

  /**
   * An interval as text, sorted by its lower end; a note if there are too few runs for an interval.
   */
  public static Cell interval(Estimate e) {
    if (e.tooFew()) {
      return text("n too small");
    }
    return e.hasInterval() ? new Cell(e.interval(), e.low(), null, null, null) : EMPTY;
  }

  /** The same with the mark of a trial run before its text. */
  Cell marked(String mark) {
    return new Cell((mark + " " + text).strip(), sort, target, verdict, estimate);
  }

  /** A mean and its interval, drawn as a picture. */
  public static Cell drawn(Estimate e) {
    return e.known() ? new Cell(e.text(), e.mean(), null, null, e) : EMPTY;
  }

  /** Whether the text is sorted by a number and should therefore not be wrapped. */
  boolean isInterval() {
    return sort != null && verdict == null && estimate == null;
  }

  /** The sort key for the page's script. */
  String key() {
    return sort == null ? text : String.valueOf(sort);
  }
}
