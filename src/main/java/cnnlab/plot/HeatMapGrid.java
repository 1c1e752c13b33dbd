package cnnlab.plot;

import cnnlab.text.Numbers;
import java.awt.Color;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * Images next to heat maps: each image unchanged, and again in grey with the map on top, orange
 * where the map is positive and blue where it is negative, all on one scale.
 */
public final class HeatMapGrid {
  private static final int PICTURE_TARGET = 96;
  private static final int GAP = 12;
  private static final int BETWEEN = 3;
  private static final int BAR = 200;
  private static final int BAR_HEIGHT = 12;
  private static final int LEGEND_LINES = 4;

  /** The largest opacity of the map, so that the image remains visible. */
  private static final double DEEPEST = 0.85;

  private HeatMapGrid() {}

  /**
   * An image and its map.
   *
   * @param pixels unsigned bytes [H, W, C]
   * @param height H
   * @param width W
   * @param channels C: 1 for grey, 3 for RGB
   * @param map a value for each pixel [H, W], finite
   * @param caption the lines below the images
   */
  public record Panel(
      byte[] pixels, int height, int width, int channels, float[] map, List<String> caption) {

    /**
     * @throws IllegalArgumentException if pixels or map do not match the shape, C is not 1 or 3, or
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
          throw new IllegalArgumentException(
              "a map contains the value " + value + ", expected finite values");
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

  /**
   * The meaning of the colours.
   *
   * @param quantity the quantity that the map shows
   * @param positive what orange means, such as {@code speaks for the answer}
   * @param negative what blue means
   */
  public record Key(String quantity, String positive, String negative) {}

  /** Sizes in points, common to all cells. */
  private record Layout(int columns, int cell, int pictures, int line, int lines) {
    int rowHeight() {
      return pictures + 2 + lines * line + GAP;
    }
  }

  /**
   * Draws the panels row by row, as many in a row as fit, each image enlarged by an integer factor
   * (nearest neighbour) to about 192 pixels.
   *
   * @param title the title
   * @param key the legend below the grid
   * @param panels the panels in reading order, at least one
   * @return a picture with a transparent background, 960 pixels wide
   * @throws IllegalArgumentException if there are no panels
   */
  public static Picture draw(String title, Key key, List<Panel> panels) {
    if (panels.isEmpty()) {
      throw new IllegalArgumentException("no panels to draw");
    }
    float limit = (float) panels.stream().mapToDouble(Panel::largest).max().orElse(0);
    Graphics2D measure = PlotStyle.measure();
    Title head = Title.of(measure, title, PlotStyle.WIDTH);
    Layout layout = layout(panels, measure.getFontMetrics(PlotStyle.textFont()));
    measure.dispose();
    int rows = (panels.size() + layout.columns() - 1) / layout.columns();
    int bottom = head.height() + rows * layout.rowHeight();
    int height = bottom + LEGEND_LINES * layout.line() + BAR_HEIGHT + GAP;
    BufferedImage image = PlotStyle.clear(PlotStyle.WIDTH, height);
    Graphics2D graphics = PlotStyle.graphics(image);
    head.draw(graphics, PlotStyle.sheetInk());
    int used = Math.min(layout.columns(), panels.size());
    int left = (PlotStyle.WIDTH - used * (layout.cell() + GAP) + GAP) / 2;
    for (int i = 0; i < panels.size(); i++) {
      int x = left + i % used * (layout.cell() + GAP);
      int y = head.height() + i / used * layout.rowHeight();
      drawPanel(graphics, panels.get(i), layout, limit, x, y);
    }
    drawKey(graphics, key, limit, bottom);
    graphics.dispose();
    return new Picture(image);
  }

  private static Layout layout(List<Panel> panels, FontMetrics text) {
    int cell = 0;
    int pictures = 0;
    int lines = 0;
    for (Panel panel : panels) {
      int enlargement = enlargement(panel);
      cell = Math.max(cell, 2 * PlotStyle.points(enlargement * panel.width()) + BETWEEN);
      pictures = Math.max(pictures, PlotStyle.points(enlargement * panel.height()));
      lines = Math.max(lines, panel.caption().size());
      for (String line : panel.caption()) {
        cell = Math.max(cell, text.stringWidth(line));
      }
    }
    int room = PlotStyle.WIDTH - 2 * PlotStyle.MARGIN + GAP;
    return new Layout(Math.max(1, room / (cell + GAP)), cell, pictures, text.getHeight(), lines);
  }

  private static int enlargement(Panel panel) {
    return PlotStyle.enlargement(PICTURE_TARGET, Math.max(panel.height(), panel.width()));
  }

  private static void drawPanel(
      Graphics2D graphics, Panel panel, Layout layout, float limit, int x, int y) {
    int enlargement = enlargement(panel);
    BufferedImage picture =
        PlotStyle.picture(panel.pixels(), panel.height(), panel.width(), panel.channels());
    PlotStyle.photograph(graphics, picture, x, y, enlargement);
    int beside = x + PlotStyle.points(enlargement * panel.width()) + BETWEEN;
    PlotStyle.photograph(graphics, overlay(picture, panel, limit), beside, y, enlargement);
    graphics.setColor(PlotStyle.sheetInk());
    graphics.setFont(PlotStyle.textFont());
    int baseline = y + layout.pictures() + 2 + graphics.getFontMetrics().getAscent();
    for (String line : panel.caption()) {
      graphics.drawString(line, x, baseline);
      baseline += layout.line();
    }
  }

  private static BufferedImage overlay(BufferedImage picture, Panel panel, float limit) {
    BufferedImage overlay =
        new BufferedImage(panel.width(), panel.height(), BufferedImage.TYPE_INT_RGB);
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

  /** A grey value tinted orange (share towards 1) or blue (towards −1). */
  private static Color shade(int grey, float share) {
    return PlotStyle.mix(
        new Color(grey, grey, grey),
        PlotStyle.series(share > 0 ? 1 : 0),
        DEEPEST * Math.abs(share));
  }

  /** Draws the quantity, a colour bar with its numbers, and the meaning of both ends. */
  private static void drawKey(Graphics2D graphics, Key key, float limit, int top) {
    graphics.setFont(PlotStyle.textFont());
    graphics.setColor(PlotStyle.sheetInk());
    FontMetrics metrics = graphics.getFontMetrics();
    double middle = PlotStyle.WIDTH / 2.0;
    double left = middle - BAR / 2.0;
    int bar = top + metrics.getHeight() + 2;
    centred(graphics, key.quantity, middle, top + metrics.getAscent());
    int numbers = bar + BAR_HEIGHT + 2 + metrics.getAscent();
    String most = Numbers.significant(limit);
    centred(graphics, "−" + most, left, numbers);
    centred(graphics, "0", middle, numbers);
    centred(graphics, most, left + BAR, numbers);
    centred(graphics, "orange: " + key.positive, middle, numbers + metrics.getHeight());
    centred(graphics, "blue: " + key.negative, middle, numbers + 2 * metrics.getHeight());
    int steps = PlotStyle.SCALE * BAR;
    for (int i = 0; i < steps; i++) {
      graphics.setColor(shade(200, 2f * i / (steps - 1) - 1));
      graphics.fill(
          new Rectangle2D.Double(
              left + (double) i / PlotStyle.SCALE, bar, 1.0 / PlotStyle.SCALE, BAR_HEIGHT));
    }
  }

  private static void centred(Graphics2D graphics, String text, double middle, double baseline) {
    double half = graphics.getFontMetrics().stringWidth(text) / 2.0;
    graphics.drawString(text, (float) (middle - half), (float) baseline);
  }
}
