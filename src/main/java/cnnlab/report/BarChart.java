package cnnlab.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * Grouped bars with their values above them. Drawn here because XChart refuses a logarithmic axis
 * when a category has no value.
 */
final class BarChart {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 520;
  private static final int LEFT = 96;
  private static final int RIGHT = WIDTH - 24;
  private static final int TOP = 64;
  private static final int BOTTOM = HEIGHT - 84;
  private static final int LABEL_DIGITS = 3;
  private static final int SWATCH = 13;
  private static final int LEGEND_GAP = 28;

  /** Share of a category's width that its bars take. */
  private static final double FILLED = 0.86;

  private final Map<String, Map<String, Double>> series;
  private final List<String> categories;
  private final boolean log;
  private final double low;
  private final double high;
  private final Graphics2D graphics;

  private BarChart(Map<String, Map<String, Double>> series, boolean log, Graphics2D graphics) {
    this.series = series;
    this.log = log;
    this.graphics = graphics;
    this.categories =
        series.values().stream().flatMap(m -> m.keySet().stream()).distinct().toList();
    double[] drawn =
        series.values().stream()
            .flatMap(m -> m.values().stream())
            .filter(this::isDrawn)
            .mapToDouble(Double::doubleValue)
            .toArray();
    double largest = DoubleStream.of(drawn).max().orElse(1);
    double smallest = DoubleStream.of(drawn).min().orElse(largest);
    // The smallest bar, too, is to have a height; the largest leaves room for its label.
    this.low = log ? Math.pow(10, Math.floor(Math.log10(smallest * 0.7))) : 0;
    this.high = log ? largest * Math.pow(largest / low, 0.06) : largest * 1.08;
  }

  private boolean isDrawn(Double value) {
    return value != null && Double.isFinite(value) && value > 0;
  }

  static BufferedImage draw(
      String title, String yTitle, Map<String, Map<String, Double>> series, boolean log) {
    BufferedImage image = Canvas.white(WIDTH, HEIGHT);
    Graphics2D graphics = Canvas.graphics(image);
    BarChart chart = new BarChart(series, log, graphics);
    graphics.setFont(Canvas.font(Font.BOLD, 17));
    chart.centred(title, WIDTH / 2, 36);
    chart.axis(yTitle);
    chart.bars();
    chart.legend();
    graphics.dispose();
    return image;
  }

  private void axis(String title) {
    graphics.setFont(Canvas.font(Font.PLAIN, 13));
    FontMetrics metrics = graphics.getFontMetrics();
    double step = log ? 10 : linearStep(high);
    for (double tick = low; tick <= high; tick = log ? tick * step : tick + step) {
      int y = y(tick);
      graphics.setColor(Canvas.faint());
      graphics.drawLine(LEFT, y, RIGHT, y);
      graphics.setColor(Canvas.ink());
      String label = label(tick);
      graphics.drawString(label, LEFT - 8 - metrics.stringWidth(label), y + 5);
    }
    Graphics2D turned = (Graphics2D) graphics.create();
    turned.setFont(Canvas.font(Font.PLAIN, 15));
    turned.rotate(-Math.PI / 2);
    int length = turned.getFontMetrics().stringWidth(title);
    turned.drawString(title, -(TOP + BOTTOM + length) / 2, 24);
    turned.dispose();
  }

  /** 1, 2 or 5 times a power of ten, so that there are five to ten ticks. */
  private static double linearStep(double high) {
    double power = Math.pow(10, Math.floor(Math.log10(high / 5)));
    double steps = high / power;
    return power * (steps > 25 ? 5 : steps > 10 ? 2 : 1);
  }

  private int y(double value) {
    double part = log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
    return (int) Math.round(BOTTOM - part * (BOTTOM - TOP));
  }

  private void bars() {
    double group = (RIGHT - LEFT) / (double) Math.max(1, categories.size());
    double bar = group * FILLED / Math.max(1, series.size());
    for (int c = 0; c < categories.size(); c++) {
      double left = LEFT + group * (c + (1 - FILLED) / 2);
      int s = 0;
      for (Map<String, Double> values : series.values()) {
        Double value = values.get(categories.get(c));
        int x = (int) Math.round(left + s * bar);
        if (isDrawn(value)) {
          bar(x, (int) Math.round(left + (s + 1) * bar) - 2 - x, value, Canvas.series(s));
        }
        s++;
      }
      graphics.setColor(Canvas.ink());
      graphics.setFont(Canvas.font(Font.PLAIN, 14));
      centred(categories.get(c), (int) (LEFT + group * (c + 0.5)), BOTTOM + 22);
    }
    graphics.setColor(Canvas.ink());
    graphics.drawLine(LEFT, BOTTOM, RIGHT, BOTTOM);
  }

  private void bar(int x, int width, double value, Color colour) {
    int y = y(value);
    graphics.setColor(colour);
    graphics.fillRect(x, y, width, BOTTOM - y);
    graphics.setColor(Canvas.ink());
    graphics.setFont(Canvas.font(Font.PLAIN, 11));
    centred(label(value), x + width / 2, y - 4);
  }

  private void legend() {
    graphics.setFont(Canvas.font(Font.PLAIN, 14));
    FontMetrics metrics = graphics.getFontMetrics();
    int total = -LEGEND_GAP;
    for (String name : series.keySet()) {
      total += SWATCH + 6 + metrics.stringWidth(name) + LEGEND_GAP;
    }
    int x = (WIDTH - total) / 2;
    int s = 0;
    for (String name : series.keySet()) {
      graphics.setColor(Canvas.series(s++));
      graphics.fillRect(x, HEIGHT - 34, SWATCH, SWATCH);
      graphics.setColor(Canvas.ink());
      graphics.drawString(name, x + SWATCH + 6, HEIGHT - 22);
      x += SWATCH + 6 + metrics.stringWidth(name) + LEGEND_GAP;
    }
  }

  private void centred(String text, int x, int y) {
    graphics.drawString(text, x - graphics.getFontMetrics().stringWidth(text) / 2, y);
  }

  /** Three significant digits: more do not fit over a bar. */
  private static String label(double value) {
    double rounded = BigDecimal.valueOf(value).round(new MathContext(LABEL_DIGITS)).doubleValue();
    return Math.abs(rounded) >= 1000 ? Numbers.count((long) rounded) : Plots.tick(rounded);
  }
}
