package cnnlab.plot.sheet;

import cnnlab.plot.Picture;
import cnnlab.plot.PlotStyle;
import cnnlab.plot.Title;
import cnnlab.text.Numbers;
import java.awt.Color;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * Images next to heat maps: each image unchanged, and again in grey for each of its maps, with the
 * map on top, orange where it is positive and blue where it is negative. All maps of one kind are
 * on one scale.
 */
public final class HeatMapGrid {
  /** Sizes of a picture with one map and with several, so that two images lie side by side. */
  private static final int PICTURE_TARGET = 96;

  private static final int SMALLER_TARGET = 64;
  private static final int GAP = 12;
  private static final int BETWEEN = 3;
  private static final int BAR = 200;
  private static final int BAR_HEIGHT = 12;

  /** The largest opacity of the map, so that the image remains visible. */
  private static final double DEEPEST = 0.85;

  private HeatMapGrid() {}

  /**
   * An image and its maps.
   *
   * @param pixels unsigned bytes [H, W, C]
   * @param height H
   * @param width W
   * @param channels C: 1 for grey, 3 for RGB
   * @param maps of each kind one, a finite value for each pixel [H, W]
   * @param caption the lines below the images
   */
  public record Panel(
      byte[] pixels,
      int height,
      int width,
      int channels,
      List<float[]> maps,
      List<String> caption) {

    /**
     * @throws IllegalArgumentException if pixels or maps do not match the shape, C is not 1 or 3,
     *     there is no map, or a value is not finite
     */
    public Panel {
      maps = List.copyOf(maps);
      caption = List.copyOf(caption);
      if (channels != 1 && channels != 3) {
        throw new IllegalArgumentException(channels + " channels, expected 1 (grey) or 3 (RGB)");
      }
      if (maps.isEmpty()) {
        throw new IllegalArgumentException("an image without maps, expected at least one map");
      }
      for (float[] map : maps) {
        check(pixels, height, width, channels, map);
      }
    }

    private static void check(byte[] pixels, int height, int width, int channels, float[] map) {
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

    private float largest(int kind) {
      float largest = 0;
      for (float value : maps.get(kind)) {
        largest = Math.max(largest, Math.abs(value));
      }
      return largest;
    }
  }

  /**
   * The meaning of the colours of one kind of map.
   *
   * @param name one word, above the maps if there are several kinds
   * @param quantity the quantity that the map shows
   * @param positive what orange means, such as {@code speaks for the answer}
   * @param negative what blue means; null if no map of the kind has negative values
   */
  public record Key(String name, String quantity, String positive, String negative) {
    /** The lines of text: quantity, numbers and each colour. */
    private int lines() {
      return negative == null ? 3 : 4;
    }
  }

  /** Sizes in points, common to all cells; {@code head} is that of the names above the maps. */
  private record Layout(
      int target, int columns, int cell, int pictures, int line, int lines, int head) {
    int rowHeight() {
      return pictures + 2 + lines * line + GAP;
    }
  }

  /**
   * Draws the panels row by row, as many in a row as fit, each image enlarged by an integer factor
   * (nearest neighbour) to about 192 pixels, or 128 if it has several maps.
   *
   * @param title the title
   * @param keys the legends below the grid, one for each kind of map
   * @param panels the panels in reading order, at least one, with maps of all kinds
   * @return a picture with a transparent background, 960 pixels wide
   * @throws IllegalArgumentException if there are no panels, or one has another number of maps than
   *     there are legends
   */
  public static Picture draw(String title, List<Key> keys, List<Panel> panels) {
    if (panels.isEmpty()) {
      throw new IllegalArgumentException("no panels to draw");
    }
    for (Panel panel : panels) {
      if (panel.maps().size() != keys.size()) {
        throw new IllegalArgumentException(
            "an image with %d maps, expected one for each of %d legends"
                .formatted(panel.maps().size(), keys.size()));
      }
    }
    Graphics2D measure = PlotStyle.measure();
    Title head = Title.of(measure, title, PlotStyle.WIDTH);
    Layout layout = layout(panels, measure.getFontMetrics(PlotStyle.textFont()));
    measure.dispose();
    int rows = (panels.size() + layout.columns() - 1) / layout.columns();
    int top = head.height() + layout.head();
    int bottom = top + rows * layout.rowHeight();
    int height = bottom + keys.stream().mapToInt(k -> keyHeight(k, layout)).sum();
    BufferedImage image = PlotStyle.clear(PlotStyle.WIDTH, height);
    Graphics2D graphics = PlotStyle.graphics(image);
    head.draw(graphics, PlotStyle.sheetInk());
    int used = Math.min(layout.columns(), panels.size());
    int left = (PlotStyle.WIDTH - used * (layout.cell() + GAP) + GAP) / 2;
    float[] limits = limits(keys.size(), panels);
    for (int i = 0; i < panels.size(); i++) {
      int x = left + i % used * (layout.cell() + GAP);
      if (i < used && layout.head() > 0) {
        drawNames(graphics, keys, panels.get(i), layout, x, head.height());
      }
      drawPanel(graphics, panels.get(i), layout, limits, x, top + i / used * layout.rowHeight());
    }
    int key = bottom;
    for (int kind = 0; kind < limits.length; kind++) {
      drawKey(graphics, keys.get(kind), limits[kind], key);
      key += keyHeight(keys.get(kind), layout);
    }
    graphics.dispose();
    return new Picture(image);
  }

  private static int keyHeight(Key key, Layout layout) {
    return key.lines() * layout.line() + BAR_HEIGHT + GAP;
  }

  private static float[] limits(int kinds, List<Panel> panels) {
    float[] limits = new float[kinds];
    for (int kind = 0; kind < kinds; kind++) {
      for (Panel panel : panels) {
        limits[kind] = Math.max(limits[kind], panel.largest(kind));
      }
    }
    return limits;
  }

  private static Layout layout(List<Panel> panels, FontMetrics text) {
    int maps = panels.get(0).maps().size();
    int target = maps == 1 ? PICTURE_TARGET : SMALLER_TARGET;
    int cell = 0;
    int pictures = 0;
    int lines = 0;
    for (Panel panel : panels) {
      int enlargement = enlargement(panel, target);
      int width = PlotStyle.points(enlargement * panel.width());
      cell = Math.max(cell, (1 + maps) * width + maps * BETWEEN);
      pictures = Math.max(pictures, PlotStyle.points(enlargement * panel.height()));
      lines = Math.max(lines, panel.caption().size());
      for (String line : panel.caption()) {
        cell = Math.max(cell, text.stringWidth(line));
      }
    }
    int room = PlotStyle.WIDTH - 2 * PlotStyle.MARGIN + GAP;
    int columns = Math.max(1, room / (cell + GAP));
    int head = maps == 1 ? 0 : text.getHeight();
    return new Layout(target, columns, cell, pictures, text.getHeight(), lines, head);
  }

  private static int enlargement(Panel panel, int target) {
    return PlotStyle.enlargement(target, Math.max(panel.height(), panel.width()));
  }

  private static void drawNames(
      Graphics2D graphics, List<Key> keys, Panel panel, Layout layout, int x, int y) {
    graphics.setColor(PlotStyle.sheetInk());
    graphics.setFont(PlotStyle.textFont());
    int width = PlotStyle.points(enlargement(panel, layout.target()) * panel.width());
    for (int kind = 0; kind < keys.size(); kind++) {
      double middle = x + (kind + 1) * (width + BETWEEN) + width / 2.0;
      centred(graphics, keys.get(kind).name(), middle, y + graphics.getFontMetrics().getAscent());
    }
  }

  private static void drawPanel(
      Graphics2D graphics, Panel panel, Layout layout, float[] limits, int x, int y) {
    int enlargement = enlargement(panel, layout.target());
    BufferedImage picture =
        PlotStyle.picture(panel.pixels(), panel.height(), panel.width(), panel.channels());
    PlotStyle.photograph(graphics, picture, x, y, enlargement);
    int beside = x;
    for (int kind = 0; kind < limits.length; kind++) {
      beside += PlotStyle.points(enlargement * panel.width()) + BETWEEN;
      BufferedImage map = overlay(picture, panel, panel.maps().get(kind), limits[kind]);
      PlotStyle.photograph(graphics, map, beside, y, enlargement);
    }
    graphics.setColor(PlotStyle.sheetInk());
    graphics.setFont(PlotStyle.textFont());
    int baseline = y + layout.pictures() + 2 + graphics.getFontMetrics().getAscent();
    for (String line : panel.caption()) {
      graphics.drawString(line, x, baseline);
      baseline += layout.line();
    }
  }

  private static BufferedImage overlay(
      BufferedImage picture, Panel panel, float[] map, float limit) {
    BufferedImage overlay =
        new BufferedImage(panel.width(), panel.height(), BufferedImage.TYPE_INT_RGB);
    for (int p = 0; p < map.length; p++) {
      Color colour = new Color(picture.getRGB(p % panel.width(), p / panel.width()));
      int grey =
          (int)
              Math.round(
                  0.299 * colour.getRed() + 0.587 * colour.getGreen() + 0.114 * colour.getBlue());
      float share = limit == 0 ? 0 : map[p] / limit;
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

  /** Draws the quantity, a colour bar with its numbers, and the meaning of its ends. */
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
    centred(graphics, most, left + BAR, numbers);
    centred(graphics, "orange: " + key.positive, middle, numbers + metrics.getHeight());
    if (key.negative == null) {
      centred(graphics, "0", left, numbers);
    } else {
      centred(graphics, "−" + most, left, numbers);
      centred(graphics, "0", middle, numbers);
      centred(graphics, "blue: " + key.negative, middle, numbers + 2 * metrics.getHeight());
    }
    int steps = PlotStyle.SCALE * BAR;
    for (int i = 0; i < steps; i++) {
      float share = (float) i / (steps - 1);
      graphics.setColor(shade(200, key.negative == null ? share : 2 * share - 1));
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
