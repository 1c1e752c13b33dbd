package cnnlab.plot.sheet;

import cnnlab.plot.Picture;
import cnnlab.plot.PlotStyle;
import cnnlab.plot.Title;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.Collectors;

/** A sheet of images in rows: originals and their transformed versions. */
public final class ContactSheet {
  private static final int LARGEST = 84;
  private static final int SMALLEST = 40;
  private static final int GAP = 6;

  private ContactSheet() {}

  /**
   * One row.
   *
   * @param label the label at the left, such as the class
   * @param images the images, each as unsigned bytes [H, W, C]
   */
  public record Row(String label, List<byte[]> images) {}

  /**
   * The shape of all images.
   *
   * @param height H in pixels
   * @param width W in pixels
   * @param channels C: 1 for grey, 3 for RGB
   */
  public record Shape(int height, int width, int channels) {}

  /**
   * Draws the sheet; images are enlarged by an integer factor (nearest neighbour) such that all
   * columns fit, to at most about 168 pixels.
   *
   * @param title the title; long titles are wrapped
   * @param columns the headers of the columns
   * @param rows the rows from top to bottom, each with one image per column
   * @return a picture with a transparent background, 960 pixels wide, or wider for many columns
   * @throws IllegalArgumentException if there is nothing to draw, the number of images in a row
   *     differs from the number of columns, an image does not match the shape, or C is not 1 or 3
   */
  public static Picture draw(String title, List<String> columns, List<Row> rows, Shape shape) {
    check(columns, rows, shape);
    Graphics2D measure = PlotStyle.measure();
    FontMetrics metrics = measure.getFontMetrics(PlotStyle.textFont());
    int labels =
        PlotStyle.MARGIN
            + rows.stream().mapToInt(r -> metrics.stringWidth(r.label())).max().orElse(0)
            + GAP;
    int room = (PlotStyle.WIDTH - labels - PlotStyle.MARGIN) / columns.size() - GAP;
    int longer = Math.max(shape.height(), shape.width());
    int enlargement = PlotStyle.enlargement(Math.max(SMALLEST, Math.min(LARGEST, room)), longer);
    if (enlargement > 1
        && PlotStyle.points(enlargement * shape.width()) > Math.max(SMALLEST, room)) {
      enlargement--;
    }
    int cellWidth = PlotStyle.points(enlargement * shape.width());
    int cellHeight = PlotStyle.points(enlargement * shape.height());
    int pitch =
        GAP + Math.max(cellWidth, columns.stream().mapToInt(metrics::stringWidth).max().orElse(0));
    int width = Math.max(PlotStyle.WIDTH, labels + columns.size() * pitch + PlotStyle.MARGIN);
    Title head = Title.of(measure, title, width);
    measure.dispose();
    int top = head.height() + metrics.getHeight() + 2;
    BufferedImage image =
        PlotStyle.clear(width, top + rows.size() * (cellHeight + GAP) + PlotStyle.MARGIN - GAP);
    Graphics2D graphics = PlotStyle.graphics(image);
    head.draw(graphics, PlotStyle.sheetInk());
    graphics.setFont(metrics.getFont());
    graphics.translate((width - labels - columns.size() * pitch) / 2.0, 0);
    for (int i = 0; i < columns.size(); i++) {
      float indent = (cellWidth - metrics.stringWidth(columns.get(i))) / 2f;
      graphics.drawString(
          columns.get(i), labels + i * pitch + indent, head.height() + metrics.getAscent());
    }
    for (int r = 0; r < rows.size(); r++) {
      int y = top + r * (cellHeight + GAP);
      graphics.drawString(
          rows.get(r).label(),
          PlotStyle.MARGIN,
          (float) (y + cellHeight / 2.0 + PlotStyle.middle(metrics)));
      for (int i = 0; i < columns.size(); i++) {
        BufferedImage picture =
            PlotStyle.picture(
                rows.get(r).images().get(i), shape.height(), shape.width(), shape.channels());
        PlotStyle.photograph(graphics, picture, labels + i * pitch, y, enlargement);
      }
    }
    graphics.dispose();
    return new Picture(image);
  }

  private static void check(List<String> columns, List<Row> rows, Shape shape) {
    if (columns.isEmpty() || rows.isEmpty()) {
      throw new IllegalArgumentException(
          rows.size() + " rows of " + columns.size() + " images: nothing to draw");
    }
    if (shape.channels() != 1 && shape.channels() != 3) {
      throw new IllegalArgumentException(
          shape.channels() + " channels, expected 1 (grey) or 3 (RGB)");
    }
    int size = shape.height() * shape.width() * shape.channels();
    for (Row row : rows) {
      if (row.images().size() != columns.size()
          || row.images().stream().anyMatch(image -> image.length != size)) {
        throw new IllegalArgumentException(
            "row %s: images of %s bytes found, expected %d of %d bytes"
                .formatted(
                    row.label(),
                    row.images().stream()
                        .map(image -> String.valueOf(image.length))
                        .collect(Collectors.joining(", ")),
                    columns.size(),
                    size));
      }
    }
  }
}
