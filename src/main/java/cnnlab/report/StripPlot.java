package cnnlab.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.DoubleStream;

/** Every run as a dot, one column per group, with mean and interval beside the dots. */
public final class StripPlot {

  private static final int WIDTH = 900;
  private static final int HEIGHT = 520;
  private static final int TOP = 74;
  private static final int BOTTOM_MARGIN = 18;
  private static final double WIDEST = 220;
  private static final double RADIUS = 4.5;
  private static final double GOLDEN = 0.618033988749895;
  private static final int DOTS_ALPHA = 170;

  private StripPlot() {}

  /**
   * Runs that belong together.
   *
   * @param name below the column; long names are wrapped or slanted
   * @param values of all runs [n], n at least 1, finite
   * @param mean drawn as a bar and written above the column
   * @param low lower end of the interval of the mean, not finite (NaN) when there is none
   * @param high upper end
   */
  public record Group(String name, double[] values, double mean, double low, double high) {

    /**
     * @throws IllegalArgumentException when there are no values, a value or the mean is not finite,
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
   * Draws the groups from left to right. Dots are moved sideways a little, always in the same way,
   * so that equal runs can be told apart.
   *
   * @param title above the plot
   * @param yTitle title of the y axis, with its unit
   * @param groups at least one; up to about ten are readable
   * @return an image of 900 x 520 pixels
   * @throws IllegalArgumentException when there are no groups
   */
  public static BufferedImage draw(String title, String yTitle, List<Group> groups) {
    if (groups.isEmpty()) {
      throw new IllegalArgumentException("no groups to plot");
    }
    BufferedImage image = Canvas.white(WIDTH, HEIGHT);
    Graphics2D graphics = Canvas.graphics(image);
    // The y axis takes some 90 pixels; the labels must be known before the frame is.
    double expected = (WIDTH - 110.0) / groups.size();
    AxisLabels labels =
        AxisLabels.fit(graphics, groups.stream().map(Group::name).toList(), expected);
    DoubleStream all =
        groups.stream()
            .flatMapToDouble(
                g ->
                    DoubleStream.concat(
                        DoubleStream.of(g.values()), DoubleStream.of(g.mean(), g.low(), g.high())));
    int bottom = HEIGHT - BOTTOM_MARGIN - labels.height();
    PlotFrame frame = PlotFrame.around(graphics, all, WIDTH, TOP, bottom);
    frame.draw(graphics, title, yTitle);
    double column = (double) frame.width() / groups.size();
    for (int i = 0; i < groups.size(); i++) {
      double centre = frame.left() + (i + 0.5) * column;
      drawGroup(graphics, frame, groups.get(i), Canvas.series(i), centre, column);
      labels.draw(graphics, i, centre, frame.bottom() + 8.0);
    }
    drawMeans(graphics, frame, groups, column);
    graphics.dispose();
    return image;
  }

  private static void drawGroup(
      Graphics2D graphics,
      PlotFrame frame,
      Group group,
      Color colour,
      double centre,
      double column) {
    double unit = Math.min(column, WIDEST);
    double spread = 0.34 * unit;
    double dots = centre - 0.14 * unit;
    for (int i = 0; i < group.values().length; i++) {
      double x = dots + (i * GOLDEN % 1 - 0.5) * spread;
      graphics.setColor(
          new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), DOTS_ALPHA));
      frame.dot(graphics, x, group.values()[i], RADIUS);
    }
    double x = centre + 0.24 * unit;
    double bar = Math.min(14, 0.14 * unit);
    graphics.setColor(Canvas.ink());
    graphics.setStroke(new BasicStroke(1.8f));
    frame.whiskers(graphics, x, group.low(), group.high());
    graphics.setStroke(new BasicStroke(4, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
    double y = frame.y(group.mean());
    graphics.draw(new Line2D.Double(x - bar, y, x + bar, y));
  }

  /** The means as numbers above the columns, where columns are wide enough for them. */
  private static void drawMeans(
      Graphics2D graphics, PlotFrame frame, List<Group> groups, double column) {
    graphics.setFont(Canvas.font(Font.PLAIN, 13));
    graphics.setColor(Canvas.ink());
    FontMetrics metrics = graphics.getFontMetrics();
    List<String> texts = groups.stream().map(g -> Numbers.fixed(g.mean(), 4)).toList();
    if (texts.stream().anyMatch(text -> metrics.stringWidth(text) > column - 4)) {
      return;
    }
    int baseline = frame.top() - 8;
    graphics.drawString("mean", frame.left() - 8 - metrics.stringWidth("mean"), baseline);
    for (int i = 0; i < texts.size(); i++) {
      double x = frame.left() + (i + 0.5) * column - metrics.stringWidth(texts.get(i)) / 2.0;
      graphics.drawString(texts.get(i), (float) x, baseline);
    }
  }
}
