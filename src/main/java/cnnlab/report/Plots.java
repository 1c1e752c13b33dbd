package cnnlab.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Plots of lines and bars as images, drawn without a display. */
public final class Plots {

  private static final int TRAINING_WIDTH = 1200;
  private static final int TRAINING_HEIGHT = 480;
  private static final int LINES_WIDTH = 900;
  private static final int LINES_HEIGHT = 520;
  private static final float LINE_WIDTH = 2.2f;
  private static final int TICK_SPACING = 60;
  private static final int TICK_DIGITS = 6;
  private static final int MAX_MARKED_POINTS = 60;

  private Plots() {}

  /**
   * One line of a plot.
   *
   * @param name shown in the legend
   * @param x positions [n]
   * @param y values [n]; a value that is not finite leaves a gap
   */
  public record Series(String name, double[] x, double[] y) {

    /**
     * @throws IllegalArgumentException when x and y differ in length
     */
    public Series {
      if (x.length != y.length) {
        throw new IllegalArgumentException(
            "series %s: %d x values and %d y values".formatted(name, x.length, y.length));
      }
    }
  }

  /**
   * One line of a plot with error bars.
   *
   * @param name shown in the legend
   * @param x positions [n], ascending
   * @param y values [n]; a value that is not finite leaves a gap
   * @param low lower ends of the bars [n]; NaN where there is none
   * @param high upper ends [n]
   */
  public record ErrorSeries(String name, double[] x, double[] y, double[] low, double[] high) {

    /**
     * @throws IllegalArgumentException when the arrays differ in length
     */
    public ErrorSeries {
      if (x.length != y.length || x.length != low.length || x.length != high.length) {
        throw new IllegalArgumentException(
            "series %s: %d x values, %d y values, %d lower and %d upper ends"
                .formatted(name, x.length, y.length, low.length, high.length));
      }
    }
  }

  /**
   * Training curves side by side: loss left, accuracy right, each for training and validation.
   * Curves that were not measured (all NaN) are left out.
   *
   * @param history one point per epoch, in order
   * @return an image of 1200 x 480 pixels
   * @throws IllegalArgumentException when the history is empty
   */
  public static BufferedImage training(List<EpochPoint> history) {
    if (history.isEmpty()) {
      throw new IllegalArgumentException("no epochs to plot");
    }
    BufferedImage image = Canvas.white(TRAINING_WIDTH, TRAINING_HEIGHT);
    int half = TRAINING_WIDTH / 2;
    XYChart loss = epochChart("Loss", history, EpochPoint::trainLoss, EpochPoint::validationLoss);
    XYChart accuracy =
        epochChart("Accuracy", history, EpochPoint::trainAccuracy, EpochPoint::validationAccuracy);
    paint(loss, image, 0, half, TRAINING_HEIGHT);
    paint(accuracy, image, half, half, TRAINING_HEIGHT);
    return image;
  }

  /**
   * A plot of lines over a common x axis.
   *
   * @param title above the plot
   * @param xTitle title of the x axis, with its unit
   * @param yTitle title of the y axis, with its unit
   * @param series the lines, drawn in this order
   * @param logY whether the y axis is logarithmic; values of 0 or less then leave a gap
   * @return an image of 900 x 520 pixels
   * @throws IllegalArgumentException when two series have the same name
   */
  public static BufferedImage lines(
      String title, String xTitle, String yTitle, List<Series> series, boolean logY) {
    BufferedImage image = Canvas.white(LINES_WIDTH, LINES_HEIGHT);
    XYChart chart = chart(title, xTitle, yTitle, LINES_WIDTH, LINES_HEIGHT);
    int added = add(chart, series, logY);
    // XChart cannot lay out a logarithmic axis without data.
    chart.getStyler().setYAxisLogarithmic(logY && added > 0);
    if (!logY) {
      plainTicks(chart);
    }
    paint(chart, image, 0, LINES_WIDTH, LINES_HEIGHT);
    return image;
  }

  /**
   * Lines with error bars, such as accuracy against the number of training images. Every measured x
   * is marked on the axis; the series stand a few pixels apart, so that their bars can be seen.
   *
   * @param title above the plot
   * @param xTitle title of the x axis, with its unit
   * @param yTitle title of the y axis, with its unit
   * @param series the lines, drawn in this order
   * @param logX whether the x axis is logarithmic
   * @return an image of 900 x 520 pixels
   * @throws IllegalArgumentException when there are no points, or an x is not finite (or not above
   *     0 on a logarithmic axis)
   */
  public static BufferedImage errorBars(
      String title, String xTitle, String yTitle, List<ErrorSeries> series, boolean logX) {
    return ErrorBarPlot.draw(title, xTitle, yTitle, series, logX);
  }

  /**
   * Grouped bars.
   *
   * @param title above the plot
   * @param yTitle title of the y axis, with its unit
   * @param series for each series its values by category; a category that a series lacks, and a
   *     value that is not positive, leave a gap
   * @param logY whether the y axis is logarithmic; otherwise it begins at 0
   * @return an image of 900 x 520 pixels
   */
  public static BufferedImage bars(
      String title, String yTitle, Map<String, Map<String, Double>> series, boolean logY) {
    return BarChart.draw(title, yTitle, series, logY);
  }

  private static XYChart epochChart(
      String measure,
      List<EpochPoint> history,
      ToDoubleFunction<EpochPoint> train,
      ToDoubleFunction<EpochPoint> validation) {
    XYChart chart =
        chart(measure + " per epoch", "Epoch", measure, TRAINING_WIDTH / 2, TRAINING_HEIGHT);
    double[] epochs = history.stream().mapToDouble(EpochPoint::epoch).toArray();
    List<Series> series =
        List.of(
            new Series("training", epochs, history.stream().mapToDouble(train).toArray()),
            new Series("validation", epochs, history.stream().mapToDouble(validation).toArray()));
    add(chart, series, false);
    double first = epochs[0];
    double last = epochs[epochs.length - 1];
    double margin = last > first ? Math.max(0.5, 0.03 * (last - first)) : 1;
    XYStyler styler = chart.getStyler();
    styler.setXAxisMin(first - margin).setXAxisMax(last + margin);
    // XChart takes the next round step above the hint; a little less than an epoch gives 1, not
    // 0.5.
    double pixelsPerEpoch = TRAINING_WIDTH / 2.5 / (last - first + 2 * margin);
    styler.setXAxisTickMarkSpacingHint((int) Math.max(TICK_SPACING, 0.8 * pixelsPerEpoch));
    styler.setXAxisDecimalPattern("0");
    plainTicks(chart);
    return chart;
  }

  /** XChart by itself writes 0.08 as .08, beside 0.1. */
  private static void plainTicks(XYChart chart) {
    chart.getStyler().setYAxisTickLabelsFormattingFunction(Plots::tick);
  }

  static String tick(double value) {
    if (value == 0) {
      return "0";
    }
    BigDecimal rounded =
        BigDecimal.valueOf(value).round(new MathContext(TICK_DIGITS)).stripTrailingZeros();
    boolean readable = Math.abs(value) >= 1e-5 && Math.abs(value) < 1e7;
    return readable ? rounded.toPlainString() : rounded.toString();
  }

  private static XYChart chart(String title, String xTitle, String yTitle, int width, int height) {
    XYChart chart =
        new XYChartBuilder()
            .width(width)
            .height(height)
            .title(title)
            .xAxisTitle(xTitle)
            .yAxisTitle(yTitle)
            .build();
    XYStyler styler = chart.getStyler();
    styler.setLocale(Locale.ROOT);
    styler.setChartBackgroundColor(Color.WHITE).setPlotBackgroundColor(Color.WHITE);
    styler.setChartFontColor(Canvas.ink()).setPlotBorderColor(Canvas.faint());
    styler.setChartTitleBoxVisible(false).setChartTitleFont(Canvas.font(Font.BOLD, 17));
    styler.setAxisTitleFont(Canvas.font(Font.PLAIN, 15));
    styler.setAxisTickLabelsFont(Canvas.font(Font.PLAIN, 13));
    styler.setPlotGridLinesColor(Canvas.faint());
    // Below the plot, where it cannot cover a curve.
    styler.setLegendPosition(Styler.LegendPosition.OutsideS);
    styler.setLegendLayout(Styler.LegendLayout.Horizontal);
    styler.setLegendFont(Canvas.font(Font.PLAIN, 14)).setLegendBorderColor(Color.WHITE);
    styler.setMarkerSize(7).setChartPadding(12);
    return chart;
  }

  /** Adds the series that have something to show; returns how many. */
  private static int add(XYChart chart, List<Series> series, boolean logY) {
    Marker[] markers = {
      SeriesMarkers.CIRCLE, SeriesMarkers.SQUARE, SeriesMarkers.TRIANGLE_UP, SeriesMarkers.DIAMOND
    };
    int added = 0;
    for (int i = 0; i < series.size(); i++) {
      Series line = series.get(i);
      double[] y = Arrays.stream(line.y()).map(value -> visible(value, logY)).toArray();
      if (DoubleStream.of(y).allMatch(Double::isNaN)) {
        continue;
      }
      XYSeries drawn = chart.addSeries(line.name(), line.x(), y);
      drawn.setMarkerColor(Canvas.series(i));
      drawn.setLineColor(Canvas.series(i)).setLineWidth(LINE_WIDTH);
      boolean marked = y.length <= MAX_MARKED_POINTS;
      drawn.setMarker(marked ? markers[i % markers.length] : SeriesMarkers.NONE);
      added++;
    }
    return added;
  }

  private static double visible(double value, boolean logY) {
    return Double.isFinite(value) && (!logY || value > 0) ? value : Double.NaN;
  }

  private static void paint(XYChart chart, BufferedImage image, int left, int width, int height) {
    Graphics2D graphics = (Graphics2D) Canvas.graphics(image).create(left, 0, width, height);
    chart.paint(graphics, width, height);
    graphics.dispose();
  }
}
