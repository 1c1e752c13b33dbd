package cnnlab.plot;

import cnnlab.text.Numbers;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A confusion matrix as a heat map: correct predictions in blue, wrong ones in orange. The colour
 * intensity of a cell is the square root of its share of the row, so that rare mistakes are
 * visible.
 */
public final class ConfusionPlot {

  private static final int GAP = 6;
  private static final int SMALLEST_CELL = 36;
  private static final int LARGEST_CELL = 120;
  private static final int LONGEST_LABEL = 110;
  private static final int DARK = 140;

  private ConfusionPlot() {}

  /**
   * Draws the counts with true classes as rows and predicted classes as columns.
   *
   * @param title the title
   * @param counts [K, K], 0 or more, {@code counts[true][predicted]}
   * @param labels names of the classes [K], K at least 1
   * @return a picture of 960 pixels in width, or more for more than about ten classes
   * @throws IllegalArgumentException if the counts are not [K, K] or one is negative
   */
  public static Picture draw(String title, int[][] counts, String[] labels) {
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
      throw new IllegalArgumentException("a count is negative");
    }
    Graphics2D measure = PlotStyle.measure();
    FontMetrics metrics = measure.getFontMetrics(PlotStyle.textFont());
    List<String> rows =
        Arrays.stream(labels).map(l -> AxisLabels.cut(l, metrics, LONGEST_LABEL)).toList();
    int widest = rows.stream().mapToInt(metrics::stringWidth).max().orElse(0);
    int axis = metrics.getHeight();
    int before = PlotStyle.MARGIN + axis + GAP + widest + GAP;
    int room = PlotStyle.WIDTH - before - PlotStyle.MARGIN;
    int cell = Math.max(SMALLEST_CELL, Math.min(LARGEST_CELL, room / classes));
    int grid = classes * cell;
    int width = Math.max(PlotStyle.WIDTH, before + grid + PlotStyle.MARGIN);
    AxisLabels columns = AxisLabels.fit(measure, List.of(labels), cell);
    Title head = Title.of(measure, title, width);
    measure.dispose();

    int left = before + (width - before - PlotStyle.MARGIN - grid) / 2;
    int top = head.height();
    int height = top + grid + GAP + columns.height() + axis + PlotStyle.MARGIN;
    BufferedImage image = PlotStyle.white(width, height);
    Graphics2D graphics = PlotStyle.graphics(image);
    head.draw(graphics);
    for (int truth = 0; truth < classes; truth++) {
      drawRow(graphics, counts[truth], truth, left, top + truth * cell, cell);
      graphics.setFont(PlotStyle.textFont());
      graphics.setColor(PlotStyle.ink());
      graphics.drawString(
          rows.get(truth),
          left - GAP - metrics.stringWidth(rows.get(truth)),
          (float) (top + (truth + 0.5) * cell + PlotStyle.middle(metrics)));
      columns.draw(graphics, truth, left + (truth + 0.5) * cell, top + grid + GAP / 2.0);
    }
    PlotFrame.vertical(graphics, "true", left - widest - 2.0 * GAP - axis, top + grid / 2.0);
    graphics.setFont(PlotStyle.textFont());
    graphics.drawString(
        "predicted",
        left + (grid - metrics.stringWidth("predicted")) / 2f,
        height - PlotStyle.MARGIN - metrics.getDescent());
    graphics.dispose();
    return new Picture(image);
  }

  private static void drawRow(
      Graphics2D graphics, int[] counts, int truth, int left, int top, int cell) {
    long sum = IntStream.of(counts).asLongStream().sum();
    for (int predicted = 0; predicted < counts.length; predicted++) {
      double share = sum == 0 ? 0 : (double) counts[predicted] / sum;
      Color fill = PlotStyle.tint(PlotStyle.series(predicted == truth ? 0 : 1), Math.sqrt(share));
      int x = left + predicted * cell;
      graphics.setColor(fill);
      graphics.fillRect(x, top, cell, cell);
      graphics.setColor(PlotStyle.faint());
      graphics.drawRect(x, top, cell, cell);
      drawCount(graphics, Numbers.count(counts[predicted]), textColour(fill, share), x, top, cell);
    }
  }

  private static void drawCount(
      Graphics2D graphics, String text, Color colour, int x, int top, int cell) {
    Font font = cell > 60 ? PlotStyle.titleFont().deriveFont(Font.PLAIN) : PlotStyle.textFont();
    FontMetrics metrics = graphics.getFontMetrics(font);
    while (metrics.stringWidth(text) > cell - 4 && font.getSize() > 8) {
      font = font.deriveFont(font.getSize2D() - 1);
      metrics = graphics.getFontMetrics(font);
    }
    graphics.setFont(font);
    graphics.setColor(colour);
    graphics.drawString(
        text,
        x + (cell - metrics.stringWidth(text)) / 2f,
        (float) (top + cell / 2.0 + PlotStyle.middle(metrics)));
  }

  private static Color textColour(Color fill, double share) {
    if (share == 0) {
      return Color.GRAY;
    }
    double luminance = 0.299 * fill.getRed() + 0.587 * fill.getGreen() + 0.114 * fill.getBlue();
    return luminance < DARK ? Color.WHITE : PlotStyle.ink();
  }
}
