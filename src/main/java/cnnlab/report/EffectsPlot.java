package cnnlab.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Main effects: for each thing that was varied a panel with the score of every point against it,
 * and the mean over all that differs otherwise.
 */
public final class EffectsPlot {
  private static final int COLUMNS = 3;
  private static final int PANEL_WIDTH = 320;
  private static final int PANEL_HEIGHT = 280;
  private static final int HEADER = 44;
  private static final int TOP = 40;
  private static final int BOTTOM = PANEL_HEIGHT - 44;
  private static final int INSET = 24;
  private static final double RADIUS = 3.5;
  private static final double SPREAD = 10;
  private static final double GOLDEN = 0.618033988749895;
  private static final int DOTS_ALPHA = 130;

  private EffectsPlot() {}

  /**
   * The mean of some points that are the same, or near, in what was varied.
   *
   * @param place where they stand, in [0, 1]
   * @param mean of their scores
   * @param low lower end of its interval; NaN when there is none
   * @param high upper end
   */
  public record Level(double place, double mean, double low, double high) {}

  /**
   * What was varied.
   *
   * @param name above the panel
   * @param marks texts below it
   * @param places of all points, in [0, 1] [n]
   * @param few whether points stand on the marks only, so that dots would cover each other
   * @param levels their means, from left to right
   */
  public record Panel(
      String name,
      List<ParallelPlot.Mark> marks,
      double[] places,
      boolean few,
      List<Level> levels) {}

  /**
   * Draws the panels, three in a row, all with one y axis: three times that of the scores at most;
   * an interval that is wider is cut.
   *
   * @param title above them
   * @param scoreName title of the y axes
   * @param scores of all points [n], finite
   * @param panels at least one
   * @return an image 960 pixels wide at most
   * @throws IllegalArgumentException when there is nothing to plot
   */
  public static BufferedImage draw(
      String title, String scoreName, double[] scores, List<Panel> panels) {
    if (panels.isEmpty() || scores.length == 0) {
      throw new IllegalArgumentException(
          "%d panels and %d scores to plot, expected at least one of each"
              .formatted(panels.size(), scores.length));
    }
    double[] scale = scale(scores, panels);
    int rows = (panels.size() + COLUMNS - 1) / COLUMNS;
    int columns = Math.min(COLUMNS, panels.size());
    BufferedImage image =
        Canvas.white(Math.max(2, columns) * PANEL_WIDTH, HEADER + rows * PANEL_HEIGHT);
    Graphics2D graphics = Canvas.graphics(image);
    PlotFrame.title(graphics, title, 0, image.getWidth(), image.getWidth());
    for (int p = 0; p < panels.size(); p++) {
      Graphics2D part =
          (Graphics2D)
              graphics.create(
                  p % COLUMNS * PANEL_WIDTH,
                  HEADER + p / COLUMNS * PANEL_HEIGHT,
                  PANEL_WIDTH,
                  PANEL_HEIGHT);
      drawPanel(part, scoreName, scale, scores, panels.get(p));
      part.dispose();
    }
    graphics.dispose();
    return image;
  }

  /** All scores and the ends of all intervals, but no further from the scores than their range. */
  private static double[] scale(double[] scores, List<Panel> panels) {
    double least = DoubleStream.of(scores).min().orElseThrow();
    double most = DoubleStream.of(scores).max().orElseThrow();
    double range = most - least;
    DoubleStream ends =
        panels.stream()
            .flatMap(panel -> panel.levels.stream())
            .flatMapToDouble(level -> DoubleStream.of(level.low, level.high))
            .map(end -> Math.max(least - range, Math.min(most + range, end)));
    return DoubleStream.concat(DoubleStream.of(scores), ends).toArray();
  }

  private static void drawPanel(
      Graphics2D graphics, String scoreName, double[] scale, double[] scores, Panel panel) {
    PlotFrame frame = PlotFrame.around(graphics, DoubleStream.of(scale), PANEL_WIDTH, TOP, BOTTOM);
    frame.draw(graphics, panel.name, scoreName);
    drawMarks(graphics, frame, panel.marks);
    Color dots = Canvas.series(0);
    graphics.setColor(new Color(dots.getRed(), dots.getGreen(), dots.getBlue(), DOTS_ALPHA));
    for (int i = 0; i < scores.length; i++) {
      double aside = panel.few ? (i * GOLDEN % 1 - 0.5) * 2 * SPREAD : 0;
      frame.dot(graphics, x(frame, panel.places[i]) + aside, scores[i], RADIUS);
    }
    graphics.setColor(Canvas.series(1));
    graphics.setStroke(new BasicStroke(2));
    graphics.clipRect(frame.left(), frame.top(), frame.width(), frame.bottom() - frame.top());
    Level before = null;
    for (Level level : panel.levels) {
      double x = x(frame, level.place);
      if (before != null) {
        graphics.draw(
            new Line2D.Double(
                x(frame, before.place), frame.y(before.mean), x, frame.y(level.mean)));
      }
      frame.whiskers(graphics, x, level.low, level.high);
      frame.dot(graphics, x, level.mean, RADIUS + 1);
      before = level;
    }
  }

  private static double x(PlotFrame frame, double place) {
    return frame.left() + INSET + place * (frame.width() - 2 * INSET);
  }

  /** Texts that would touch the one before are left out. */
  private static void drawMarks(
      Graphics2D graphics, PlotFrame frame, List<ParallelPlot.Mark> marks) {
    graphics.setFont(PlotFrame.tickFont());
    FontMetrics metrics = graphics.getFontMetrics();
    double share = (double) frame.width() / Math.max(1, Math.min(marks.size(), COLUMNS));
    double free = 0;
    for (ParallelPlot.Mark mark : marks) {
      double x = x(frame, mark.place());
      String text = AxisLabels.cut(mark.text(), metrics, share - 6);
      double left =
          Math.max(
              2,
              Math.min(
                  x - metrics.stringWidth(text) / 2.0,
                  PANEL_WIDTH - 2.0 - metrics.stringWidth(text)));
      graphics.setColor(Canvas.faint());
      graphics.draw(new Line2D.Double(x, frame.bottom(), x, frame.bottom() + 5.0));
      if (left >= free) {
        graphics.setColor(Canvas.ink());
        graphics.drawString(text, (float) left, frame.bottom() + 8 + metrics.getAscent());
        free = left + metrics.stringWidth(text) + 6;
      }
    }
  }
}
