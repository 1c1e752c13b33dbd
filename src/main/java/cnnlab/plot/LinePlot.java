package cnnlab.plot;

import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Lines of y against x, with or without intervals, in one panel or in several panels below each
 * other. If several lines without intervals share a panel, the first is wide and pale and lies
 * below the others, so that coinciding lines are all visible.
 */
public final class LinePlot {
  private static final int SINGLE = 250;
  private static final int STACKED = 180;
  private static final int GAP = 10;
  private static final int Y_TICK = 26;
  private static final int X_TICKS = 9;
  private static final int X_INSET = 14;
  private static final double DODGE = 4;
  private static final int MOST_MARKED = 60;

  private final List<Panel> panels;
  private final List<String> names;

  private LinePlot(List<Panel> panels) {
    this.panels = panels;
    this.names =
        panels.stream()
            .flatMap(p -> p.series.stream().filter(s -> s.isShown(p.x, p.y)))
            .map(Series::name)
            .distinct()
            .toList();
  }

  /**
   * An axis.
   *
   * @param title the title, with its unit
   * @param logarithmic whether the axis is logarithmic; values of 0 or less are then not shown
   */
  public record Axis(String title, boolean logarithmic) {}

  /**
   * A line.
   *
   * @param name the name in the legend, the same in all panels
   * @param x positions [n], ascending
   * @param y values [n]; a value that cannot be shown leaves a gap
   * @param low lower ends of the intervals [n], NaN for no interval; an empty array for a line
   *     without intervals
   * @param high upper ends, as many
   */
  public record Series(String name, double[] x, double[] y, double[] low, double[] high) {

    /**
     * @throws IllegalArgumentException if the arrays differ in length
     */
    public Series {
      boolean plain = low.length == 0 && high.length == 0;
      if (x.length != y.length || !plain && (x.length != low.length || x.length != high.length)) {
        throw new IllegalArgumentException(
            "series %s: %d x values, %d y values, %d lower and %d upper ends"
                .formatted(name, x.length, y.length, low.length, high.length));
      }
    }

    /** A line without intervals. */
    public Series(String name, double[] x, double[] y) {
      this(name, x, y, new double[0], new double[0]);
    }

    private boolean isShown(Axis xAxis, Axis yAxis) {
      return IntStream.range(0, x.length).anyMatch(i -> isShown(i, xAxis, yAxis));
    }

    private boolean isShown(int i, Axis xAxis, Axis yAxis) {
      return AxisScale.isShown(x[i], xAxis.logarithmic)
          && AxisScale.isShown(y[i], yAxis.logarithmic);
    }
  }

  /**
   * A panel.
   *
   * @param title the title
   * @param x axis
   * @param y axis
   * @param series the lines, drawn in this order
   */
  public record Panel(String title, Axis x, Axis y, List<Series> series) {}

  /**
   * Draws the panels below each other, with one legend for all.
   *
   * @param panels at least one
   * @return a picture, 960 pixels wide
   * @throws IllegalArgumentException if there are no panels or no points, or an x value is not
   *     finite (or not positive on a logarithmic axis)
   */
  public static Picture draw(List<Panel> panels) {
    if (panels.isEmpty()) {
      throw new IllegalArgumentException("no panels to plot");
    }
    panels.forEach(LinePlot::check);
    return new LinePlot(panels).draw();
  }

  private static void check(Panel panel) {
    double[] positions = positions(panel);
    if (positions.length == 0) {
      throw new IllegalArgumentException("no points to plot");
    }
    if (!DoubleStream.of(positions).allMatch(x -> AxisScale.isShown(x, panel.x.logarithmic))) {
      throw new IllegalArgumentException(
          "x values from %s to %s, expected finite values%s"
              .formatted(
                  positions[0],
                  positions[positions.length - 1],
                  panel.x.logarithmic ? " above 0 for a logarithmic axis" : ""));
    }
  }

  private static double[] positions(Panel panel) {
    return panel.series.stream()
        .flatMapToDouble(s -> DoubleStream.of(s.x))
        .sorted()
        .distinct()
        .toArray();
  }

  private Picture draw() {
    Graphics2D measure = PlotStyle.measure();
    List<Title> titles =
        panels.stream().map(p -> Title.of(measure, p.title, PlotStyle.WIDTH)).toList();
    List<Legend.Entry> entries =
        names.size() < 2 ? List.of() : names.stream().map(this::entry).toList();
    Legend legend = Legend.of(measure, entries, PlotStyle.WIDTH);
    measure.dispose();
    int inner = panels.size() == 1 ? SINGLE : STACKED;
    int plots =
        titles.stream().mapToInt(Title::height).sum() + panels.size() * (inner + PlotFrame.BELOW);
    BufferedImage image = PlotStyle.white(PlotStyle.WIDTH, plots + legend.height() + GAP);
    Graphics2D graphics = PlotStyle.graphics(image);
    int top = 0;
    for (int p = 0; p < panels.size(); p++) {
      Graphics2D part = (Graphics2D) graphics.create();
      part.translate(0, top);
      titles.get(p).draw(part);
      draw(part, panels.get(p), titles.get(p).height(), titles.get(p).height() + inner);
      part.dispose();
      top += titles.get(p).height() + inner + PlotFrame.BELOW;
    }
    legend.draw(graphics, plots);
    graphics.dispose();
    return new Picture(image);
  }

  private Legend.Entry entry(String name) {
    List<Series> all =
        panels.stream().flatMap(p -> p.series.stream()).filter(s -> s.name.equals(name)).toList();
    boolean under = names.indexOf(name) == 0 && all.get(0).low.length == 0;
    return SeriesStyle.lineEntry(
        name, names.indexOf(name), under, all.stream().allMatch(LinePlot::isMarked));
  }

  private static boolean isMarked(Series series) {
    return series.x.length <= MOST_MARKED;
  }

  private void draw(Graphics2D graphics, Panel panel, int top, int bottom) {
    DoubleStream values =
        panel.series.stream()
            .flatMap(s -> Stream.of(s.y, s.low, s.high))
            .flatMapToDouble(Arrays::stream);
    AxisScale y =
        AxisScale.around(values, panel.y.logarithmic, Math.max(2, (bottom - top) / Y_TICK));
    double[] positions = positions(panel);
    AxisScale x = AxisScale.around(DoubleStream.of(positions), panel.x.logarithmic, X_TICKS);
    if (positions.length <= X_TICKS) {
      x = x.marked(Ticks.at(positions));
    }
    PlotFrame frame =
        PlotFrame.between(
            graphics,
            PlotStyle.MARGIN,
            PlotStyle.WIDTH - PlotStyle.MARGIN - X_INSET,
            top,
            bottom,
            x,
            y,
            true);
    frame.draw(graphics, panel.x.title, panel.y.title);
    List<Series> shown = panel.series.stream().filter(s -> s.isShown(panel.x, panel.y)).toList();
    boolean dodged = shown.stream().anyMatch(s -> s.low.length > 0);
    for (int i = 0; i < shown.size(); i++) {
      int index = names.indexOf(shown.get(i).name);
      double aside = dodged ? (i - (shown.size() - 1) / 2.0) * DODGE : 0;
      boolean under = index == 0 && !dodged && names.size() > 1;
      draw(graphics, frame, panel, shown.get(i), index, aside, under);
    }
  }

  private static void draw(
      Graphics2D graphics,
      PlotFrame frame,
      Panel panel,
      Series series,
      int index,
      double aside,
      boolean under) {
    SeriesStyle.line(graphics, index, under);
    for (int i = 0; i < series.x.length; i++) {
      if (!series.isShown(i, panel.x, panel.y)) {
        continue;
      }
      double x = frame.x(series.x[i]) + aside;
      if (i > 0 && series.isShown(i - 1, panel.x, panel.y)) {
        graphics.draw(
            new Line2D.Double(
                frame.x(series.x[i - 1]) + aside,
                frame.y(series.y[i - 1]),
                x,
                frame.y(series.y[i])));
      }
      if (series.low.length > 0) {
        frame.interval(graphics, x, series.low[i], series.high[i]);
      }
    }
    for (int i = 0; i < series.x.length; i++) {
      boolean alone =
          (i == 0 || !series.isShown(i - 1, panel.x, panel.y))
              && (i + 1 == series.x.length || !series.isShown(i + 1, panel.x, panel.y));
      if (series.isShown(i, panel.x, panel.y) && (isMarked(series) || alone)) {
        SeriesStyle.mark(graphics, index, frame.x(series.x[i]) + aside, frame.y(series.y[i]));
      }
    }
  }
}
