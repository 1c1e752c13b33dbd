package cnnlab.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Parallel coordinates (Inselberg 1985): a vertical axis for each factor, a last one for the score,
 * and a line for each point that was tried.
 */
public final class ParallelPlot {
  private static final int SPACING = 85;
  private static final int HEIGHT = 280;
  private static final int RIGHT = 44;
  private static final int MOST_NAMES = 130;
  private static final int SCORE_TICKS = 8;
  private static final int TICK = 4;
  private static final int GAP = 8;
  private static final double SPREAD = 5;
  private static final double GOLDEN = 0.618033988749895;

  /** Colours from the worst score to the best; the best line has its own colour. */
  private static final Color WORST = new Color(0xC9DDF0);

  private static final Color GOOD = new Color(0x08306B);
  private static final Color BEST = new Color(0xD55E00);
  private static final Color DROPPED = new Color(0xD0D0D0);

  private final List<Axis> axes;
  private final Scale scale;
  private final int width;
  private final int left;
  private final int top;
  private final double step;

  private ParallelPlot(Graphics2D measure, List<Axis> axes, Scale scale, int titleHeight) {
    this.axes = axes;
    this.scale = scale;
    FontMetrics metrics = measure.getFontMetrics(PlotStyle.textFont());
    int widest =
        axes.get(0).marks.stream().mapToInt(m -> metrics.stringWidth(m.text)).max().orElse(0);
    this.left = PlotStyle.MARGIN + Math.max(RIGHT, Math.min(MOST_NAMES, widest)) + 2 * TICK;
    this.width = Math.max(PlotStyle.WIDTH, left + SPACING * axes.size() + RIGHT + PlotStyle.MARGIN);
    this.step = (double) (width - left - RIGHT - PlotStyle.MARGIN) / axes.size();
    int lines = axes.stream().mapToInt(a -> name(metrics, a.name).size()).max().orElse(1);
    this.top = titleHeight + lines * metrics.getHeight() + GAP;
  }

  /**
   * A labelled position on an axis.
   *
   * @param place 0 at the bottom to 1 at the top
   */
  public record Mark(double place, String text) {}

  /**
   * A factor that was varied.
   *
   * @param name the title of the axis
   * @param marks the labelled positions, ascending
   * @param few whether there are no other positions, so that lines would cover each other
   */
  public record Axis(String name, List<Mark> marks, boolean few) {}

  /**
   * A point that was tried.
   *
   * @param places the position on each axis, in [0, 1]
   * @param score the score; NaN for a point without a score, whose line is grey and ends before the
   *     score axis
   */
  public record Line(double[] places, double score) {}

  /**
   * Draws the lines: better ones are darker and on top, the best has another colour.
   *
   * @param title the title
   * @param axes the axes, at least one
   * @param scoreName the title of the last axis
   * @param maximise whether higher is better; the better end of the last axis is at the top
   * @param lines the lines, at least one with a score
   * @return a picture, 960 pixels wide, or wider for more than four axes
   * @throws IllegalArgumentException if there is no axis or no score
   */
  public static Picture draw(
      String title, List<Axis> axes, String scoreName, boolean maximise, List<Line> lines) {
    double[] scores =
        lines.stream().mapToDouble(Line::score).filter(Double::isFinite).sorted().toArray();
    if (axes.isEmpty() || scores.length == 0) {
      throw new IllegalArgumentException(
          "%d axes and %d scores to plot, expected at least one of each"
              .formatted(axes.size(), scores.length));
    }
    Scale scale = Scale.of(scores[0], scores[scores.length - 1], maximise);
    List<Axis> all = new ArrayList<>(axes);
    all.add(new Axis(scoreName, scale.marks(), false));
    Graphics2D measure = PlotStyle.measure();
    ParallelPlot plot =
        new ParallelPlot(measure, axes, scale, Title.of(measure, title, PlotStyle.WIDTH).height());
    Legend legend = Legend.of(measure, entries(scores.length < lines.size()), plot.width);
    measure.dispose();
    BufferedImage image =
        PlotStyle.white(plot.width, plot.bottom() + 2 * GAP + legend.height() + GAP);
    Graphics2D graphics = PlotStyle.graphics(image);
    Title.of(graphics, title, plot.width).draw(graphics);
    List<Integer> order =
        IntStream.range(0, lines.size())
            .boxed()
            .sorted(Comparator.comparingDouble(i -> rank(lines.get(i), scale)))
            .toList();
    for (int k = 0; k < order.size(); k++) {
      int i = order.get(k);
      plot.drawLine(graphics, lines.get(i), i, k == order.size() - 1);
    }
    for (int a = 0; a < all.size(); a++) {
      plot.drawAxis(graphics, a, all.get(a));
    }
    legend.draw(graphics, plot.bottom() + 2 * GAP);
    graphics.dispose();
    return new Picture(image);
  }

  private static List<Legend.Entry> entries(boolean dropped) {
    List<Legend.Entry> entries = new ArrayList<>();
    entries.add(lineEntry("best point", BEST, true));
    entries.add(
        new Legend.Entry(
            "score from worst to best",
            (graphics, left, middle) -> {
              for (int i = 0; i < Legend.SAMPLE; i++) {
                graphics.setColor(PlotStyle.mix(WORST, GOOD, (double) i / (Legend.SAMPLE - 1)));
                graphics.fill(new Rectangle2D.Double(left + i, middle - 4, 1.2, 8));
              }
            }));
    if (dropped) {
      entries.add(lineEntry("no score", DROPPED, false));
    }
    return entries;
  }

  private static Legend.Entry lineEntry(String text, Color colour, boolean best) {
    return new Legend.Entry(
        text,
        (graphics, left, middle) -> {
          graphics.setColor(colour);
          graphics.setStroke(stroke(best));
          graphics.draw(new Line2D.Double(left + 2, middle, left + Legend.SAMPLE - 2.0, middle));
        });
  }

  private static BasicStroke stroke(boolean best) {
    return new BasicStroke(best ? 2.4f : 1.2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
  }

  /** The scale of the score axis: better scores are higher. */
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
      Ticks ticks = Ticks.linear(low, high, SCORE_TICKS);
      return IntStream.range(0, ticks.values().length)
          .mapToObj(i -> new Mark(place(ticks.values()[i]), ticks.texts().get(i)))
          .toList();
    }
  }

  private static double rank(Line line, Scale scale) {
    return Double.isFinite(line.score) ? scale.place(line.score) : -1;
  }

  private void drawLine(Graphics2D graphics, Line line, int index, boolean best) {
    boolean scored = Double.isFinite(line.score);
    Path2D path = new Path2D.Double();
    for (int a = 0; a < axes.size(); a++) {
      double aside = axes.get(a).few ? (index * GOLDEN % 1 - 0.5) * 2 * SPREAD : 0;
      double y = y(line.places[a]) + aside;
      if (a == 0) {
        path.moveTo(left, y);
      } else {
        path.lineTo(left + a * step, y);
      }
    }
    if (scored) {
      path.lineTo(left + axes.size() * step, y(scale.place(line.score)));
    }
    graphics.setColor(
        best ? BEST : scored ? PlotStyle.mix(WORST, GOOD, scale.place(line.score)) : DROPPED);
    graphics.setStroke(stroke(best));
    graphics.draw(path);
  }

  /** The name of an axis, wrapped so that it does not touch its neighbours. */
  private List<String> name(FontMetrics metrics, String name) {
    return AxisLabels.wrap(name, metrics, step - GAP).stream()
        .map(line -> AxisLabels.cut(line, metrics, step - GAP))
        .toList();
  }

  private void drawAxis(Graphics2D graphics, int index, Axis axis) {
    double x = left + index * step;
    graphics.setColor(PlotStyle.ink());
    graphics.setStroke(new BasicStroke(1));
    graphics.draw(new Line2D.Double(x, top, x, bottom()));
    graphics.setFont(PlotStyle.textFont());
    FontMetrics metrics = graphics.getFontMetrics();
    List<String> lines = name(metrics, axis.name);
    float baseline = top - GAP - metrics.getDescent() - (lines.size() - 1) * metrics.getHeight();
    for (String line : lines) {
      int wide = metrics.stringWidth(line);
      double begin = Math.min(x - wide / 2.0, width - PlotStyle.MARGIN / 2.0 - wide);
      graphics.drawString(line, (float) Math.max(PlotStyle.MARGIN / 2.0, begin), baseline);
      baseline += metrics.getHeight();
    }
    double free = index == 0 ? left - PlotStyle.MARGIN - 2.0 * TICK : step - 4 * TICK;
    for (Mark mark : axis.marks) {
      drawMark(graphics, x, mark, free);
    }
  }

  /** A text on a light background, because lines run below it. */
  private void drawMark(Graphics2D graphics, double x, Mark mark, double free) {
    FontMetrics metrics = graphics.getFontMetrics();
    double y = y(mark.place);
    graphics.setColor(PlotStyle.ink());
    graphics.draw(new Line2D.Double(x - TICK, y, x + TICK, y));
    String text = AxisLabels.cut(mark.text, metrics, free);
    int wide = metrics.stringWidth(text);
    double begin = x - 2 * TICK - wide;
    graphics.setColor(new Color(255, 255, 255, 200));
    graphics.fill(new Rectangle2D.Double(begin - 1, y - 8, wide + 2.0, 16));
    graphics.setColor(PlotStyle.ink());
    graphics.drawString(text, (float) begin, (float) (y + PlotStyle.middle(metrics)));
  }

  private int bottom() {
    return top + HEIGHT;
  }

  private double y(double place) {
    return bottom() - place * HEIGHT;
  }
}
