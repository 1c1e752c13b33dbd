package cnnlab.plot;

import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.util.List;

/**
 * A plot with one row per item and an x axis below; names at the left can be of any length and
 * number.
 *
 * @param left left edge of the rectangle
 * @param right right edge
 * @param top top edge
 * @param heights the heights of the rows, from top to bottom
 * @param names the names of the rows, each in one or more lines
 * @param x scale from left to right
 */
record RowFrame(
    int left, int right, int top, int[] heights, List<List<String>> names, AxisScale x) {
  private static final int GAP = 8;
  private static final int PADDING = 8;
  private static final double CAP = 4;

  /** The largest share of the picture's width for names. */
  private static final double NAMES = 0.36;

  /**
   * Lays out the rows; a name that is too long is wrapped, and truncated if that is not enough.
   *
   * @param right right edge of the rectangle
   * @param least smallest height of a row
   */
  static RowFrame of(
      Graphics2D graphics, List<String> names, int right, int top, int least, AxisScale x) {
    FontMetrics metrics = graphics.getFontMetrics(PlotStyle.textFont());
    double most = NAMES * PlotStyle.WIDTH;
    List<List<String>> lines =
        names.stream()
            .map(
                name ->
                    AxisLabels.wrap(name, metrics, most).stream()
                        .map(line -> AxisLabels.cut(line, metrics, most))
                        .toList())
            .toList();
    int widest =
        lines.stream().flatMap(List::stream).mapToInt(metrics::stringWidth).max().orElse(0);
    int[] heights =
        lines.stream()
            .mapToInt(l -> Math.max(least, l.size() * metrics.getHeight() + PADDING))
            .toArray();
    return new RowFrame(PlotStyle.MARGIN + widest + GAP, right, top, heights, lines, x);
  }

  int bottom() {
    int bottom = top;
    for (int height : heights) {
      bottom += height;
    }
    return bottom;
  }

  double x(double value) {
    return left + x.share(value) * (right - left);
  }

  /** The middle of a row. */
  double y(int row) {
    double y = top + heights[row] / 2.0;
    for (int r = 0; r < row; r++) {
      y += heights[r];
    }
    return y;
  }

  /**
   * Draws the grid, border, names and x axis.
   *
   * @param bold whether each name is a header of the rows below it
   */
  void draw(Graphics2D graphics, String xTitle, List<Boolean> bold) {
    PlotFrame.drawXTicks(graphics, x, left, right, top, bottom());
    graphics.setColor(PlotStyle.faint());
    graphics.setStroke(new BasicStroke(1));
    graphics.drawRect(left, top, right - left, bottom() - top);
    for (int row = 0; row < heights.length; row++) {
      drawName(graphics, row, !bold.isEmpty() && bold.get(row));
    }
    PlotFrame.xTitle(graphics, xTitle, left, right, bottom());
  }

  private void drawName(Graphics2D graphics, int row, boolean bold) {
    Font font = bold ? PlotStyle.boldFont() : PlotStyle.textFont();
    graphics.setFont(font);
    FontMetrics metrics = graphics.getFontMetrics();
    List<String> lines = names.get(row);
    double baseline =
        y(row) + PlotStyle.middle(metrics) - (lines.size() - 1) * metrics.getHeight() / 2.0;
    graphics.setColor(PlotStyle.faint());
    graphics.setStroke(new BasicStroke(1));
    graphics.draw(new Line2D.Double(left, y(row), right, y(row)));
    graphics.setColor(PlotStyle.ink());
    for (String line : lines) {
      float begin = bold ? PlotStyle.MARGIN : left - GAP - metrics.stringWidth(line);
      graphics.drawString(line, begin, (float) baseline);
      baseline += metrics.getHeight();
    }
  }

  /** Draws a horizontal interval in the current colour, or nothing if an end is not finite. */
  void interval(Graphics2D graphics, double y, double from, double to) {
    if (!Double.isFinite(from) || !Double.isFinite(to)) {
      return;
    }
    double low = Math.max(left, x(Math.max(from, x.low())));
    double high = Math.min(right, x(Math.min(to, x.high())));
    graphics.draw(new Line2D.Double(low, y, high, y));
    end(graphics, low, y, from < x.low() ? CAP : 0);
    end(graphics, high, y, to > x.high() ? -CAP : 0);
  }

  private static void end(Graphics2D graphics, double column, double y, double bend) {
    graphics.draw(new Line2D.Double(column + bend, y - CAP, column, y));
    graphics.draw(new Line2D.Double(column + bend, y + CAP, column, y));
  }
}
