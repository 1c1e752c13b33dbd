package cnnlab.plot;

import cnnlab.io.AtomicFile;
import java.awt.Color;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** A picture that was drawn, or read from a PNG file. */
public final class Picture {
  private static final int GAP = 6;

  private final BufferedImage image;

  public Picture(BufferedImage image) {
    this.image = image;
  }

  /**
   * Reads a PNG file: all of it, and not only its size, so that a file that was cut off is found.
   *
   * @throws IOException when it is none
   */
  public static Picture read(Path file) throws IOException {
    ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      reader.setInput(in);
      return new Picture(reader.read(0));
    } catch (RuntimeException e) {
      throw new IOException(e.getMessage(), e);
    } finally {
      reader.dispose();
    }
  }

  /** In pixels. */
  public int width() {
    return image.getWidth();
  }

  /** In pixels. */
  public int height() {
    return image.getHeight();
  }

  /** Whether it has no ground of its own. */
  public boolean transparent() {
    return image.getColorModel().hasAlpha();
  }

  BufferedImage image() {
    return image;
  }

  /**
   * As a PNG file, encoded in memory: ImageIO's own way needs a temporary file in {@code
   * java.io.tmpdir}, which may be missing or full.
   *
   * @param mark of a trial, such as {@code QUICK}, in a line above the picture; empty for none
   * @throws IOException when there is no writer for such an image
   */
  public byte[] png(String mark) throws IOException {
    BufferedImage drawn = mark.isEmpty() ? image : marked(mark);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      if (!ImageIO.write(drawn, "png", out)) {
        throw new IOException("no PNG writer for image type " + drawn.getType());
      }
    }
    return bytes.toByteArray();
  }

  /**
   * Writes it whole or not at all.
   *
   * @throws IOException when it cannot be encoded or written; names the file
   */
  public void write(Path file) throws IOException {
    AtomicFile.write(file, temporary -> Files.write(temporary, png("")));
  }

  /** With a line above that says it is of a trial: it goes wherever the picture is copied to. */
  private BufferedImage marked(String mark) {
    Graphics2D measure = PlotStyle.measure();
    FontMetrics metrics = measure.getFontMetrics(PlotStyle.boldFont());
    measure.dispose();
    int width = PlotStyle.points(image.getWidth());
    int height = metrics.getHeight() + 2 * GAP;
    BufferedImage marked =
        new BufferedImage(
            image.getWidth(),
            PlotStyle.SCALE * height + image.getHeight(),
            transparent() ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = PlotStyle.graphics(marked);
    graphics.setColor(PlotStyle.wrong());
    graphics.fillRect(0, 0, width, height);
    graphics.setColor(Color.WHITE);
    graphics.setFont(metrics.getFont());
    String text = AxisLabels.cut(mark + ": a trial, no result", metrics, width - 2 * GAP);
    graphics.drawString(text, GAP, GAP + metrics.getAscent());
    graphics.dispose();
    Graphics2D raw = marked.createGraphics();
    raw.drawImage(image, 0, PlotStyle.SCALE * height, null);
    raw.dispose();
    return marked;
  }
}
