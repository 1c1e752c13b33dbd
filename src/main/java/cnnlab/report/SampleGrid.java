package cnnlab.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** A sheet of images with true and predicted labels, the wrong ones marked. */
public final class SampleGrid {

  private static final int IMAGE_TARGET = 84;
  private static final int GAP = 14;
  private static final int FRAME = 3;
  private static final int ONE_LINE_LIMIT = 160;

  private SampleGrid() {}

  /**
   * One image and what was said about it.
   *
   * @param pixels unsigned bytes [H, W, C]
   * @param height H
   * @param width W
   * @param channels C: 1 for grey, 3 for RGB
   * @param truth true label, or null when unknown (then nothing is marked as wrong)
   * @param predicted predicted label
   * @param probability of the predicted label, 0..1
   */
  public record Sample(
      byte[] pixels,
      int height,
      int width,
      int channels,
      String truth,
      String predicted,
      double probability) {

    /**
     * @throws IllegalArgumentException when the pixels do not fit the shape, or C is not 1 or 3
     */
    public Sample {
      if (channels != 1 && channels != 3) {
        throw new IllegalArgumentException(channels + " channels, expected 1 (grey) or 3 (RGB)");
      }
      if (pixels.length != height * width * channels) {
        throw new IllegalArgumentException(
            "%d pixel bytes, expected %d for %dx%dx%d"
                .formatted(pixels.length, height * width * channels, height, width, channels));
      }
      Objects.requireNonNull(predicted, "predicted");
    }

    /** Whether the prediction is known to be wrong. */
    public boolean wrong() {
      return truth != null && !truth.equals(predicted);
    }
  }

  /** Sizes in pixels that all cells share. */
  private record Layout(
      int cell, int picture, int header, int lineHeight, boolean oneLine, int title) {

    /** Of the grid, or of the title where that is wider. */
    int width(int columns) {
      return Math.max(columns * (cell + GAP), title + GAP) + GAP;
    }

    int rowHeight() {
      return picture + (oneLine ? 1 : 2) * lineHeight + GAP;
    }

    int height(int rows) {
      return header + rows * (rowHeight() + GAP / 2);
    }
  }

  /**
   * Draws the samples row by row. Each image is enlarged by a whole factor (nearest neighbour) to
   * about 84 pixels. Wrong predictions have a red frame, a cross and red text.
   *
   * @param title above the grid, also saying how many are wrong
   * @param samples in reading order
   * @param columns images per row, at least 1
   * @throws IllegalArgumentException when there are no samples or no columns
   */
  public static BufferedImage draw(String title, List<Sample> samples, int columns) {
    if (samples.isEmpty() || columns < 1) {
      throw new IllegalArgumentException(
          samples.size() + " samples in " + columns + " columns: nothing to draw");
    }
    int used = Math.min(columns, samples.size());
    int rows = (samples.size() + used - 1) / used;
    Layout layout = layout(samples, title);
    BufferedImage image = Canvas.white(layout.width(used), layout.height(rows));
    Graphics2D graphics = Canvas.graphics(image);
    graphics.setFont(titleFont());
    graphics.drawString(title, GAP, GAP + graphics.getFontMetrics().getAscent());
    for (int i = 0; i < samples.size(); i++) {
      int x = GAP + i % used * (layout.cell() + GAP);
      int y = layout.header() + i / used * (layout.rowHeight() + GAP / 2);
      drawCell(graphics, samples.get(i), layout, x, y);
    }
    graphics.dispose();
    return image;
  }

  private static Layout layout(List<Sample> samples, String title) {
    Graphics2D graphics = Canvas.graphics(Canvas.white(1, 1));
    int header = graphics.getFontMetrics(titleFont()).getHeight() + 2 * GAP;
    FontMetrics metrics = graphics.getFontMetrics(captionFont());
    int widest = samples.stream().mapToInt(s -> metrics.stringWidth(caption(s))).max().orElse(0);
    boolean oneLine = widest <= ONE_LINE_LIMIT;
    int text =
        oneLine
            ? widest
            : samples.stream()
                .flatMap(s -> caption(s).lines().flatMap(SampleGrid::halves))
                .mapToInt(metrics::stringWidth)
                .max()
                .orElse(0);
    int picture =
        samples.stream().mapToInt(s -> scale(s) * Math.max(s.height(), s.width())).max().orElse(0)
            + 2 * FRAME;
    int titleWidth = graphics.getFontMetrics(titleFont()).stringWidth(title);
    graphics.dispose();
    return new Layout(
        Math.max(picture, text), picture, header, metrics.getHeight(), oneLine, titleWidth);
  }

  private static Stream<String> halves(String caption) {
    return Arrays.stream(caption.split(" · "));
  }

  private static void drawCell(Graphics2D graphics, Sample sample, Layout layout, int x, int y) {
    int width = scale(sample) * sample.width();
    int height = scale(sample) * sample.height();
    int left = x + (layout.cell() - width) / 2;
    int top = y + FRAME;
    drawFrame(graphics, sample, left, top, width, height);
    BufferedImage picture =
        Canvas.picture(sample.pixels(), sample.height(), sample.width(), sample.channels());
    graphics.drawImage(picture, left, top, width, height, null);
    if (sample.wrong()) {
      drawCross(graphics, left + width, top);
    }
    graphics.setFont(captionFont());
    graphics.setColor(sample.wrong() ? Canvas.wrong() : Canvas.ink());
    FontMetrics metrics = graphics.getFontMetrics();
    int baseline = y + layout.picture() + 3 + metrics.getAscent();
    List<String> lines =
        layout.oneLine() ? List.of(caption(sample)) : halves(caption(sample)).toList();
    for (String line : lines) {
      int indent = (layout.cell() - metrics.stringWidth(line)) / 2;
      graphics.drawString(line, x + indent, baseline);
      baseline += layout.lineHeight();
    }
  }

  private static void drawFrame(
      Graphics2D graphics, Sample sample, int left, int top, int width, int height) {
    int frame = sample.wrong() ? FRAME : 1;
    graphics.setColor(sample.wrong() ? Canvas.wrong() : Canvas.faint());
    graphics.fillRect(left - frame, top - frame, width + 2 * frame, height + 2 * frame);
  }

  /** A cross on a red disc at the upper right corner: a mark that does not need colour vision. */
  private static void drawCross(Graphics2D graphics, int right, int top) {
    int radius = 9;
    int arm = 4;
    graphics.setColor(Color.WHITE);
    graphics.fillOval(right - radius - 1, top - radius - 1, 2 * radius + 2, 2 * radius + 2);
    graphics.setColor(Canvas.wrong());
    graphics.fillOval(right - radius, top - radius, 2 * radius, 2 * radius);
    graphics.setColor(Color.WHITE);
    graphics.setStroke(new BasicStroke(2.4f));
    graphics.drawLine(right - arm, top - arm, right + arm, top + arm);
    graphics.drawLine(right - arm, top + arm, right + arm, top - arm);
  }

  private static int scale(Sample sample) {
    int longer = Math.max(sample.height(), sample.width());
    return Math.max(1, Math.round((float) IMAGE_TARGET / longer));
  }

  static String caption(Sample sample) {
    String predicted =
        "predicted " + sample.predicted() + " (" + Numbers.fixed(sample.probability(), 2) + ")";
    return sample.truth() == null ? predicted : "true " + sample.truth() + " · " + predicted;
  }

  private static Font captionFont() {
    return Canvas.font(Font.PLAIN, 13);
  }

  private static Font titleFont() {
    return Canvas.font(Font.BOLD, 17);
  }
}
