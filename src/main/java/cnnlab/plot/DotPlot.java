package cnnlab.plot;

import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * Values over several orders of magnitude, by category and series, as dots on a logarithmic axis,
 * labelled with their values. Bars are not possible, because a logarithmic axis has no zero.
 */
public final class DotPlot {
  private static final int HEAD = 24;
  private static final int ROW = 19;
  private static final int GAP = 8;
  private static final int TICKS = 7;
  private static final MathContext DIGITS = new MathContext(3);

  private DotPlot() {}

  /**
   * Draws a row for each value; the series of a category are below each other.
   *
   * @param title the title
   * @param xTitle title of the axis, with its unit
   * @param series the values of each series by category; missing categories and values that are not
   *     positive have no row
   * @return a picture, 960 pixels wide
   * @throws IllegalArgumentException if there are no values
   */
  public static Picture draw(String title, String xTitle, Map<String, Map<String, Double>> series) {
    List<String> names = List.copyOf(series.keySet());
    List<Row> rows = new ArrayList<>();
    series.values().stream()
        .flatMap(values -> values.keySet().stream())
        .distinct()
        .forEach(category -> rows.addAll(rows(category, names, series)));
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("no values above 0 to plot");
    }
    Graphics2D measure = PlotStyle.measure();
    Title head = Title.of(measure, title, PlotStyle.WIDTH);
    FontMetrics metrics = measure.getFontMetrics(PlotStyle.textFont());
    int number = rows.stream().mapToInt(r -> metrics.stringWidth(r.text())).max().orElse(0);
    AxisScale x =
        AxisScale.around(rows.stream().flatMapToDouble(r -> DoubleStream.of(r.value)), true, TICKS);
    RowFrame layout =
        RowFrame.of(
            measure,
            rows.stream().map(Row::name).toList(),
            PlotStyle.WIDTH - PlotStyle.MARGIN - number - GAP,
            head.height(),
            ROW,
            x);
    measure.dispose();
    int[] heights = rows.stream().mapToInt(r -> r.series < 0 ? HEAD : ROW).toArray();
    layout = new RowFrame(layout.left(), layout.right(), layout.top(), heights, layout.names(), x);
    BufferedImage image = PlotStyle.white(PlotStyle.WIDTH, layout.bottom() + PlotFrame.BELOW + GAP);
    Graphics2D graphics = PlotStyle.graphics(image);
    head.draw(graphics);
    layout.draw(
        graphics, xTitle + ", logarithmic scale", rows.stream().map(r -> r.series < 0).toList());
    for (int r = 0; r < rows.size(); r++) {
      Row row = rows.get(r);
      if (row.series >= 0) {
        double y = layout.y(r);
        SeriesStyle.mark(graphics, row.series, layout.x(row.value), y);
        graphics.setFont(metrics.getFont());
        graphics.setColor(PlotStyle.ink());
        float left = PlotStyle.WIDTH - PlotStyle.MARGIN - metrics.stringWidth(row.text());
        graphics.drawString(row.text(), left, (float) (y + PlotStyle.middle(metrics)));
      }
    }
    graphics.dispose();
    return new Picture(image);
  }

  /** The header of a category and its values; empty without values. */
  private static List<Row> rows(
      String category, List<String> names, Map<String, Map<String, Double>> series) {
    List<Row> rows = new ArrayList<>();
    for (int s = 0; s < names.size(); s++) {
      Double value = series.get(names.get(s)).get(category);
      if (value != null && AxisScale.isShown(value, true)) {
        rows.add(new Row(names.get(s), s, value));
      }
    }
    if (!rows.isEmpty()) {
      rows.add(0, new Row(category, -1, Double.NaN));
    }
    return rows;
  }

  /** A value, or the header of a category, whose {@code series} is -1. */
  private record Row(String name, int series, double value) {
    String text() {
      return series < 0 ? "" : Ticks.text(BigDecimal.valueOf(value).round(DIGITS).doubleValue());
    }
  }
}
