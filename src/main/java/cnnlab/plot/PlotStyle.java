package cnnlab.plot;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;

/**
 * Colours, fonts and blank images shared by all pictures. Loading this class makes AWT headless
 * (unless the user has set the property), so it must be loaded before any AWT class.
 *
 * <p>All sizes in plots are in points. An image has {@value #SCALE} pixels per point, and a chart
 * is {@value #WIDTH} points wide, so that its texts are readable even if a page shows it 400 pixels
 * wide.
 */
public final class PlotStyle {

  static {
    if (System.getProperty("java.awt.headless") == null) {
      System.setProperty("java.awt.headless", "true");
    }
  }

  /** Pixels per point. */
  public static final int SCALE = 2;

  /** The width of a chart in points. */
  public static final int WIDTH = 480;

  /** The margin at the edges in points. */
  public static final int MARGIN = 12;

  /** Okabe and Ito's palette without yellow, which colour-blind readers can distinguish. */
  private static final int[] SERIES = {0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0x56B4E9, 0xE69F00};

  private static final int INK = 0x222222;
  private static final int FAINT = 0xE3E3E3;

  /** Contrast of 4.3 to white and of 4.1 to the background of dark pages. */
  private static final int SHEET_INK = 0x757B84;

  /** Contrast of 4.4 to white and of 4.1 to the background of dark pages. */
  private static final int WRONG = 0xDC3D3D;

  private PlotStyle() {}

  /** A white opaque image, for charts, whose colours pages invert in dark mode. */
  public static BufferedImage white(int width, int height) {
    BufferedImage image =
        new BufferedImage(SCALE * width, SCALE * height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
    graphics.dispose();
    return image;
  }

  /** A transparent image, for sheets of photographs, whose colours must not be changed. */
  public static BufferedImage clear(int width, int height) {
    return new BufferedImage(SCALE * width, SCALE * height, BufferedImage.TYPE_INT_ARGB);
  }

  /**
   * An image with the given pixels.
   *
   * @param pixels unsigned bytes [H, W, C]
   * @param channels C: 1 for grey, 3 for RGB
   */
  public static BufferedImage picture(byte[] pixels, int height, int width, int channels) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int p = 0; p < height * width; p++) {
      int red = pixels[p * channels] & 0xFF;
      int green = channels == 1 ? red : pixels[p * channels + 1] & 0xFF;
      int blue = channels == 1 ? red : pixels[p * channels + 2] & 0xFF;
      image.setRGB(p % width, p / width, red << 16 | green << 8 | blue);
    }
    return image;
  }

  /**
   * The integer factor, at least 1, by which a photograph is enlarged to about the requested size.
   *
   * @param points requested size of the longer side in points
   * @param longer size of the longer side in pixels
   */
  public static int enlargement(double points, int longer) {
    return Math.max(1, (int) Math.round(SCALE * points / longer));
  }

  /** The size in points, rounded up, of the given number of image pixels. */
  public static int points(int pixels) {
    return (pixels + SCALE - 1) / SCALE;
  }

  /** Draws a photograph, each pixel as a square of {@code enlargement} image pixels. */
  public static void photograph(
      Graphics2D graphics, BufferedImage picture, double x, double y, int enlargement) {
    Graphics2D raw = (Graphics2D) graphics.create();
    raw.translate(x, y);
    raw.scale(1.0 / SCALE, 1.0 / SCALE);
    raw.drawImage(
        picture, 0, 0, enlargement * picture.getWidth(), enlargement * picture.getHeight(), null);
    raw.dispose();
  }

  /** Graphics in points with anti-aliasing. The caller disposes of it. */
  public static Graphics2D graphics(BufferedImage image) {
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    // Otherwise vertical and horizontal lines snap to whole pixels, but slanted lines between them
    // do not.
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.scale(SCALE, SCALE);
    graphics.setColor(ink());
    return graphics;
  }

  /** Graphics for measuring texts before the image exists. */
  public static Graphics2D measure() {
    return graphics(white(1, 1));
  }

  public static Font titleFont() {
    return new Font(Font.SANS_SERIF, Font.BOLD, 15);
  }

  public static Font textFont() {
    return new Font(Font.SANS_SERIF, Font.PLAIN, 13);
  }

  public static Font boldFont() {
    return new Font(Font.SANS_SERIF, Font.BOLD, 13);
  }

  public static Color ink() {
    return new Color(INK);
  }

  public static Color faint() {
    return new Color(FAINT);
  }

  /** The colour of texts on sheets, readable on white and on dark backgrounds. */
  public static Color sheetInk() {
    return new Color(SHEET_INK);
  }

  public static Color wrong() {
    return new Color(WRONG);
  }

  public static Color series(int index) {
    return new Color(SERIES[index % SERIES.length]);
  }

  /**
   * A colour mixed with white.
   *
   * @param depth 0 for white, 1 for the colour itself
   */
  public static Color tint(Color colour, double depth) {
    return mix(Color.WHITE, colour, depth);
  }

  /**
   * A colour between two.
   *
   * @param share share of the second colour, 0..1
   */
  public static Color mix(Color first, Color second, double share) {
    return new Color(
        between(first.getRed(), second.getRed(), share),
        between(first.getGreen(), second.getGreen(), share),
        between(first.getBlue(), second.getBlue(), share));
  }

  private static int between(int from, int to, double share) {
    return (int) Math.round(from + share * (to - from));
  }

  /** The distance from the middle of a line of text to its baseline. */
  public static double middle(FontMetrics metrics) {
    return (metrics.getAscent() - metrics.getDescent()) / 2.0;
  }

  /** Draws a filled dot in the current colour. */
  public static void dot(Graphics2D graphics, double x, double y, double radius) {
    graphics.fill(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius));
  }
}
