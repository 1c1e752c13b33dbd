package cnnlab.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;

/** A line above a picture that says it is of a trial: it goes wherever the picture is copied to. */
final class Banner {
  private static final int GAP = 6;

  private Banner() {}

  /**
   * The picture, as wide, with the line above it.
   *
   * @param mark see {@link TrialMark}
   */
  static BufferedImage above(BufferedImage picture, String mark) {
    Graphics2D measure = Canvas.graphics(Canvas.white(1, 1));
    Font font = Canvas.font(Font.BOLD, 15);
    FontMetrics metrics = measure.getFontMetrics(font);
    measure.dispose();
    int height = metrics.getHeight() + 2 * GAP;
    BufferedImage image = Canvas.white(picture.getWidth(), height + picture.getHeight());
    Graphics2D graphics = Canvas.graphics(image);
    graphics.setColor(Canvas.wrong());
    graphics.fillRect(0, 0, image.getWidth(), height);
    graphics.setColor(Color.WHITE);
    graphics.setFont(font);
    String text =
        AxisLabels.cut(mark + ": a trial, no result", metrics, image.getWidth() - 2 * GAP);
    graphics.drawString(text, GAP, GAP + metrics.getAscent());
    graphics.drawImage(picture, 0, height, null);
    graphics.dispose();
    return image;
  }
}
