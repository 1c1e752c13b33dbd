package cnnlab.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/**
 * Colours, fonts and empty images shared by everything that is drawn. Loading this class makes AWT
 * headless (unless the user said otherwise), so it must be touched before any other AWT class.
 */
final class Canvas {

  static {
    if (System.getProperty("java.awt.headless") == null) {
      System.setProperty("java.awt.headless", "true");
    }
  }

  /** Okabe and Ito's palette without the yellow: told apart by colour-blind readers too. */
  private static final int[] SERIES = {0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0x56B4E9, 0xE69F00};

  private static final int INK = 0x222222;
  private static final int FAINT = 0xE3E3E3;
  private static final int WRONG = 0xC81E1E;

  private Canvas() {}

  /** A white opaque image. */
  static BufferedImage white(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width, height);
    graphics.dispose();
    return image;
  }

  /**
   * An image of the same size.
   *
   * @param pixels unsigned bytes [H, W, C]
   * @param channels C: 1 for grey, 3 for RGB
   */
  static BufferedImage picture(byte[] pixels, int height, int width, int channels) {
    BufferedImage image = white(width, height);
    for (int p = 0; p < height * width; p++) {
      int red = pixels[p * channels] & 0xFF;
      int green = channels == 1 ? red : pixels[p * channels + 1] & 0xFF;
      int blue = channels == 1 ? red : pixels[p * channels + 2] & 0xFF;
      image.setRGB(p % width, p / width, red << 16 | green << 8 | blue);
    }
    return image;
  }

  /** Graphics with smooth shapes and text. The caller disposes of it. */
  static Graphics2D graphics(BufferedImage image) {
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setColor(ink());
    return graphics;
  }

  static Font font(int style, int size) {
    return new Font(Font.SANS_SERIF, style, size);
  }

  static Color ink() {
    return new Color(INK);
  }

  static Color faint() {
    return new Color(FAINT);
  }

  static Color wrong() {
    return new Color(WRONG);
  }

  static Color series(int index) {
    return new Color(SERIES[index % SERIES.length]);
  }
}
