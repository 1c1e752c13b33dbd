package cnnlab.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A confusion matrix as a heat map: right predictions in blue, wrong ones in orange. A cell's depth
 * is the square root of its share of the row, so that rare mistakes can be seen too.
 */
public final class ConfusionPlot {

  private static final int MARGIN = 18;
  private static final int GAP = 8;
  private static final int SMALLEST_CELL = 56;
  private static final int LARGEST_CELL = 130;
  private static final int GRID_TARGET = 560;
  private static final int LONGEST_LABEL = 170;
  private static final int DARK = 140;

  private ConfusionPlot() {}

  /**
   * Draws the counts with true classes as rows and predicted classes as columns.
   *
   * @param title above the plot
   * @param counts [K, K], 0 or more, {@code counts[true][predicted]}
   * @param labels names of the classes [K], K at least 1
   * @return an image as large as K and the labels need
   * @throws IllegalArgumentException when the counts are not [K, K] or one is negative
   */
  public static BufferedImage draw(String title, int[][] counts, String[] labels) {
    int classes = labels.length;
    boolean square =
        counts.length == classes && Arrays.stream(counts).allMatch(r -> r.length == classes);
    if (classes == 0 || !square) {
      throw new IllegalArgumentException(
          "%d rows of counts %s, expected %d x %d for the labels %s"
              .formatted(
                  counts.length,
                  Arrays.stream(counts).map(row -> row.length).toList(),
                  classes,
                  classes,
                  Arrays.toString(labels)));
    }
    if (Arrays.stream(counts).flatMapToInt(Arrays::stream).anyMatch(count -> count < 0)) {
      throw new IllegalArgumentException("a count of images is negative");
    }
    int cell = Math.max(SMALLEST_CELL, Math.min(LARGEST_CELL, GRID_TARGET / classes));
    Graphics2D measure = Canvas.graphics(Canvas.white(1, 1));
    FontMetrics metrics = measure.getFontMetrics(PlotFrame.tickFont());
    List<String> rows =
        Arrays.stream(labels).map(l -> AxisLabels.cut(l, metrics, LONGEST_LABEL)).toList();
    int widest = rows.stream().mapToInt(metrics::stringWidth).max().orElse(0);
    int axis = measure.getFontMetrics(PlotFrame.axisFont()).getHeight();
    int titleWidth = measure.getFontMetrics(PlotFrame.titleFont()).stringWidth(title);
    AxisLabels columns = AxisLabels.fit(measure, List.of(labels), cell);
    measure.dispose();

    int grid = classes * cell;
    int labelled = axis + GAP + widest + GAP + grid;
    int width = Math.max(labelled, titleWidth) + 2 * MARGIN;
    int left = (width - labelled) / 2 + labelled - grid;
    int top = MARGIN + 34;
    int height = top + grid + GAP + columns.height() + axis + MARGIN;
    BufferedImage image = Canvas.white(width, height);
    Graphics2D graphics = Canvas.graphics(image);
    PlotFrame.title(graphics, title, left, left + grid, width);
    for (int truth = 0; truth < classes; truth++) {
      drawRow(graphics, counts[truth], truth, left, top + truth * cell, cell);
      graphics.setFont(PlotFrame.tickFont());
      graphics.setColor(Canvas.ink());
      graphics.drawString(
          rows.get(truth),
          left - GAP - metrics.stringWidth(rows.get(truth)),
          top + truth * cell + (cell + metrics.getAscent() - metrics.getDescent()) / 2);
      columns.draw(graphics, truth, left + (truth + 0.5) * cell, top + grid + GAP / 2.0);
    }
    PlotFrame.vertical(graphics, "true", left + grid - labelled, top + grid / 2.0);
    graphics.setFont(PlotFrame.axisFont());
    FontMetrics axisMetrics = graphics.getFontMetrics();
    graphics.drawString(
        "predicted",
        left + (grid - axisMetrics.stringWidth("predicted")) / 2,
        height - MARGIN - axisMetrics.getDescent());
    graphics.dispose();
    return image;
  }

  private static void drawRow(
      Graphics2D graphics, int[] counts, int truth, int left, int top, int cell) {
    long sum = IntStream.of(counts).asLongStream().sum();
    for (int predicted = 0; predicted < counts.length; predicted++) {
      double share = sum == 0 ? 0 : (double) counts[predicted] / sum;
      Color fill = shade(Canvas.series(predicted == truth ? 0 : 1), Math.sqrt(share));
      int x = left + predicted * cell;
      graphics.setColor(fill);
      graphics.fillRect(x, top, cell, cell);
      graphics.setColor(Canvas.faint());
      graphics.drawRect(x, top, cell, cell);
      drawCount(graphics, Numbers.count(counts[predicted]), textColour(fill, share), x, top, cell);
    }
  }

  private static void drawCount(
      Graphics2D graphics, String text, Color colour, int x, int top, int cell) {
    int size = Math.min(18, cell / 4 + 1);
    FontMetrics metrics = graphics.getFontMetrics(Canvas.font(Font.PLAIN, size));
    while (metrics.stringWidth(text) > cell - 6 && size > 8) {
      size--;
      metrics = graphics.getFontMetrics(Canvas.font(Font.PLAIN, size));
    }
    graphics.setFont(metrics.getFont());
    graphics.setColor(colour);
    graphics.drawString(
        text,
        x + (cell - metrics.stringWidth(text)) / 2,
        top + (cell + metrics.getAscent() - metrics.getDescent()) / 2);
  }

  private static Color textColour(Color fill, double share) {
    if (share == 0) {
      return Color.GRAY;
    }
    double luminance = 0.299 * fill.getRed() + 0.587 * fill.getGreen() + 0.114 * fill.getBlue();
    return luminance < DARK ? Color.WHITE : Canvas.ink();
  }

  /** White at depth 0, the colour itself at depth 1. */
  private static Color shade(Color colour, double depth) {
    return new Color(
        mix(colour.getRed(), depth), mix(colour.getGreen(), depth), mix(colour.getBlue(), depth));
  }

  private static int mix(int channel, double depth) {
    return (int) Math.round(255 + depth * (channel - 255));
  }
}
