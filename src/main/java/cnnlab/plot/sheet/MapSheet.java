package cnnlab.plot.sheet;

import cnnlab.plot.Picture;
import cnnlab.plot.PlotStyle;
import cnnlab.plot.Title;
import cnnlab.text.Numbers;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;

/**
 * Maps of numbers, such as kernels and feature maps: orange where they are positive, blue where
 * they are negative, white at 0. Small maps show their numbers.
 */
public final class MapSheet {
  private static final int ROOM = PlotStyle.WIDTH - 2 * PlotStyle.MARGIN;
  private static final int GAP = 8;

  /** The side of a square with a number in it, in points. */
  private static final int NUMBERED = 30;

  /** The most values of a group that are shown as numbers. */
  private static final int MOST_NUMBERS = 450;

  private static final int LARGEST = 84;
  private static final int SMALLEST = 40;
  private static final int COLUMNS = 8;
  private static final int BAR = 120;
  private static final int BAR_HEIGHT = 10;
  private static final int DARK = 140;

  private MapSheet() {}

  /**
   * A map.
   *
   * @param caption the words below it, such as the number of the channel; may be empty
   * @param values row by row, at most H·W; places without a value stay empty
   */
  public record Tile(String caption, float[] values) {}

  /**
   * Maps of the same size on one scale.
   *
   * @param title the words above them
   * @param height H of each map
   * @param width W of each map
   * @param tiles the maps in reading order, at least one
   * @param limit the absolute value of the deepest colours; 0 if all values are 0
   */
  public record Band(String title, int height, int width, List<Tile> tiles, double limit) {

    /**
     * @throws IllegalArgumentException if there are no maps, a map has more values than places, or
     *     the limit is negative or not finite
     */
    public Band {
      tiles = List.copyOf(tiles);
      if (tiles.isEmpty() || height < 1 || width < 1) {
        throw new IllegalArgumentException(
            "%s: %s maps of %sx%s, expected at least one"
                .formatted(title, tiles.size(), height, width));
      }
      for (Tile tile : tiles) {
        if (tile.values.length > (long) height * width) {
          throw new IllegalArgumentException(
              "%s: a map of %s values, expected at most %sx%s"
                  .formatted(title, tile.values.length, height, width));
        }
      }
      if (!(limit >= 0) || Double.isInfinite(limit)) {
        throw new IllegalArgumentException(
            "%s: limit %s, expected a finite number of 0 or more".formatted(title, limit));
      }
    }

    /** Maps on a scale of their own, whose end is their largest absolute value. */
    public Band(String title, int height, int width, List<Tile> tiles) {
      this(title, height, width, tiles, largest(tiles));
    }
  }

  /** The largest absolute value of the maps that is finite; 0 if there is none. */
  public static double largest(List<Tile> tiles) {
    double largest = 0;
    for (Tile tile : tiles) {
      for (float value : tile.values) {
        largest = Float.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
      }
    }
    return largest;
  }

  /**
   * Draws the groups below each other. Values that are NaN or infinite are black squares with a
   * white cross.
   *
   * @param title the title
   * @param bands at least one
   * @return an opaque picture, 960 pixels wide
   * @throws IllegalArgumentException if there is nothing to draw
   */
  public static Picture draw(String title, List<Band> bands) {
    if (bands.isEmpty()) {
      throw new IllegalArgumentException("no maps to draw");
    }
    Graphics2D measure = PlotStyle.measure();
    Title head = Title.of(measure, title, PlotStyle.WIDTH);
    List<Grid> grids = bands.stream().map(band -> Grid.of(measure, band)).toList();
    measure.dispose();
    double height =
        head.height() + grids.stream().mapToDouble(Grid::height).sum() + PlotStyle.MARGIN;
    BufferedImage image = PlotStyle.white(PlotStyle.WIDTH, (int) Math.ceil(height));
    Graphics2D graphics = PlotStyle.graphics(image);
    head.draw(graphics);
    double top = head.height();
    for (Grid grid : grids) {
      grid.draw(graphics, top);
      top += grid.height();
    }
    graphics.dispose();
    return new Picture(image);
  }

  private static Font small() {
    return PlotStyle.textFont().deriveFont(10f);
  }

  /**
   * A group and its sizes in points.
   *
   * @param title the lines above the maps
   * @param unit the side of one value
   * @param numbered whether the numbers are shown
   * @param columns maps in a row
   * @param line height of a line of text
   * @param caption height of the words below a map
   */
  private record Grid(
      Band band,
      List<String> title,
      double unit,
      boolean numbered,
      int columns,
      int line,
      int caption) {

    static Grid of(Graphics2D measure, Band band) {
      int n = band.tiles.size();
      int longer = Math.max(band.height, band.width);
      boolean numbered =
          (long) n * band.height * band.width <= MOST_NUMBERS && band.width * NUMBERED <= ROOM;
      double room = (double) (ROOM + GAP) / Math.min(n, COLUMNS) - GAP;
      double target = Math.max(SMALLEST, Math.min(LARGEST, room));
      double unit =
          numbered ? NUMBERED : (double) PlotStyle.enlargement(target, longer) / PlotStyle.SCALE;
      if (band.width * unit > ROOM) {
        unit = (double) ROOM / band.width;
      }
      int columns = Math.max(1, (int) ((ROOM + GAP) / (band.width * unit + GAP)));
      boolean words = band.tiles.stream().anyMatch(tile -> !tile.caption.isEmpty());
      FontMetrics text = measure.getFontMetrics(PlotStyle.boldFont());
      Title lines = Title.of(measure, band.title, PlotStyle.WIDTH);
      return new Grid(
          band,
          lines.lines(),
          unit,
          numbered,
          columns,
          text.getHeight(),
          words ? measure.getFontMetrics(small()).getHeight() : 0);
    }

    private double rowHeight() {
      return band.height * unit + caption + GAP;
    }

    private double head() {
      return (title.size() + (band.limit > 0 ? 1 : 0)) * line + GAP / 2.0;
    }

    double height() {
      int rows = (band.tiles.size() + columns - 1) / columns;
      return head() + rows * rowHeight() + GAP;
    }

    void draw(Graphics2D graphics, double top) {
      graphics.setFont(PlotStyle.boldFont());
      graphics.setColor(PlotStyle.ink());
      double baseline = top + graphics.getFontMetrics().getAscent();
      for (String words : title) {
        graphics.drawString(words, PlotStyle.MARGIN, (float) baseline);
        baseline += line;
      }
      if (band.limit > 0) {
        drawKey(graphics, baseline);
      }
      for (int i = 0; i < band.tiles.size(); i++) {
        double x = PlotStyle.MARGIN + i % columns * (band.width * unit + GAP);
        drawTile(graphics, band.tiles.get(i), x, top + head() + i / columns * rowHeight());
      }
    }

    /** The scale: its ends and a bar of its colours. */
    private void drawKey(Graphics2D graphics, double baseline) {
      graphics.setFont(PlotStyle.textFont());
      FontMetrics metrics = graphics.getFontMetrics();
      String most = Numbers.significant(band.limit);
      String least = "−" + most;
      double bar = PlotStyle.MARGIN + metrics.stringWidth(least) + (double) GAP;
      double middle = baseline - PlotStyle.middle(metrics);
      graphics.drawString(least, PlotStyle.MARGIN, (float) baseline);
      graphics.drawString(most, (float) (bar + BAR + GAP), (float) baseline);
      int steps = PlotStyle.SCALE * BAR;
      for (int i = 0; i < steps; i++) {
        graphics.setColor(colour(2.0 * i / (steps - 1) - 1));
        graphics.fill(
            new Rectangle2D.Double(
                bar + (double) i / PlotStyle.SCALE,
                middle - BAR_HEIGHT / 2.0,
                1.0 / PlotStyle.SCALE,
                BAR_HEIGHT));
      }
      graphics.setColor(PlotStyle.ink());
    }

    private void drawTile(Graphics2D graphics, Tile tile, double x, double y) {
      double width = band.width * unit;
      double height = band.height * unit;
      BufferedImage map = image(tile);
      Graphics2D raw = (Graphics2D) graphics.create();
      if (unit * PlotStyle.SCALE < 1) {
        raw.setRenderingHint(
            RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
      }
      raw.translate(x, y);
      raw.scale(unit, unit);
      raw.drawImage(map, 0, 0, null);
      raw.dispose();
      for (int i = 0; i < tile.values.length; i++) {
        double left = x + i % band.width * unit;
        double top = y + (double) (i / band.width) * unit;
        if (!Float.isFinite(tile.values[i])) {
          drawCross(graphics, left, top);
        } else if (numbered) {
          drawNumber(graphics, tile.values[i], left, top);
        }
      }
      graphics.setColor(PlotStyle.mix(PlotStyle.faint(), PlotStyle.ink(), 0.3));
      // Around the values, not on them.
      graphics.setStroke(new BasicStroke(1));
      graphics.draw(new Rectangle2D.Double(x - 0.5, y - 0.5, width + 1, height + 1));
      graphics.setFont(small());
      graphics.setColor(PlotStyle.ink());
      FontMetrics metrics = graphics.getFontMetrics();
      graphics.drawString(
          tile.caption,
          (float) (x + (width - metrics.stringWidth(tile.caption)) / 2),
          (float) (y + height + metrics.getAscent()));
    }

    private BufferedImage image(Tile tile) {
      BufferedImage map = new BufferedImage(band.width, band.height, BufferedImage.TYPE_INT_RGB);
      for (int p = 0; p < band.width * band.height; p++) {
        Color colour = PlotStyle.faint();
        if (p < tile.values.length) {
          float value = tile.values[p];
          colour =
              !Float.isFinite(value)
                  ? Color.BLACK
                  : colour(band.limit == 0 ? 0 : value / band.limit);
        }
        map.setRGB(p % band.width, p / band.width, colour.getRGB());
      }
      return map;
    }

    private void drawCross(Graphics2D graphics, double left, double top) {
      graphics.setColor(Color.WHITE);
      graphics.setStroke(new BasicStroke((float) Math.min(1, unit / 6)));
      graphics.draw(new Line2D.Double(left, top, left + unit, top + unit));
      graphics.draw(new Line2D.Double(left, top + unit, left + unit, top));
    }

    private void drawNumber(Graphics2D graphics, float value, double left, double top) {
      String text = number(value);
      Font font = small();
      FontMetrics metrics = graphics.getFontMetrics(font);
      while (metrics.stringWidth(text) > unit - 2 && font.getSize2D() > 6) {
        font = font.deriveFont(font.getSize2D() - 0.5f);
        metrics = graphics.getFontMetrics(font);
      }
      Color fill = colour(band.limit == 0 ? 0 : value / band.limit);
      double luminance = 0.299 * fill.getRed() + 0.587 * fill.getGreen() + 0.114 * fill.getBlue();
      graphics.setFont(font);
      graphics.setColor(luminance < DARK ? Color.WHITE : PlotStyle.ink());
      graphics.drawString(
          text,
          (float) (left + (unit - metrics.stringWidth(text)) / 2),
          (float) (top + unit / 2 + PlotStyle.middle(metrics)));
    }
  }

  /** Three significant digits, short enough for a square. */
  static String number(float value) {
    if (value == 0) {
      return "0";
    }
    double size = Math.abs(value);
    String text =
        size >= 1e-3 && size < 1e5
            ? String.format(Locale.ROOT, size < 1 ? "%.3f" : size < 100 ? "%.2f" : "%.0f", value)
            : String.format(Locale.ROOT, "%.0e", value)
                .replaceFirst("e([+-])0*", "e$1")
                .replace("e+", "e");
    return text.replace('-', '−').replaceFirst("^(−?)0\\.", "$1.");
  }

  /** White at 0, orange at 1, blue at −1. */
  private static Color colour(double share) {
    double depth = Math.min(1, Math.abs(share));
    return PlotStyle.tint(PlotStyle.series(share > 0 ? 1 : 0), depth);
  }
}
