package cnnlab.report;

import java.awt.BasicStroke;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;

/**
 * A square plot of two shares, both axes from 0 to 1, and its diagonal.
 *
 * @param left first pixel column of the square
 * @param top first row
 * @param side columns and rows
 */
record UnitSquare(int left, int top, int side) {
  private static final int TICKS = 5;
  private static final int GAP = 8;

  /** Rows below the square that the labels and the title of the x axis take up. */
  static final int BELOW = 56;

  double x(double share) {
    return left + share * side;
  }

  double y(double share) {
    return top + (1 - share) * side;
  }

  /** Title, grid, both axes with their titles, and a dashed diagonal. */
  void draw(Graphics2D graphics, String title, String xTitle, String yTitle, int imageWidth) {
    PlotFrame.title(graphics, title, left, left + side, imageWidth);
    graphics.setStroke(new BasicStroke(1));
    graphics.setFont(PlotFrame.tickFont());
    FontMetrics metrics = graphics.getFontMetrics();
    for (int i = 0; i <= TICKS; i++) {
      double share = (double) i / TICKS;
      String text = Numbers.fixed(share, 1);
      graphics.setColor(Canvas.faint());
      graphics.draw(new Line2D.Double(x(share), y(0), x(share), y(1)));
      graphics.draw(new Line2D.Double(x(0), y(share), x(1), y(share)));
      graphics.setColor(Canvas.ink());
      int width = metrics.stringWidth(text);
      graphics.drawString(
          text, (float) (x(share) - width / 2.0), top + side + GAP + metrics.getAscent());
      graphics.drawString(
          text,
          left - GAP - width,
          (float) (y(share) + (metrics.getAscent() - metrics.getDescent()) / 2.0));
    }
    float[] dashes = {6, 5};
    graphics.setStroke(
        new BasicStroke(1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, dashes, 0));
    graphics.draw(new Line2D.Double(x(0), y(0), x(1), y(1)));
    PlotFrame.vertical(graphics, yTitle, left - 62.0, top + side / 2.0);
    graphics.setFont(PlotFrame.axisFont());
    int middle = left + (side - graphics.getFontMetrics().stringWidth(xTitle)) / 2;
    graphics.drawString(xTitle, middle, top + side + BELOW - 6);
  }
}
