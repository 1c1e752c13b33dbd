package cnnlab.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Main effects: for each factor a panel with the score of every point against the factor's level,
 * and the mean of each level over all other factors. Ordered factors are shown on an x axis, with
 * connected means; categories have a row each.
 */
public final class EffectsPlot {
  private static final int PANEL_HEIGHT = 170;
  private static final int NAME = 26;
  private static final int ROW = 30;
  private static final int GAP = 10;
  private static final int TICKS = 6;
  private static final int INSET = 18;
  private static final double RADIUS = 3;
  private static final double SPREAD = 7;
  private static final double GOLDEN = 0.618033988749895;
  private static final int DOTS_ALPHA = 130;

  private final String scoreName;
  private final double[] scores;
  private final List<Panel> panels;

  private EffectsPlot(String scoreName, double[] scores, List<Panel> panels) {
    this.scoreName = scoreName;
    this.scores = scores;
    this.panels = panels;
  }

  /**
   * The mean of the points with the same level of a factor, or with neighbouring levels.
   *
   * @param place their position on the axis, in [0, 1]
   * @param mean the mean of their scores
   * @param low lower end of its interval; NaN without an interval
   * @param high upper end
   */
  public record Level(double place, double mean, double low, double high) {}

  /**
   * A factor that was varied.
   *
   * @param name the title of the panel
   * @param marks labelled positions, ascending; for categories, all levels
   * @param ordered whether the levels are ordered; otherwise they are categories
   * @param places the positions of all points [n], in [0, 1]
   * @param few whether points lie only on the marks, so that dots would cover each other
   * @param levels the means, from left to right
   */
  public record Panel(
      String name,
      List<ParallelPlot.Mark> marks,
      boolean ordered,
      double[] places,
      boolean few,
      List<Level> levels) {}

  /**
   * Draws the panels, ordered factors two in a row. All panels share one scale, at most three times
   * the range of the scores; a wider interval ends in an arrowhead.
   *
   * @param title the title
   * @param scoreName title of the score axes
   * @param scores the scores of all points [n], finite
   * @param panels the panels, at least one
   * @return a picture, 960 pixels wide
   * @throws IllegalArgumentException if there is nothing to plot
   */
  public static Picture draw(String title, String scoreName, double[] scores, List<Panel> panels) {
    if (panels.isEmpty() || scores.length == 0) {
      throw new IllegalArgumentException(
          "%d panels and %d scores to plot, expected at least one of each"
              .formatted(panels.size(), scores.length));
    }
    return new EffectsPlot(scoreName, scores, panels).draw(title);
  }

  private Picture draw(String title) {
    AxisScale scale = scale();
    Graphics2D measure = PlotStyle.measure();
    Title head = Title.of(measure, title, PlotStyle.WIDTH);
    List<List<Panel>> bands = bands();
    int[] heights = bands.stream().mapToInt(band -> height(measure, band, scale)).toArray();
    measure.dispose();
    int height = head.height() + IntStream.of(heights).sum() + Legend.SAMPLE;
    BufferedImage image = PlotStyle.white(PlotStyle.WIDTH, height);
    Graphics2D graphics = PlotStyle.graphics(image);
    head.draw(graphics);
    int top = head.height();
    for (int b = 0; b < bands.size(); b++) {
      List<Panel> band = bands.get(b);
      for (int p = 0; p < band.size(); p++) {
        Graphics2D part = (Graphics2D) graphics.create();
        int width = PlotStyle.WIDTH / band.size();
        part.translate(p * width, top);
        if (band.get(p).ordered) {
          drawOrdered(part, scale, band.get(p), width);
        } else {
          drawCategories(part, scale, band.get(p));
        }
        part.dispose();
      }
      top += heights[b];
    }
    Legend.of(
            graphics,
            List.of(
                new Legend.Entry(
                    "a point",
                    (g, left, middle) -> {
                      g.setColor(dots());
                      PlotStyle.dot(g, left + Legend.SAMPLE - 8.0, middle, RADIUS);
                    }),
                new Legend.Entry(
                    "mean, with 95 % interval",
                    (g, left, middle) -> {
                      g.setColor(PlotStyle.series(1));
                      g.setStroke(new BasicStroke(1.8f));
                      double x = left + Legend.SAMPLE - 10.0;
                      g.draw(new Line2D.Double(x, middle - 8, x, middle + 8));
                      PlotStyle.dot(g, x, middle, RADIUS + 1);
                    })),
            PlotStyle.WIDTH)
        .draw(graphics, top);
    graphics.dispose();
    return new Picture(image);
  }

  /** Groups the panels into rows: two ordered panels, a single one, or one of categories. */
  private List<List<Panel>> bands() {
    List<List<Panel>> bands = new ArrayList<>();
    List<Panel> waiting = new ArrayList<>();
    for (Panel panel : panels) {
      if (panel.ordered) {
        waiting.add(panel);
        if (waiting.size() == 2) {
          bands.add(List.copyOf(waiting));
          waiting.clear();
        }
      }
    }
    if (!waiting.isEmpty()) {
      bands.add(waiting);
    }
    panels.stream().filter(p -> !p.ordered).forEach(p -> bands.add(List.of(p)));
    return bands;
  }

  private int height(Graphics2D measure, List<Panel> band, AxisScale scale) {
    return band.get(0).ordered
        ? NAME + PANEL_HEIGHT + PlotFrame.BELOW_UNTITLED + GAP
        : rows(measure, band.get(0), scale).bottom() + PlotFrame.BELOW + GAP;
  }

  /** All scores and the ends of all intervals, limited to one score range beyond the scores. */
  private AxisScale scale() {
    double least = DoubleStream.of(scores).min().orElseThrow();
    double most = DoubleStream.of(scores).max().orElseThrow();
    double range = Ticks.tooClose(least, most) ? Ticks.room(most) : most - least;
    DoubleStream ends =
        panels.stream()
            .flatMap(panel -> panel.levels.stream())
            .flatMapToDouble(level -> DoubleStream.of(level.low, level.high))
            .filter(Double::isFinite)
            .map(end -> Math.max(least - range, Math.min(most + range, end)));
    return AxisScale.around(DoubleStream.concat(DoubleStream.of(scores), ends), false, TICKS);
  }

  private static void drawName(Graphics2D graphics, String name, int left, int right) {
    graphics.setFont(PlotStyle.boldFont());
    graphics.setColor(PlotStyle.ink());
    FontMetrics metrics = graphics.getFontMetrics();
    String shown = AxisLabels.cut(name, metrics, right - left);
    graphics.drawString(shown, (left + right - metrics.stringWidth(shown)) / 2f, NAME - 10f);
  }

  private static Color dots() {
    Color dots = PlotStyle.series(0);
    return new Color(dots.getRed(), dots.getGreen(), dots.getBlue(), DOTS_ALPHA);
  }

  private static double aside(int index) {
    return (index * GOLDEN % 1 - 0.5) * 2 * SPREAD;
  }

  private void drawOrdered(Graphics2D graphics, AxisScale scale, Panel panel, int width) {
    AxisScale x = new AxisScale(0, 1, false, ticks(panel));
    PlotFrame outer =
        PlotFrame.between(
            graphics,
            PlotStyle.MARGIN,
            width - PlotStyle.MARGIN,
            NAME,
            NAME + PANEL_HEIGHT,
            x,
            scale,
            true);
    double inset = (double) INSET / (outer.right() - outer.left() - 2 * INSET);
    PlotFrame frame =
        new PlotFrame(
            outer.left(),
            outer.right(),
            outer.top(),
            outer.bottom(),
            new AxisScale(-inset, 1 + inset, false, x.ticks()),
            scale);
    frame.draw(graphics, "", scoreName);
    drawName(graphics, panel.name, PlotStyle.MARGIN, width - PlotStyle.MARGIN);
    graphics.setColor(dots());
    for (int i = 0; i < scores.length; i++) {
      double aside = panel.few ? aside(i) : 0;
      PlotStyle.dot(graphics, frame.x(panel.places[i]) + aside, frame.y(scores[i]), RADIUS);
    }
    graphics.setColor(PlotStyle.series(1));
    graphics.setStroke(new BasicStroke(1.8f));
    Level before = null;
    for (Level level : panel.levels) {
      double column = frame.x(level.place);
      if (before != null) {
        graphics.draw(
            new Line2D.Double(
                frame.x(before.place), frame.y(before.mean), column, frame.y(level.mean)));
      }
      frame.interval(graphics, column, level.low, level.high);
      PlotStyle.dot(graphics, column, frame.y(level.mean), RADIUS + 1);
      before = level;
    }
  }

  private static Ticks ticks(Panel panel) {
    return new Ticks(
        panel.marks.stream().mapToDouble(ParallelPlot.Mark::place).toArray(),
        panel.marks.stream().map(ParallelPlot.Mark::text).toList());
  }

  private static RowFrame rows(Graphics2D graphics, Panel panel, AxisScale scale) {
    return RowFrame.of(
        graphics,
        panel.marks.stream().map(ParallelPlot.Mark::text).toList(),
        PlotStyle.WIDTH - PlotStyle.MARGIN - INSET,
        NAME,
        ROW,
        scale);
  }

  private void drawCategories(Graphics2D graphics, AxisScale scale, Panel panel) {
    RowFrame rows = rows(graphics, panel, scale);
    rows.draw(graphics, scoreName, List.of());
    drawName(graphics, panel.name, rows.left(), rows.right());
    for (int m = 0; m < panel.marks.size(); m++) {
      double place = panel.marks.get(m).place();
      double y = rows.y(m);
      graphics.setColor(dots());
      for (int i = 0; i < scores.length; i++) {
        if (panel.places[i] == place) {
          PlotStyle.dot(graphics, rows.x(scores[i]), y - SPREAD / 2 + aside(i) / 2, RADIUS);
        }
      }
      graphics.setColor(PlotStyle.series(1));
      graphics.setStroke(new BasicStroke(1.8f));
      for (Level level : panel.levels) {
        if (level.place == place) {
          rows.interval(graphics, y + SPREAD / 2, level.low, level.high);
          PlotStyle.dot(graphics, rows.x(level.mean), y + SPREAD / 2, RADIUS + 1);
        }
      }
    }
  }
}
