package cnnlab.plot;

import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.util.ArrayList;
import java.util.List;

/**
 * Labels below columns of equal width: wrapped between words, and within words after a hyphen,
 * plus, slash or point and before a capital letter; slanted if they still do not fit.
 *
 * @param lines the lines of each label
 * @param font the font of all labels
 * @param slanted whether each label is a single line, rising to the right and ending below its
 *     column
 * @param height the height of all labels in points
 */
record AxisLabels(List<List<String>> lines, Font font, boolean slanted, int height) {

  private static final String BREAK =
      "(?<=\\s)(?=\\S)|(?<=\\w[-+/])(?=\\w)|(?<=[a-z][.])(?=[a-z])|(?<=[a-z])(?=[A-Z])";
  private static final int MOST_LINES = 3;
  private static final int LONGEST_SLANTED = 165;
  private static final double SLANT = Math.toRadians(38);

  /** Fits all labels into columns of the given width in points. */
  static AxisLabels fit(Graphics2D graphics, List<String> labels, double column) {
    Font font = PlotStyle.textFont();
    FontMetrics metrics = graphics.getFontMetrics(font);
    List<List<String>> wrapped = labels.stream().map(l -> wrap(l, metrics, column - 8)).toList();
    int most = wrapped.stream().mapToInt(List::size).max().orElse(1);
    boolean narrow =
        wrapped.stream()
            .flatMap(List::stream)
            .allMatch(line -> metrics.stringWidth(line) <= column - 8);
    if (narrow && most <= MOST_LINES) {
      return new AxisLabels(wrapped, font, false, most * metrics.getHeight());
    }
    List<String> cut = labels.stream().map(l -> cut(l, metrics, LONGEST_SLANTED)).toList();
    int longest = cut.stream().mapToInt(metrics::stringWidth).max().orElse(0);
    int height = (int) Math.ceil(longest * Math.sin(SLANT) + metrics.getHeight());
    return new AxisLabels(cut.stream().map(List::of).toList(), font, true, height);
  }

  /** Draws one label below the point (x, top), where x is the middle of its column. */
  void draw(Graphics2D graphics, int index, double x, double top) {
    graphics.setFont(font);
    graphics.setColor(PlotStyle.ink());
    FontMetrics metrics = graphics.getFontMetrics();
    if (slanted) {
      String line = lines.get(index).get(0);
      AffineTransform before = graphics.getTransform();
      graphics.rotate(-SLANT, x, top + metrics.getAscent());
      graphics.drawString(
          line, (float) (x + 6 - metrics.stringWidth(line)), (float) (top + metrics.getAscent()));
      graphics.setTransform(before);
      return;
    }
    double baseline = top + metrics.getAscent();
    for (String line : lines.get(index)) {
      graphics.drawString(line, (float) (x - metrics.stringWidth(line) / 2.0), (float) baseline);
      baseline += metrics.getHeight();
    }
  }

  /** Shortens a text to the given width in points, with an ellipsis for the omitted part. */
  static String cut(String text, FontMetrics metrics, double width) {
    String shown = text;
    for (int end = text.length(); metrics.stringWidth(shown) > width && end > 1; end--) {
      shown = text.substring(0, end - 1).stripTrailing() + "…";
    }
    return shown;
  }

  /**
   * Breaks a text between words and, if necessary, within words after a hyphen, plus, slash or
   * point or before a capital letter; a piece without such a place may be too wide.
   */
  static List<String> wrap(String label, FontMetrics metrics, double width) {
    List<String> lines = new ArrayList<>();
    String line = "";
    for (String piece : label.strip().split(BREAK)) {
      String longer = line + piece;
      if (!line.isEmpty() && metrics.stringWidth(longer.strip()) > width) {
        lines.add(line.strip());
        line = piece;
      } else {
        line = longer;
      }
    }
    lines.add(line.strip());
    return lines;
  }
}
