package cnnlab.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * Images beside maps of what matters in them: the image as it is, and again in grey under the map,
 * orange where the map is positive and blue where it is negative, all on one scale.
 */
public final class MapGrid {
  private static final int PICTURE_TARGET = 128;
  private static final int GAP = 14;
  private static final int BETWEEN = 4;
  private static final int BAR = 220;
  private static final int BAR_HEIGHT = 14;

  /** What is left of the colour where the map is largest, so that the image shines through. */
  private static final double DEEPEST = 0.85;

  private MapGrid() {}

  /**
   * An image and its map.
   *
   * @param pixels unsigned bytes [H, W, C]
   * @param height H
   * @param width W
   * @param channels C: 1 for grey, 3 for RGB
   * @param map a value for each pixel [H, W], finite
   * @param caption below, a line each
   */
  public record Panel(
      byte[] pixels, int height, int width, int channels, float[] map, List<String> caption) {

    /**
     * @throws IllegalArgumentException when pixels or map do not fit the shape, C is not 1 or 3, or
     *     a value is not finite
     */
    public Panel {
      caption = List.copyOf(caption);
      if (channels != 1 && channels != 3) {
        throw new IllegalArgumentException(channels + " channels, expected 1 (grey) or 3 (RGB)");
      }
      if (pixels.length != height * width * channels || map.length != height * width) {
        throw new IllegalArgumentException(
            "%d pixel bytes and a map of %d values, expected %d and %d for %dx%dx%d"
                .formatted(
                    pixels.length,
                    map.length,
                    height * width * channels,
                    height * width,
                    height,
                    width,
                    channels));
      }
      for (float value : map) {
        if (!Float.isFinite(value)) {
          throw new IllegalArgumentException("a map with the value " + value + ", expected finite");
        }
      }
    }

    float largest() {
      float largest = 0;
      for (float value : map) {
        largest = Math.max(largest, Math.abs(value));
      }
      return largest;
    }
  }

  /** Sizes in pixels that all cells share. */
  private record Layout(int cell, int pictures, int top, int line, int lines) {
    int rowHeight() {
      return pictures + lines * line + GAP;
    }
  }

  /**
   * Draws the panels row by row, each image enlarged by a whole factor (nearest neighbour) to about
   * 128 pixels.
   *
   * @param title above the grid
   * @param unit what the map's numbers are, beside the scale
   * @param panels in reading order, at least one
   * @param columns panels per row, at least 1
   * @throws IllegalArgumentException when there are no panels or no columns
   */
  public static BufferedImage draw(String title, String unit, List<Panel> panels, int columns) {
    if (panels.isEmpty() || columns < 1) {
      throw new IllegalArgumentException(
          panels.size() + " panels in " + columns + " columns: nothing to draw");
    }
    int used = Math.min(columns, panels.size());
    int rows = (panels.size() + used - 1) / used;
    float limit = (float) panels.stream().mapToDouble(Panel::largest).max().orElse(0);
    Graphics2D measure = Canvas.graphics(Canvas.white(1, 1));
    FontMetrics text = measure.getFontMetrics(captionFont());
    int titleHeight = measure.getFontMetrics(PlotFrame.titleFont()).getHeight();
    int titleWidth = measure.getFontMetrics(PlotFrame.titleFont()).stringWidth(title);
    measure.dispose();
    Layout layout = layout(panels, text, titleHeight + 2 * GAP);
    int scale = text.stringWidth("−" + limit(limit)) + BAR + text.stringWidth(limit(limit) + unit);
    int grid = used * (layout.cell() + GAP) + GAP;
    int width = Math.max(grid, Math.max(titleWidth + 2 * GAP + 18, scale + 5 * GAP));
    int height = layout.top() + rows * layout.rowHeight() + GAP + 2 * text.getHeight();
    BufferedImage image = Canvas.white(width, height);
    Graphics2D graphics = Canvas.graphics(image);
    PlotFrame.title(graphics, title, 0, width, width);
    graphics.setFont(captionFont());
    for (int i = 0; i < panels.size(); i++) {
      int x = (width - grid) / 2 + GAP + i % used * (layout.cell() + GAP);
      int y = layout.top() + i / used * layout.rowHeight();
      drawPanel(graphics, panels.get(i), layout, limit, x, y);
    }
    drawScale(graphics, limit, unit, height - GAP - text.getHeight());
    graphics.dispose();
    return image;
  }

  private static Layout layout(List<Panel> panels, FontMetrics text, int top) {
    int cell = 0;
    int pictures = 0;
    int lines = 0;
    for (Panel panel : panels) {
      cell = Math.max(cell, 2 * scale(panel) * panel.width() + BETWEEN);
      pictures = Math.max(pictures, scale(panel) * panel.height());
      lines = Math.max(lines, panel.caption().size());
      for (String line : panel.caption()) {
        cell = Math.max(cell, text.stringWidth(line));
      }
    }
    return new Layout(cell, pictures, top, text.getHeight(), lines);
  }

  private static int scale(Panel panel) {
    int longer = Math.max(panel.height(), panel.width());
    return Math.max(1, Math.round((float) PICTURE_TARGET / longer));
  }

  private static void drawPanel(
      Graphics2D graphics, Panel panel, Layout layout, float limit, int x, int y) {
    int width = scale(panel) * panel.width();
    int height = scale(panel) * panel.height();
    BufferedImage picture =
        Canvas.picture(panel.pixels(), panel.height(), panel.width(), panel.channels());
    graphics.drawImage(picture, x, y, width, height, null);
    graphics.drawImage(overlay(picture, panel, limit), x + width + BETWEEN, y, width, height, null);
    graphics.setColor(Canvas.ink());
    int baseline = y + layout.pictures() + 2 + graphics.getFontMetrics().getAscent();
    for (String line : panel.caption()) {
      graphics.drawString(line, x, baseline);
      baseline += layout.line();
    }
  }

  private static BufferedImage overlay(BufferedImage picture, Panel panel, float limit) {
    BufferedImage overlay = Canvas.white(panel.width(), panel.height());
    for (int p = 0; p < panel.map().length; p++) {
      Color colour = new Color(picture.getRGB(p % panel.width(), p / panel.width()));
      int grey =
          (int)
              Math.round(
                  0.299 * colour.getRed() + 0.587 * colour.getGreen() + 0.114 * colour.getBlue());
      float share = limit == 0 ? 0 : panel.map()[p] / limit;
      overlay.setRGB(p % panel.width(), p / panel.width(), shade(grey, share).getRGB());
    }
    return overlay;
  }

  /** A grey tinted orange (share towards 1) or blue (towards −1). */
  private static Color shade(int grey, float share) {
    Color tint = Canvas.series(share > 0 ? 1 : 0);
    double depth = DEEPEST * Math.abs(share);
    return new Color(
        mix(grey, tint.getRed(), depth),
        mix(grey, tint.getGreen(), depth),
        mix(grey, tint.getBlue(), depth));
  }

  private static int mix(int from, int to, double depth) {
    return (int) Math.round(from + depth * (to - from));
  }

  private static void drawScale(Graphics2D graphics, float limit, String unit, int y) {
    FontMetrics metrics = graphics.getFontMetrics();
    int baseline = y + BAR_HEIGHT / 2 + (metrics.getAscent() - metrics.getDescent()) / 2;
    String least = "−" + limit(limit);
    int left = 2 * GAP + metrics.stringWidth(least);
    graphics.setColor(Canvas.ink());
    graphics.drawString(least, left - GAP / 2 - metrics.stringWidth(least), baseline);
    graphics.drawString(limit(limit) + "  " + unit, left + BAR + GAP / 2, baseline);
    for (int i = 0; i < BAR; i++) {
      graphics.setColor(shade(200, 2f * i / (BAR - 1) - 1));
      graphics.fillRect(left + i, y, 1, BAR_HEIGHT);
    }
  }

  private static String limit(float limit) {
    return Numbers.significant(limit);
  }

  private static Font captionFont() {
    return Canvas.font(Font.PLAIN, 13);
  }
}
