package cnnlab.plot;

import java.awt.BasicStroke;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;

/**
 * The rectangle of a plot of y against x, and the mapping from values to positions in the picture.
 *
 * @param left left edge of the rectangle
 * @param right right edge
 * @param top top edge
 * @param bottom bottom edge
 * @param x scale from left to right
 * @param y scale from bottom to top
 */
record PlotFrame(int left, int right, int top, int bottom, AxisScale x, AxisScale y) {

  private static final int GAP = 6;
  private static final int TICK = 4;
  private static final double CAP = 4;

  /** Space in points below the rectangle for the labels and the title of the x axis. */
  static final int BELOW = 44;

  /** Space in points below the rectangle without a title of the x axis. */
  static final int BELOW_UNTITLED = 24;

  /**
   * Lays out a rectangle that leaves room for the labels of the y axis.
   *
   * @param from left edge of the plot, including the title of the y axis
   * @param to right edge of the rectangle
   * @param titled whether the y axis has a title
   */
  static PlotFrame between(
      Graphics2D graphics,
      int from,
      int to,
      int top,
      int bottom,
      AxisScale x,
      AxisScale y,
      boolean titled) {
    FontMetrics metrics = graphics.getFontMetrics(PlotStyle.textFont());
    int widest = y.ticks().texts().stream().mapToInt(metrics::stringWidth).max().orElse(0);
    int left = from + (titled ? metrics.getHeight() + GAP : 0) + widest + GAP;
    return new PlotFrame(left, to, top, bottom, x, y);
  }

  double x(double value) {
    return left + x.share(value) * (right - left);
  }

  double y(double value) {
    return bottom - y.share(value) * (bottom - top);
  }

  /**
   * Draws the grid, the border, both axes and their titles.
   *
   * @param xTitle below the x axis; empty for none
   * @param yTitle at the left edge, read upwards; empty for none
   */
  void draw(Graphics2D graphics, String xTitle, String yTitle) {
    graphics.setStroke(new BasicStroke(1));
    graphics.setFont(PlotStyle.textFont());
    FontMetrics metrics = graphics.getFontMetrics();
    int widest = 0;
    for (int i = 0; i < y.ticks().values().length; i++) {
      double row = y(y.ticks().values()[i]);
      graphics.setColor(PlotStyle.faint());
      graphics.draw(new Line2D.Double(left, row, right, row));
      graphics.setColor(PlotStyle.ink());
      String text = y.ticks().texts().get(i);
      widest = Math.max(widest, metrics.stringWidth(text));
      graphics.drawString(
          text, left - GAP - metrics.stringWidth(text), (float) (row + PlotStyle.middle(metrics)));
    }
    drawXTicks(graphics, x, left, right, top, bottom);
    graphics.setColor(PlotStyle.faint());
    graphics.drawRect(left, top, right - left, bottom - top);
    xTitle(graphics, xTitle, left, right, bottom);
    if (!yTitle.isEmpty()) {
      double title = left - 2.0 * GAP - widest - metrics.getHeight();
      vertical(graphics, yTitle, title, (top + bottom) / 2.0);
    }
  }

  /**
   * Draws vertical grid lines with labels below; labels that would touch the previous one are
   * omitted.
   */
  static void drawXTicks(
      Graphics2D graphics, AxisScale x, int left, int right, int top, int bottom) {
    graphics.setStroke(new BasicStroke(1));
    graphics.setFont(PlotStyle.textFont());
    FontMetrics metrics = graphics.getFontMetrics();
    double free = 0;
    for (int i = 0; i < x.ticks().values().length; i++) {
      double column = left + x.share(x.ticks().values()[i]) * (right - left);
      graphics.setColor(PlotStyle.faint());
      graphics.draw(new Line2D.Double(column, top, column, bottom + TICK));
      String text = x.ticks().texts().get(i);
      double begin = column - metrics.stringWidth(text) / 2.0;
      if (begin >= free) {
        graphics.setColor(PlotStyle.ink());
        graphics.drawString(text, (float) begin, bottom + TICK + 2f + metrics.getAscent());
        free = begin + metrics.stringWidth(text) + GAP;
      }
    }
  }

  /** Draws the title of an x axis, centred below its labels. */
  static void xTitle(Graphics2D graphics, String title, int left, int right, int bottom) {
    graphics.setFont(PlotStyle.textFont());
    graphics.setColor(PlotStyle.ink());
    FontMetrics metrics = graphics.getFontMetrics();
    float begin = (left + right - metrics.stringWidth(title)) / 2f;
    graphics.drawString(
        title, Math.max(PlotStyle.MARGIN, begin), bottom + BELOW - 4f - metrics.getDescent());
  }

  /** Draws a text rotated upwards, centred at the given y. */
  static void vertical(Graphics2D graphics, String text, double left, double middle) {
    graphics.setFont(PlotStyle.textFont());
    graphics.setColor(PlotStyle.ink());
    FontMetrics metrics = graphics.getFontMetrics();
    AffineTransform before = graphics.getTransform();
    graphics.translate(left + metrics.getAscent(), middle + metrics.stringWidth(text) / 2.0);
    graphics.rotate(-Math.PI / 2);
    graphics.drawString(text, 0, 0);
    graphics.setTransform(before);
  }

  /**
   * Draws a vertical interval in the current colour, or nothing if an end is not finite. An end
   * outside the axis is drawn as an arrowhead at the edge.
   */
  void interval(Graphics2D graphics, double column, double from, double to) {
    if (!Double.isFinite(from) || !Double.isFinite(to)) {
      return;
    }
    double low = Math.min(bottom, y(Math.max(from, y.low())));
    double high = Math.max(top, y(Math.min(to, y.high())));
    graphics.draw(new Line2D.Double(column, low, column, high));
    end(graphics, column, low, from < y.low() ? -CAP : 0);
    end(graphics, column, high, to > y.high() ? CAP : 0);
  }

  private static void end(Graphics2D graphics, double column, double row, double bend) {
    graphics.draw(new Line2D.Double(column - CAP, row + bend, column, row));
    graphics.draw(new Line2D.Double(column + CAP, row + bend, column, row));
  }
}
