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

/** A picture, drawn or read from a PNG file. */
public final class Picture {
  private static final int GAP = 6;

  private final BufferedImage image;

  public Picture(BufferedImage image) {
    this.image = image;
  }

  /**
   * Reads a PNG file completely, not only its header, so that a truncated file is detected.
   *
   * @throws IOException if it is not a valid PNG file
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

  /** Whether its background is transparent. */
  public boolean transparent() {
    return image.getColorModel().hasAlpha();
  }

  BufferedImage image() {
    return image;
  }

  /**
   * The picture as a PNG file, encoded in memory: by default ImageIO uses a temporary file in
   * {@code java.io.tmpdir}, which may be missing or full.
   *
   * @param mark the mark of a trial run, such as {@code QUICK}, shown in a line above the picture;
   *     empty for none
   * @throws IOException if there is no writer for such an image
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
   * Writes the picture atomically.
   *
   * @throws IOException if it cannot be encoded or written; the message names the file
   */
  public void write(Path file) throws IOException {
    AtomicFile.write(file, temporary -> Files.write(temporary, png("")));
  }

  /**
   * A copy with a line at the top that marks it as the output of a trial run, wherever the picture
   * is copied to.
   */
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
    String text = AxisLabels.cut(mark + ": a trial run, not a result", metrics, width - 2 * GAP);
    graphics.drawString(text, GAP, GAP + metrics.getAscent());
    graphics.dispose();
    Graphics2D raw = marked.createGraphics();
    raw.drawImage(image, 0, PlotStyle.SCALE * height, null);
    raw.dispose();
    return marked;
  }
}
