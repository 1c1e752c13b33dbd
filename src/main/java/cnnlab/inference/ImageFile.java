package cnnlab.inference;

import cnnlab.data.file.DataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * A PNG or JPEG image as 8-bit values, read by OpenCV. The size that its header gives is checked
 * before memory is taken.
 *
 * @param pixels unsigned bytes [H, W, C]
 * @param originalHeight H of the file
 * @param originalWidth W of the file
 */
public record ImageFile(byte[] pixels, int originalHeight, int originalWidth) {
  /** The supported formats, for help texts. */
  public static final String FORMATS = "PNG or JPEG";

  private static final long MOST_BYTES = 64_000_000;
  private static final long MOST_PIXELS = 64_000_000;
  private static final int MOST_SIDE = 1 << 16;
  private static final int GREY = 1;
  private static final String REMEDY = "Save the image as an 8-bit PNG.";

  /**
   * Reads an image. If it has another size, its largest central part of the right proportions is
   * scaled: reduced by averages over areas, enlarged bilinearly.
   *
   * @param height H to scale to
   * @param width W to scale to
   * @param channels C: 1 for grey, 3 for RGB
   * @return an image of H·W·C bytes
   * @throws DataException when the file is missing, is no such image, or is too large
   */
  public static ImageFile read(Path file, int height, int width, int channels) {
    byte[] content = content(file);
    int[] size = size(content);
    if (size == null) {
      throw new DataException(
          file, "content that is not " + FORMATS, "an image in one of these formats", REMEDY);
    }
    if (size[0] < 1
        || size[1] < 1
        || size[0] > MOST_SIDE
        || size[1] > MOST_SIDE
        || (long) size[0] * size[1] > MOST_PIXELS) {
      throw new DataException(
          file,
          "an image of %sx%s pixels".formatted(size[1], size[0]),
          "at least 1 and at most %s million pixels".formatted(MOST_PIXELS / 1_000_000),
          "Scale the image down.");
    }
    int flags =
        channels == GREY ? opencv_imgcodecs.IMREAD_GRAYSCALE : opencv_imgcodecs.IMREAD_COLOR;
    try (BytePointer bytes = new BytePointer(content);
        Mat packed = new Mat(1, content.length, opencv_core.CV_8U, bytes);
        Mat image = opencv_imgcodecs.imdecode(packed, flags)) {
      if (image.empty()) {
        throw new DataException(file, "a damaged image", "a whole PNG or JPEG image", REMEDY);
      }
      return new ImageFile(fitted(image, height, width, channels), image.rows(), image.cols());
    }
  }

  /** Whether the image had another size. */
  public boolean isScaled(int height, int width) {
    return originalHeight != height || originalWidth != width;
  }

  private static byte[] content(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw new DataException(file, "a folder", "an image file", "Name a file in it.");
      }
      long size = Files.size(file);
      if (size > MOST_BYTES) {
        throw new DataException(
            file,
            "%s bytes".formatted(size),
            "at most %s MB".formatted(MOST_BYTES / 1_000_000),
            "Scale the image down.");
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new DataException(file, "no such file", "an image file", "Check the path.", e);
    } catch (IOException e) {
      throw new DataException(
          file, "a file that cannot be read (" + e + ")", "an image file", REMEDY, e);
    }
  }

  /**
   * Height and width from the header of a PNG or JPEG file; null if it is neither.
   *
   * @see <a href="https://www.w3.org/TR/png/#11IHDR">IHDR</a>, and ITU T.81, B.2.2 for the frame
   *     header of JPEG
   */
  static int[] size(byte[] content) {
    ByteBuffer bytes = ByteBuffer.wrap(content);
    if (content.length >= 24 && bytes.getLong(0) == 0x89504E470D0A1A0AL) {
      return new int[] {bytes.getInt(20), bytes.getInt(16)};
    }
    if (content.length < 4 || bytes.getShort(0) != (short) 0xFFD8) {
      return null;
    }
    int at = 2;
    while (at + 9 <= content.length && content[at] == (byte) 0xFF) {
      int marker = content[at + 1] & 0xFF;
      if (marker == 0xFF) {
        at++; // a fill byte
        continue;
      }
      boolean frame =
          marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
      if (frame) {
        return new int[] {bytes.getShort(at + 5) & 0xFFFF, bytes.getShort(at + 7) & 0xFFFF};
      }
      at += 2 + (bytes.getShort(at + 2) & 0xFFFF);
    }
    return null;
  }

  private static byte[] fitted(Mat image, int height, int width, int channels) {
    if (image.rows() == height && image.cols() == width) {
      return bytes(image, channels);
    }
    // The largest part of the proportions width : height, in the centre.
    double scale = Math.min((double) image.rows() / height, (double) image.cols() / width);
    int h = Math.max(1, (int) Math.round(height * scale));
    int w = Math.max(1, (int) Math.round(width * scale));
    try (Rect part = new Rect((image.cols() - w) / 2, (image.rows() - h) / 2, w, h);
        Mat centre = new Mat(image, part);
        Mat out = new Mat();
        Size size = new Size(width, height)) {
      int how = scale > 1 ? opencv_imgproc.INTER_AREA : opencv_imgproc.INTER_LINEAR;
      opencv_imgproc.resize(centre, out, size, 0, 0, how);
      return bytes(out, channels);
    }
  }

  /** The values in the order red, green, blue; OpenCV's is the reverse. */
  private static byte[] bytes(Mat image, int channels) {
    byte[] pixels = new byte[image.rows() * image.cols() * channels];
    image.data().get(pixels);
    for (int i = 0; channels > GREY && i < pixels.length; i += channels) {
      byte first = pixels[i];
      pixels[i] = pixels[i + 2];
      pixels[i + 2] = first;
    }
    return pixels;
  }
}
