package cnnlab.plot;

import cnnlab.text.Numbers;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * A strip plot: every run as a dot, one row per group, with the mean and its interval below the
 * dots.
 */
public final class StripPlot {

  private static final int ROW = 38;
  private static final int TICKS = 6;
  private static final int GAP = 8;
  private static final double RADIUS = 3.4;
  private static final double SPREAD = 12;
  private static final double DOTS = -6;
  private static final double MEAN = 10;
  private static final double BAR = 5;
  private static final double GOLDEN = 0.618033988749895;
  private static final int DOTS_ALPHA = 170;
  private static final String HEAD = "mean";

  private StripPlot() {}

  /**
   * A group of runs.
   *
   * @param name the name of the row
   * @param values the values of all runs [n], n at least 1, finite
   * @param mean the mean, drawn as a bar and written at the end of the row
   * @param low lower end of the interval of the mean, not finite (NaN) without an interval
   * @param high upper end
   */
  public record Group(String name, double[] values, double mean, double low, double high) {

    /**
     * @throws IllegalArgumentException if there are no values, a value or the mean is not finite,
     *     or the interval does not contain the mean
     */
    public Group {
      if (values.length == 0
          || !DoubleStream.of(values).allMatch(Double::isFinite)
          || !Double.isFinite(mean)) {
        throw new IllegalArgumentException(
            "group %s: %d values with mean %s, expected at least one value, all finite"
                .formatted(name, values.length, mean));
      }
      if (low > mean || high < mean) {
        throw new IllegalArgumentException(
            "group %s: the mean %s is not in its interval %s..%s".formatted(name, mean, low, high));
      }
    }
  }

  /**
   * Draws the groups below each other. Dots are shifted up and down a little, in a deterministic
   * way, so that equal runs can be distinguished.
   *
   * @param title the title
   * @param xTitle title of the x axis, with its unit
   * @param groups the groups, at least one
   * @return a picture, 960 pixels wide
   * @throws IllegalArgumentException if there are no groups
   */
  public static Picture draw(String title, String xTitle, List<Group> groups) {
    if (groups.isEmpty()) {
      throw new IllegalArgumentException("no groups to plot");
    }
    Graphics2D measure = PlotStyle.measure();
    Title head = Title.of(measure, title, PlotStyle.WIDTH);
    FontMetrics metrics = measure.getFontMetrics(PlotStyle.textFont());
    int number = groups.stream().mapToInt(g -> metrics.stringWidth(number(g))).max().orElse(0);
    RowFrame rows =
        RowFrame.of(
            measure,
            groups.stream().map(Group::name).toList(),
            PlotStyle.WIDTH - PlotStyle.MARGIN - Math.max(number, metrics.stringWidth(HEAD)) - GAP,
            head.height() + metrics.getHeight(),
            ROW,
            AxisScale.around(groups.stream().flatMapToDouble(StripPlot::values), false, TICKS));
    measure.dispose();
    BufferedImage image = PlotStyle.white(PlotStyle.WIDTH, rows.bottom() + PlotFrame.BELOW + GAP);
    Graphics2D graphics = PlotStyle.graphics(image);
    head.draw(graphics);
    rows.draw(graphics, xTitle, List.of());
    drawRight(graphics, HEAD, rows.top() - GAP / 2f - 2);
    for (int g = 0; g < groups.size(); g++) {
      draw(graphics, rows, groups.get(g), rows.y(g), PlotStyle.series(g));
      drawRight(graphics, number(groups.get(g)), (float) (rows.y(g) + PlotStyle.middle(metrics)));
    }
    graphics.dispose();
    return new Picture(image);
  }

  private static DoubleStream values(Group group) {
    return DoubleStream.concat(
        DoubleStream.of(group.values), DoubleStream.of(group.mean, group.low, group.high));
  }

  private static String number(Group group) {
    return Numbers.fixed(group.mean, 4);
  }

  private static void drawRight(Graphics2D graphics, String text, float baseline) {
    graphics.setFont(PlotStyle.textFont());
    graphics.setColor(PlotStyle.ink());
    int width = graphics.getFontMetrics().stringWidth(text);
    graphics.drawString(text, PlotStyle.WIDTH - PlotStyle.MARGIN - width, baseline);
  }

  private static void draw(
      Graphics2D graphics, RowFrame rows, Group group, double y, Color colour) {
    graphics.setColor(new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), DOTS_ALPHA));
    for (int i = 0; i < group.values.length; i++) {
      double aside = (i * GOLDEN % 1 - 0.5) * SPREAD;
      PlotStyle.dot(graphics, rows.x(group.values[i]), y + DOTS + aside, RADIUS);
    }
    if (group.values.length > 1) {
      drawMean(graphics, rows, group.mean, group.low, group.high, y + MEAN);
    }
  }

  /** Draws a mean as a vertical bar within its interval. */
  static void drawMean(
      Graphics2D graphics, RowFrame rows, double mean, double low, double high, double y) {
    graphics.setColor(PlotStyle.ink());
    graphics.setStroke(new BasicStroke(1.4f));
    rows.interval(graphics, y, low, high);
    graphics.setStroke(new BasicStroke(3, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
    double x = rows.x(mean);
    graphics.draw(new Line2D.Double(x, y - BAR, x, y + BAR));
  }
}
