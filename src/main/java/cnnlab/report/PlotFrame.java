package cnnlab.report;

import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.util.stream.DoubleStream;

/**
 * Where a plot with a linear y axis has its rectangle, and how values become pixels.
 *
 * @param left first pixel column of the rectangle
 * @param right last column
 * @param top first row
 * @param bottom last row
 * @param low value at the bottom
 * @param high value at the top
 * @param ticks of the y axis
 */
record PlotFrame(int left, int right, int top, int bottom, double low, double high, Ticks ticks) {

  private static final int MARGIN = 16;
  private static final int GAP = 8;
  private static final int TICK_SPACING = 45;
  private static final double PADDING = 0.06;
  private static final double CAP = 5;

  /**
   * Lays out a plot around all finite values; the y axis is as wide as its labels.
   *
   * @param width of the image
   * @param top rows above the rectangle, for the title
   * @param bottom last row of the rectangle
   */
  static PlotFrame around(
      Graphics2D graphics, DoubleStream values, int width, int top, int bottom) {
    double[] finite = values.filter(Double::isFinite).toArray();
    double least = DoubleStream.of(finite).min().orElse(0);
    double most = DoubleStream.of(finite).max().orElse(1);
    double padding = Ticks.tooClose(least, most) ? Ticks.room(most) : PADDING * (most - least);
    double low = least - padding;
    double high = most + padding;
    Ticks ticks = Ticks.between(low, high, Math.max(2, (bottom - top) / TICK_SPACING));
    if (least >= 0 && most <= 1) {
      // Scores have no values beyond, though dots at the ends have room.
      ticks = ticks.within(0, 1);
    }
    FontMetrics metrics = graphics.getFontMetrics(tickFont());
    int widest = 0;
    for (int i = 0; i < ticks.values().length; i++) {
      widest = Math.max(widest, metrics.stringWidth(ticks.text(i)));
    }
    int left = MARGIN + graphics.getFontMetrics(axisFont()).getHeight() + GAP + widest + GAP;
    return new PlotFrame(left, width - MARGIN - GAP, top, bottom, low, high, ticks);
  }

  static Font titleFont() {
    return Canvas.font(Font.BOLD, 17);
  }

  static Font tickFont() {
    return Canvas.font(Font.PLAIN, 13);
  }

  static Font axisFont() {
    return Canvas.font(Font.PLAIN, 15);
  }

  int width() {
    return right - left;
  }

  double y(double value) {
    return bottom - (value - low) / (high - low) * (bottom - top);
  }

  /** Title, y axis with its title, grid lines and border. */
  void draw(Graphics2D graphics, String title, String yTitle) {
    title(graphics, title, left, right, right + GAP + MARGIN);
    graphics.setStroke(new BasicStroke(1));
    graphics.setFont(tickFont());
    FontMetrics metrics = graphics.getFontMetrics();
    for (int i = 0; i < ticks.values().length; i++) {
      double y = y(ticks.values()[i]);
      graphics.setColor(Canvas.faint());
      graphics.draw(new Line2D.Double(left, y, right, y));
      graphics.setColor(Canvas.ink());
      String text = ticks.text(i);
      graphics.drawString(
          text,
          left - GAP - metrics.stringWidth(text),
          (float) (y + (metrics.getAscent() - metrics.getDescent()) / 2.0));
    }
    graphics.setColor(Canvas.faint());
    graphics.drawRect(left, top, right - left, bottom - top);
    vertical(graphics, yTitle, MARGIN, (top + bottom) / 2.0);
  }

  /**
   * A title in bold, as near to the middle of two columns as it fits; cut when it is wider than the
   * image.
   *
   * @param image width of the image
   */
  static void title(Graphics2D graphics, String title, int left, int right, int image) {
    graphics.setFont(titleFont());
    graphics.setColor(Canvas.ink());
    FontMetrics metrics = graphics.getFontMetrics();
    String shown = AxisLabels.cut(title, metrics, image - 2 * MARGIN);
    int width = metrics.stringWidth(shown);
    double x = Math.min((left + right - width) / 2.0, image - MARGIN - width);
    graphics.drawString(shown, (float) Math.max(MARGIN, x), MARGIN + metrics.getAscent());
  }

  /** The title of a y axis, read upwards, its middle at the given row. */
  static void vertical(Graphics2D graphics, String text, double left, double middle) {
    graphics.setFont(axisFont());
    graphics.setColor(Canvas.ink());
    FontMetrics metrics = graphics.getFontMetrics();
    AffineTransform before = graphics.getTransform();
    graphics.translate(left + metrics.getAscent(), middle + metrics.stringWidth(text) / 2.0);
    graphics.rotate(-Math.PI / 2);
    graphics.drawString(text, 0, 0);
    graphics.setTransform(before);
  }

  /** An interval with caps at column x in the current colour; nothing when an end is not finite. */
  void whiskers(Graphics2D graphics, double x, double from, double to) {
    if (!Double.isFinite(from) || !Double.isFinite(to)) {
      return;
    }
    graphics.draw(new Line2D.Double(x, y(from), x, y(to)));
    for (double end : new double[] {y(from), y(to)}) {
      graphics.draw(new Line2D.Double(x - CAP, end, x + CAP, end));
    }
  }

  /** A filled dot in the current colour. */
  void dot(Graphics2D graphics, double x, double value, double radius) {
    graphics.fill(new Ellipse2D.Double(x - radius, y(value) - radius, 2 * radius, 2 * radius));
  }
}
