package cnnlab.report;

import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Rows of images side by side: an original and what was made of it. */
public final class ContactSheet {
  private static final int IMAGE_TARGET = 84;
  private static final int GAP = 8;

  private ContactSheet() {}

  /**
   * One row.
   *
   * @param label at the left, such as the class
   * @param images unsigned bytes [H, W, C] each
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
   * Draws the sheet; images are enlarged by a whole factor (nearest neighbour) to about 84 pixels.
   *
   * @param lines above the images; long ones are broken
   * @param columns the columns' heads
   * @param rows from top to bottom, each with an image per column
   * @throws IllegalArgumentException when there is nothing to draw, a row has another number of
   *     images than there are columns, an image does not fit the shape, or C is not 1 or 3
   */
  public static BufferedImage draw(
      List<String> lines, List<String> columns, List<Row> rows, Shape shape) {
    check(columns, rows, shape);
    int scale =
        Math.max(1, Math.round((float) IMAGE_TARGET / Math.max(shape.height(), shape.width())));
    int cellWidth = scale * shape.width();
    int cellHeight = scale * shape.height();
    Graphics2D measure = Canvas.graphics(Canvas.white(1, 1));
    FontMetrics metrics = measure.getFontMetrics(Canvas.font(Font.PLAIN, 13));
    measure.dispose();
    int labels =
        GAP + rows.stream().mapToInt(r -> metrics.stringWidth(r.label())).max().orElse(0) + GAP;
    int width = labels + columns.size() * (cellWidth + GAP);
    List<String> text =
        lines.stream().flatMap(line -> broken(line, metrics, width - 2 * GAP).stream()).toList();
    int header = GAP + (text.size() + 1) * metrics.getHeight() + GAP;
    BufferedImage image = Canvas.white(width, header + rows.size() * (cellHeight + GAP));
    Graphics2D graphics = Canvas.graphics(image);
    graphics.setFont(metrics.getFont());
    int baseline = GAP + metrics.getAscent();
    for (String line : text) {
      graphics.drawString(line, GAP, baseline);
      baseline += metrics.getHeight();
    }
    for (int i = 0; i < columns.size(); i++) {
      int indent = (cellWidth - metrics.stringWidth(columns.get(i))) / 2;
      graphics.drawString(columns.get(i), labels + i * (cellWidth + GAP) + indent, baseline + 2);
    }
    for (int r = 0; r < rows.size(); r++) {
      int top = header + r * (cellHeight + GAP);
      graphics.drawString(rows.get(r).label(), GAP, top + cellHeight / 2);
      for (int i = 0; i < columns.size(); i++) {
        BufferedImage picture =
            Canvas.picture(
                rows.get(r).images().get(i), shape.height(), shape.width(), shape.channels());
        int left = labels + i * (cellWidth + GAP);
        graphics.drawImage(picture, left, top, cellWidth, cellHeight, null);
      }
    }
    graphics.dispose();
    return image;
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
            "row %s: images of %s bytes found, %d of %d bytes expected"
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

  /** The line in pieces that are no wider than {@code width} pixels, where words allow. */
  private static List<String> broken(String line, FontMetrics metrics, int width) {
    List<String> pieces = new ArrayList<>();
    StringBuilder piece = new StringBuilder();
    for (String word : line.split(" ")) {
      if (!piece.isEmpty() && metrics.stringWidth(piece + " " + word) > width) {
        pieces.add(piece.toString());
        piece.setLength(0);
      }
      piece.append(piece.isEmpty() ? "" : " ").append(word);
    }
    pieces.add(piece.toString());
    return pieces;
  }
}
