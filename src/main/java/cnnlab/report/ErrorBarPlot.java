package cnnlab.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;

/**
 * Lines with error bars. Not XChart's: its bars are symmetric, and its logarithmic axis knows only
 * powers of ten.
 */
final class ErrorBarPlot {

  private static final int WIDTH = 900;
  private static final int HEIGHT = 520;
  private static final int TOP = 56;
  private static final int BOTTOM = HEIGHT - 104;
  private static final int INSET = 30;
  private static final double DODGE = 6;
  private static final double RADIUS = 4.5;

  private ErrorBarPlot() {}

  static BufferedImage draw(
      String title, String xTitle, String yTitle, List<Plots.ErrorSeries> series, boolean logX) {
    double[] positions =
        series.stream().flatMapToDouble(s -> DoubleStream.of(s.x())).sorted().distinct().toArray();
    check(positions, logX);
    BufferedImage image = Canvas.white(WIDTH, HEIGHT);
    Graphics2D graphics = Canvas.graphics(image);
    DoubleStream all =
        series.stream()
            .flatMap(s -> Arrays.stream(new double[][] {s.y(), s.low(), s.high()}))
            .flatMapToDouble(DoubleStream::of);
    PlotFrame frame = PlotFrame.around(graphics, all, WIDTH, TOP, BOTTOM);
    frame.draw(graphics, title, yTitle);
    DoubleUnaryOperator scale = logX ? Math::log10 : DoubleUnaryOperator.identity();
    double first = scale.applyAsDouble(positions[0]);
    double last = scale.applyAsDouble(positions[positions.length - 1]);
    DoubleUnaryOperator column =
        x ->
            last == first
                ? (frame.left() + frame.right()) / 2.0
                : frame.left()
                    + INSET
                    + (scale.applyAsDouble(x) - first)
                        / (last - first)
                        * (frame.width() - 2 * INSET);
    drawXAxis(graphics, frame, positions, column);
    for (int i = 0; i < series.size(); i++) {
      graphics.setColor(Canvas.series(i));
      double dodge = (i - (series.size() - 1) / 2.0) * DODGE;
      drawSeries(graphics, frame, series.get(i), i, x -> column.applyAsDouble(x) + dodge);
    }
    drawLegend(graphics, frame, series);
    graphics.setFont(PlotFrame.axisFont());
    FontMetrics metrics = graphics.getFontMetrics();
    int middle = (frame.left() + frame.right() - metrics.stringWidth(xTitle)) / 2;
    graphics.drawString(xTitle, middle, BOTTOM + 50);
    graphics.dispose();
    return image;
  }

  private static void check(double[] positions, boolean logX) {
    if (positions.length == 0) {
      throw new IllegalArgumentException("no points to plot");
    }
    if (!DoubleStream.of(positions).allMatch(Double::isFinite) || logX && positions[0] <= 0) {
      throw new IllegalArgumentException(
          "x values from %s to %s, expected finite ones%s"
              .formatted(
                  positions[0],
                  positions[positions.length - 1],
                  logX ? " above 0 for a logarithmic axis" : ""));
    }
  }

  /**
   * Marks the measured positions themselves; labels that would touch the one before are left out.
   */
  private static void drawXAxis(
      Graphics2D graphics, PlotFrame frame, double[] positions, DoubleUnaryOperator column) {
    graphics.setFont(PlotFrame.tickFont());
    graphics.setStroke(new BasicStroke(1));
    FontMetrics metrics = graphics.getFontMetrics();
    double free = 0;
    for (double position : positions) {
      double x = column.applyAsDouble(position);
      String text = Plots.tick(position);
      double left = x - metrics.stringWidth(text) / 2.0;
      graphics.setColor(Canvas.faint());
      graphics.draw(new Line2D.Double(x, frame.top(), x, frame.bottom() + 5.0));
      if (left >= free) {
        graphics.setColor(Canvas.ink());
        graphics.drawString(text, (float) left, frame.bottom() + 10 + metrics.getAscent());
        free = left + metrics.stringWidth(text) + 8;
      }
    }
  }

  private static void drawSeries(
      Graphics2D graphics,
      PlotFrame frame,
      Plots.ErrorSeries series,
      int index,
      DoubleUnaryOperator column) {
    graphics.setStroke(new BasicStroke(2.2f));
    for (int i = 0; i < series.x().length; i++) {
      double y = series.y()[i];
      if (!Double.isFinite(y)) {
        continue;
      }
      double x = column.applyAsDouble(series.x()[i]);
      if (i > 0 && Double.isFinite(series.y()[i - 1])) {
        graphics.draw(
            new Line2D.Double(
                column.applyAsDouble(series.x()[i - 1]),
                frame.y(series.y()[i - 1]),
                x,
                frame.y(y)));
      }
      frame.whiskers(graphics, x, series.low()[i], series.high()[i]);
      mark(graphics, x, frame.y(y), index);
    }
  }

  /** Discs and squares in turn, so that lines are told apart without colours too. */
  private static void mark(Graphics2D graphics, double x, double y, int index) {
    double side = 2 * RADIUS;
    if (index % 2 == 1) {
      graphics.fill(new Rectangle2D.Double(x - RADIUS, y - RADIUS, side, side));
    } else {
      graphics.fill(new Ellipse2D.Double(x - RADIUS, y - RADIUS, side, side));
    }
  }

  private static void drawLegend(
      Graphics2D graphics, PlotFrame frame, List<Plots.ErrorSeries> series) {
    graphics.setFont(PlotFrame.axisFont());
    FontMetrics metrics = graphics.getFontMetrics();
    int sample = 34;
    int gap = 26;
    int width =
        series.stream().mapToInt(s -> sample + metrics.stringWidth(s.name()) + gap).sum() - gap;
    double x = Math.max(8, (frame.left() + frame.right() - width) / 2.0);
    double baseline = HEIGHT - 20.0;
    double middle = baseline - metrics.getAscent() / 2.0 + 2;
    graphics.setStroke(new BasicStroke(2.2f));
    for (int i = 0; i < series.size(); i++) {
      Color colour = Canvas.series(i);
      graphics.setColor(colour);
      graphics.draw(new Line2D.Double(x, middle, x + sample - 8.0, middle));
      mark(graphics, x + (sample - 8) / 2.0, middle, i);
      graphics.setColor(Canvas.ink());
      graphics.drawString(series.get(i).name(), (float) x + sample, (float) baseline);
      x += sample + metrics.stringWidth(series.get(i).name()) + gap;
    }
  }
}
