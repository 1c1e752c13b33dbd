package cnnlab.plot.sheet;

import cnnlab.plot.Picture;
import cnnlab.plot.PlotStyle;
import cnnlab.plot.Title;
import cnnlab.text.Numbers;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Objects;

/** A sheet of images with true and predicted labels; wrong predictions are marked. */
public final class SampleGrid {

  private static final int IMAGE_TARGET = 84;
  private static final int GAP = 10;
  private static final int FRAME = 2;
  private static final int BELOW = 3;

  private SampleGrid() {}

  /**
   * One image with its prediction.
   *
   * @param pixels unsigned bytes [H, W, C]
   * @param height H
   * @param width W
   * @param channels C: 1 for grey, 3 for RGB
   * @param truth true label, or null if unknown (the image is then not marked as wrong)
   * @param predicted predicted label
   * @param probability probability of the predicted label, 0..1
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
     * @throws IllegalArgumentException if the pixels do not match the shape, or C is not 1 or 3
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

  /** Sizes in points, common to all cells. */
  private record Layout(int columns, int cell, int picture, int lineHeight, int lines) {
    int rowHeight() {
      return picture + BELOW + lines * lineHeight + GAP;
    }
  }

  /**
   * Draws the samples row by row, as many in a row as fit. Each image is enlarged by an integer
   * factor (nearest neighbour) to about 168 pixels. Wrong predictions have a red frame, a cross and
   * red text. A legend explains the captions.
   *
   * @param title the title, which should state the number of wrong predictions
   * @param samples the samples in reading order
   * @return a picture with a transparent background, 960 pixels wide
   * @throws IllegalArgumentException if there are no samples
   */
  public static Picture draw(String title, List<Sample> samples) {
    if (samples.isEmpty()) {
      throw new IllegalArgumentException("no samples to draw");
    }
    Graphics2D measure = PlotStyle.measure();
    Title head = Title.of(measure, title, PlotStyle.WIDTH);
    Layout layout = layout(measure, samples);
    measure.dispose();
    int top = head.height() + layout.lineHeight() + GAP;
    int rows = (samples.size() + layout.columns() - 1) / layout.columns();
    BufferedImage image = PlotStyle.clear(PlotStyle.WIDTH, top + rows * layout.rowHeight());
    Graphics2D graphics = PlotStyle.graphics(image);
    head.draw(graphics, PlotStyle.sheetInk());
    centred(graphics, key(samples), PlotStyle.WIDTH / 2.0, top - GAP - BELOW);
    int used = Math.min(layout.columns(), samples.size());
    double left = (PlotStyle.WIDTH - used * (layout.cell() + GAP) + GAP) / 2.0;
    for (int i = 0; i < samples.size(); i++) {
      double x = left + i % used * (layout.cell() + GAP);
      drawCell(graphics, samples.get(i), layout, x, top + i / used * layout.rowHeight());
    }
    graphics.dispose();
    return new Picture(image);
  }

  static String key(List<Sample> samples) {
    return samples.stream().allMatch(s -> s.truth() == null)
        ? "predicted class (its probability)"
        : "true class → predicted class (its probability)";
  }

  private static Layout layout(Graphics2D graphics, List<Sample> samples) {
    FontMetrics metrics = graphics.getFontMetrics(PlotStyle.textFont());
    int picture =
        2 * FRAME
            + PlotStyle.points(
                samples.stream()
                    .mapToInt(s -> enlargement(s) * Math.max(s.height(), s.width()))
                    .max()
                    .orElse(0));
    int room = PlotStyle.WIDTH - 2 * PlotStyle.MARGIN + GAP;
    int whole = widest(samples, metrics, 1);
    // Two lines if more images then fit side by side.
    int lines = room / (Math.max(picture, whole) + GAP) < room / (picture + GAP) ? 2 : 1;
    int cell = Math.max(picture, widest(samples, metrics, lines));
    return new Layout(Math.max(1, room / (cell + GAP)), cell, picture, metrics.getHeight(), lines);
  }

  private static int widest(List<Sample> samples, FontMetrics metrics, int lines) {
    return samples.stream()
        .flatMap(s -> caption(s, lines).stream())
        .mapToInt(metrics::stringWidth)
        .max()
        .orElse(0);
  }

  private static void drawCell(
      Graphics2D graphics, Sample sample, Layout layout, double x, double y) {
    double width = (double) enlargement(sample) * sample.width() / PlotStyle.SCALE;
    double height = (double) enlargement(sample) * sample.height() / PlotStyle.SCALE;
    double left = x + (layout.cell() - width) / 2;
    double top = y + FRAME;
    double frame = sample.wrong() ? FRAME : 0.5;
    graphics.setColor(sample.wrong() ? PlotStyle.wrong() : PlotStyle.sheetInk());
    graphics.fill(
        new Rectangle2D.Double(left - frame, top - frame, width + 2 * frame, height + 2 * frame));
    PlotStyle.photograph(
        graphics,
        PlotStyle.picture(sample.pixels(), sample.height(), sample.width(), sample.channels()),
        left,
        top,
        enlargement(sample));
    if (sample.wrong()) {
      drawCross(graphics, left + width, top);
    }
    graphics.setColor(sample.wrong() ? PlotStyle.wrong() : PlotStyle.sheetInk());
    double baseline =
        y + layout.picture() + BELOW + graphics.getFontMetrics(PlotStyle.textFont()).getAscent();
    for (String line : caption(sample, layout.lines())) {
      centred(graphics, line, x + layout.cell() / 2.0, baseline);
      baseline += layout.lineHeight();
    }
  }

  private static void centred(Graphics2D graphics, String text, double middle, double baseline) {
    graphics.setFont(PlotStyle.textFont());
    int width = graphics.getFontMetrics().stringWidth(text);
    graphics.drawString(text, (float) (middle - width / 2.0), (float) baseline);
  }

  /**
   * Draws a cross on a red disc at the upper right corner, a mark that does not depend on colour
   * vision.
   */
  private static void drawCross(Graphics2D graphics, double right, double top) {
    double arm = 3;
    graphics.setColor(Color.WHITE);
    PlotStyle.dot(graphics, right, top, 7);
    graphics.setColor(PlotStyle.wrong());
    PlotStyle.dot(graphics, right, top, 6.2);
    graphics.setColor(Color.WHITE);
    graphics.setStroke(new BasicStroke(1.6f));
    graphics.draw(new Line2D.Double(right - arm, top - arm, right + arm, top + arm));
    graphics.draw(new Line2D.Double(right - arm, top + arm, right + arm, top - arm));
  }

  private static int enlargement(Sample sample) {
    return PlotStyle.enlargement(IMAGE_TARGET, Math.max(sample.height(), sample.width()));
  }

  static List<String> caption(Sample sample, int lines) {
    String classes =
        sample.truth() == null ? sample.predicted() : sample.truth() + " → " + sample.predicted();
    String probability = "(" + Numbers.fixed(sample.probability(), 2) + ")";
    return lines == 1 ? List.of(classes + " " + probability) : List.of(classes, probability);
  }
}
