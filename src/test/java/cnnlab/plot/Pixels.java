package cnnlab.plot;

import java.awt.image.BufferedImage;
import java.util.stream.IntStream;

/** Counts pixels of pictures. */
public final class Pixels {
  public static final int BLUE = 0x0072B2;
  public static final int ORANGE = 0xD55E00;

  private Pixels() {}

  /** The number of opaque pixels of exactly this colour. */
  public static long count(Picture picture, int colour) {
    return count(picture, colour, 0, picture.width(), 0, picture.height());
  }

  /** The number of such pixels in a rectangle. */
  public static long count(Picture picture, int colour, int left, int right, int top, int bottom) {
    BufferedImage image = picture.image();
    return IntStream.range(top, bottom)
        .mapToLong(
            y ->
                IntStream.range(left, right)
                    .filter(x -> image.getRGB(x, y) == (0xFF000000 | colour))
                    .count())
        .sum();
  }

  /** The leftmost column with a pixel of the colour, or -1. */
  public static int first(Picture picture, int colour, int top, int bottom) {
    return IntStream.range(0, picture.width())
        .filter(x -> count(picture, colour, x, x + 1, top, bottom) > 0)
        .findFirst()
        .orElse(-1);
  }
}
