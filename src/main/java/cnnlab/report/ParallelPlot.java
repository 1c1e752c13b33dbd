package cnnlab.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Parallel coordinates (Inselberg 1985): an upright axis for each thing that was varied, the last
 * for the score, and a line for each point that was tried.
 */
public final class ParallelPlot {
  private static final int SPACING = 165;
  private static final int LEAST_WIDTH = 900;
  private static final int HEIGHT = 520;
  private static final int TOP = 92;
  private static final int BOTTOM = HEIGHT - 34;
  private static final int LEFT = 100;
  private static final int RIGHT = 92;
  private static final int SCORE_TICKS = 8;
  private static final int TICK = 4;
  private static final double SPREAD = 7;
  private static final double GOLDEN = 0.618033988749895;

  /** From the worst score to the best; the best line itself stands out. */
  private static final Color WORST = new Color(0xC9DDF0);

  private static final Color GOOD = new Color(0x08306B);
  private static final Color BEST = new Color(0xD55E00);
  private static final Color DROPPED = new Color(0xD0D0D0);

  private ParallelPlot() {}

  /**
   * A place on an axis that is named.
   *
   * @param place 0 at the bottom to 1 at the top
   */
  public record Mark(double place, String text) {}

  /**
   * Something that was varied.
   *
   * @param name above the axis
   * @param marks with their texts, ascending
   * @param few whether there are only those places, so that lines would cover each other
   */
  public record Axis(String name, List<Mark> marks, boolean few) {}

  /**
   * A point that was tried.
   *
   * @param places on each axis, in [0, 1]
   * @param score NaN for a point without one: it is drawn grey and ends before the score's axis
   */
  public record Line(double[] places, double score) {}

  /**
   * Draws the lines, better ones darker and above, the best in another colour.
   *
   * @param title above the plot
   * @param axes at least one
   * @param scoreName above the last axis
   * @param maximise whether more is better; the better end of the last axis is its top
   * @param lines at least one with a score
   * @return an image 520 pixels high, and 900 wide or more
   * @throws IllegalArgumentException when there is no axis or no score
   */
  public static BufferedImage draw(
      String title, List<Axis> axes, String scoreName, boolean maximise, List<Line> lines) {
    double[] scores =
        lines.stream().mapToDouble(Line::score).filter(Double::isFinite).sorted().toArray();
    if (axes.isEmpty() || scores.length == 0) {
      throw new IllegalArgumentException(
          "%d axes and %d scores to plot, expected at least one of each"
              .formatted(axes.size(), scores.length));
    }
    int width = Math.max(LEAST_WIDTH, LEFT + RIGHT + SPACING * axes.size());
    BufferedImage image = Canvas.white(width, HEIGHT);
    Graphics2D graphics = Canvas.graphics(image);
    PlotFrame.title(graphics, title, 0, width, width);
    Scale scale = Scale.of(scores[0], scores[scores.length - 1], maximise);
    double step = (double) (width - LEFT - RIGHT) / axes.size();
    List<Integer> order =
        IntStream.range(0, lines.size())
            .boxed()
            .sorted(Comparator.comparingDouble(i -> rank(lines.get(i), scale)))
            .toList();
    for (int k = 0; k < order.size(); k++) {
      int i = order.get(k);
      drawLine(graphics, lines.get(i), i, axes, scale, step, k == order.size() - 1);
    }
    for (int a = 0; a <= axes.size(); a++) {
      boolean last = a == axes.size();
      drawAxis(
          graphics,
          LEFT + a * step,
          last ? scoreName : axes.get(a).name(),
          last ? scale.marks() : axes.get(a).marks(),
          step);
    }
    graphics.dispose();
    return image;
  }

  /** Places of scores: the better the higher. */
  private record Scale(double low, double high, boolean maximise) {
    static Scale of(double least, double most, boolean maximise) {
      double margin = Ticks.tooClose(least, most) ? Ticks.room(most) : 0;
      return new Scale(least - margin, most + margin, maximise);
    }

    double place(double score) {
      double share = (score - low) / (high - low);
      return maximise ? share : 1 - share;
    }

    List<Mark> marks() {
      Ticks ticks = Ticks.between(low, high, SCORE_TICKS);
      return IntStream.range(0, ticks.values().length)
          .mapToObj(i -> new Mark(place(ticks.values()[i]), ticks.text(i)))
          .toList();
    }
  }

  private static double rank(Line line, Scale scale) {
    return Double.isFinite(line.score) ? scale.place(line.score) : -1;
  }

  private static void drawLine(
      Graphics2D graphics,
      Line line,
      int index,
      List<Axis> axes,
      Scale scale,
      double step,
      boolean best) {
    boolean scored = Double.isFinite(line.score);
    Path2D path = new Path2D.Double();
    for (int a = 0; a < axes.size(); a++) {
      double aside = axes.get(a).few ? (index * GOLDEN % 1 - 0.5) * 2 * SPREAD : 0;
      double y = y(line.places[a]) + aside;
      if (a == 0) {
        path.moveTo(LEFT, y);
      } else {
        path.lineTo(LEFT + a * step, y);
      }
    }
    if (scored) {
      path.lineTo(LEFT + axes.size() * step, y(scale.place(line.score)));
    }
    graphics.setColor(best ? BEST : scored ? colour(scale.place(line.score)) : DROPPED);
    graphics.setStroke(
        new BasicStroke(best ? 3.2f : 1.6f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    graphics.draw(path);
  }

  private static Color colour(double place) {
    double[] mixed =
        IntStream.range(0, 3)
            .mapToDouble(
                c -> {
                  float[] from = WORST.getRGBColorComponents(null);
                  float[] to = GOOD.getRGBColorComponents(null);
                  return from[c] + place * (to[c] - from[c]);
                })
            .toArray();
    return new Color((float) mixed[0], (float) mixed[1], (float) mixed[2]);
  }

  private static void drawAxis(
      Graphics2D graphics, double x, String name, List<Mark> marks, double step) {
    graphics.setColor(Canvas.ink());
    graphics.setStroke(new BasicStroke(1.4f));
    graphics.draw(new Line2D.Double(x, TOP, x, BOTTOM));
    graphics.setFont(PlotFrame.axisFont());
    FontMetrics metrics = graphics.getFontMetrics();
    String shown = AxisLabels.cut(name, metrics, step - 12);
    double left = Math.max(8, x - metrics.stringWidth(shown) / 2.0);
    graphics.drawString(shown, (float) left, TOP - 16f);
    graphics.setFont(PlotFrame.tickFont());
    for (Mark mark : marks) {
      drawMark(graphics, x, mark, step);
    }
  }

  /** Its text on a light ground, as lines run below it. */
  private static void drawMark(Graphics2D graphics, double x, Mark mark, double step) {
    FontMetrics metrics = graphics.getFontMetrics();
    double y = y(mark.place);
    graphics.setColor(Canvas.ink());
    graphics.draw(new Line2D.Double(x - TICK, y, x + TICK, y));
    String text = AxisLabels.cut(mark.text, metrics, Math.min(step, LEFT) - 3 * TICK);
    int width = metrics.stringWidth(text);
    double left = x - 2 * TICK - width;
    graphics.setColor(new Color(255, 255, 255, 190));
    graphics.fillRect((int) left - 2, (int) y - 8, width + 4, 16);
    graphics.setColor(Canvas.ink());
    graphics.drawString(text, (float) left, (float) y + metrics.getAscent() / 2f - 1);
  }

  private static double y(double place) {
    return BOTTOM - place * (BOTTOM - TOP);
  }
}
