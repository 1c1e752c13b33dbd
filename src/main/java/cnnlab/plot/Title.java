package cnnlab.plot;

import java.awt.Color;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.util.List;

/**
 * A title in bold, in as many lines as it needs.
 *
 * @param lines the lines, at least one
 * @param width the width in points in which the title is centred
 * @param height the space in points that the title takes from the top edge of the picture
 */
public record Title(List<String> lines, int width, int height) {
  private static final int BELOW = 8;
  private static final int STEP = 8;

  /** Wraps the title between words to fit the width. */
  public static Title of(Graphics2D graphics, String text, int width) {
    FontMetrics metrics = graphics.getFontMetrics(PlotStyle.titleFont());
    double room = width - 2.0 * PlotStyle.MARGIN;
    List<String> lines = AxisLabels.wrap(text, metrics, room);
    // As narrow as this number of lines allows, so that the last line is not a single word.
    for (double narrower = room; lines.size() > 1; narrower -= STEP) {
      List<String> fewer = AxisLabels.wrap(text, metrics, narrower);
      if (fewer.size() > lines.size()) {
        break;
      }
      lines = fewer;
    }
    return new Title(lines, width, PlotStyle.MARGIN + lines.size() * metrics.getHeight() + BELOW);
  }

  /** Draws it at the top of a picture. */
  public void draw(Graphics2D graphics) {
    draw(graphics, PlotStyle.ink());
  }

  /** The same in another colour. */
  public void draw(Graphics2D graphics, Color colour) {
    graphics.setColor(colour);
    graphics.setFont(PlotStyle.titleFont());
    FontMetrics metrics = graphics.getFontMetrics();
    int baseline = PlotStyle.MARGIN + metrics.getAscent();
    for (String line : lines) {
      String shown = AxisLabels.cut(line, metrics, width - 2.0 * PlotStyle.MARGIN);
      graphics.drawString(shown, (width - metrics.stringWidth(shown)) / 2f, baseline);
      baseline += metrics.getHeight();
    }
  }
}
