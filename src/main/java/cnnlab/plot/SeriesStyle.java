package cnnlab.plot;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/** The style of series, distinguished by colour and by the shape of their marks. */
final class SeriesStyle {
  private static final double RADIUS = 3.6;
  private static final double WIDE = 5.5;
  private static final double THIN = 1.7;
  private static final double PALE = 0.4;

  private SeriesStyle() {}

  /**
   * Sets the colour and stroke of a line.
   *
   * @param index index of the series
   * @param under whether other lines may cover this one: it is then pale and wide, so that it is
   *     visible on both sides of a thin line
   */
  static void line(Graphics2D graphics, int index, boolean under) {
    graphics.setColor(
        under ? PlotStyle.tint(PlotStyle.series(index), PALE) : PlotStyle.series(index));
    graphics.setStroke(
        new BasicStroke(
            (float) (under ? WIDE : THIN), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
  }

  /** Draws a mark: a disc, a square, a triangle or a diamond, depending on the index. */
  static void mark(Graphics2D graphics, int index, double x, double y) {
    graphics.setColor(PlotStyle.series(index));
    graphics.fill(shape(index, x, y));
  }

  private static Shape shape(int index, double x, double y) {
    double side = 2 * RADIUS;
    return switch (index % 4) {
      case 0 -> new Ellipse2D.Double(x - RADIUS, y - RADIUS, side, side);
      case 1 -> new Rectangle2D.Double(x - 0.9 * RADIUS, y - 0.9 * RADIUS, 0.9 * side, 0.9 * side);
      case 2 ->
          polygon(x, y - 1.2 * RADIUS, x + 1.2 * RADIUS, y + RADIUS, x - 1.2 * RADIUS, y + RADIUS);
      default ->
          polygon(
              x, y - 1.3 * RADIUS, x + 1.3 * RADIUS, y, x, y + 1.3 * RADIUS, x - 1.3 * RADIUS, y);
    };
  }

  private static Shape polygon(double... corners) {
    Path2D path = new Path2D.Double();
    path.moveTo(corners[0], corners[1]);
    for (int i = 2; i < corners.length; i += 2) {
      path.lineTo(corners[i], corners[i + 1]);
    }
    path.closePath();
    return path;
  }

  /** The legend sample of a line with marks. */
  static Legend.Entry lineEntry(String name, int index, boolean under, boolean marked) {
    return new Legend.Entry(
        name,
        (graphics, left, middle) -> {
          line(graphics, index, under);
          graphics.draw(new Line2D.Double(left + 3, middle, left + Legend.SAMPLE - 3.0, middle));
          if (marked) {
            mark(graphics, index, left + Legend.SAMPLE / 2.0, middle);
          }
        });
  }
}
