package cnnlab.report;

import cnnlab.io.AtomicFile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Images as PNG files. */
public final class Png {
  private Png() {}

  /**
   * Encodes an image in memory: ImageIO's own way needs a temporary file in {@code java.io.tmpdir},
   * which may be missing or full.
   *
   * @throws IOException when there is no writer for such an image
   */
  static byte[] encode(BufferedImage image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      if (!ImageIO.write(image, "png", out)) {
        throw new IOException("no PNG writer for image type " + image.getType());
      }
    }
    return bytes.toByteArray();
  }

  /**
   * Writes an image whole or not at all.
   *
   * @throws IOException when it cannot be encoded or written; names the file
   */
  public static void write(Path file, BufferedImage image) throws IOException {
    AtomicFile.write(file, temporary -> Files.write(temporary, encode(image)));
  }
}
