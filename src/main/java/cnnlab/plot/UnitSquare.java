package cnnlab.plot;

import cnnlab.text.Numbers;
import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.util.stream.IntStream;

/** A square plot with both axes from 0 to 1, and its diagonal. */
final class UnitSquare {
  private static final AxisScale SCALE =
      new AxisScale(
          0,
          1,
          false,
          new Ticks(
              IntStream.rangeClosed(0, 5).mapToDouble(i -> i / 5.0).toArray(),
              IntStream.rangeClosed(0, 5).mapToObj(i -> Numbers.fixed(i / 5.0, 1)).toList()));

  private UnitSquare() {}

  /** The square, centred in a picture. */
  static PlotFrame frame(int side, int top) {
    int left = (PlotStyle.WIDTH - side) / 2 + 16;
    return new PlotFrame(left, left + side, top, top + side, SCALE, SCALE);
  }

  /** Draws the grid, both axes with their titles, and a dashed diagonal. */
  static void draw(Graphics2D graphics, PlotFrame square, String xTitle, String yTitle) {
    square.draw(graphics, xTitle, yTitle);
    float[] dashes = {5, 4};
    graphics.setColor(PlotStyle.ink());
    graphics.setStroke(
        new BasicStroke(1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, dashes, 0));
    graphics.draw(new Line2D.Double(square.x(0), square.y(0), square.x(1), square.y(1)));
  }
}
