package cnnlab.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.data.file.DataException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFileTest {
  @TempDir Path temp;

  /** The left half is one colour, the right half another. */
  private Path image(String name, int height, int width, int left, int right) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, x < width / 2 ? left : right);
      }
    }
    Path file = temp.resolve(name);
    ImageIO.write(image, name.substring(name.indexOf('.') + 1), file.toFile());
    return file;
  }

  @Test
  void coloursAreRedGreenBlue() throws IOException {
    ImageFile read = ImageFile.read(image("a.png", 4, 4, 0x102030, 0xFFFFFF), 4, 4, 3);
    assertThat(read.pixels()).hasSize(48);
    assertThat(read.pixels()).startsWith(0x10, 0x20, 0x30, 0x10);
    assertThat(read.pixels()[6]).isEqualTo((byte) 0xFF);
    assertThat(read.isScaled(4, 4)).isFalse();
  }

  @Test
  void coloursBecomeGrey() throws IOException {
    byte[] grey = ImageFile.read(image("a.png", 4, 4, 0x505050, 0xFFFFFF), 4, 4, 1).pixels();
    assertThat(grey).hasSize(16).startsWith(0x50, 0x50);
    assertThat(grey[2]).isEqualTo((byte) 0xFF);
  }

  /** Of 8x16 the central 8x8 becomes 4x4: the border between the colours stays in the middle. */
  @Test
  void theCentreOfALargerImageIsScaledDown() throws IOException {
    ImageFile read = ImageFile.read(image("a.jpg", 8, 16, 0, 0xFFFFFF), 4, 4, 1);
    assertThat(read.originalHeight()).isEqualTo(8);
    assertThat(read.originalWidth()).isEqualTo(16);
    assertThat(read.isScaled(4, 4)).isTrue();
    assertThat(read.pixels()[1] & 0xFF).isLessThan(30);
    assertThat(read.pixels()[2] & 0xFF).isGreaterThan(225);
    assertThat(ImageFile.read(image("b.png", 2, 2, 0, 0xFFFFFF), 28, 28, 1).pixels()).hasSize(784);
  }

  @Test
  void whatIsNoImageIsRefusedWithAReason() throws IOException {
    Path text = Files.writeString(temp.resolve("a.png"), "no image, but some words");
    assertThatThrownBy(() -> ImageFile.read(text, 4, 4, 1))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(text.toString(), "not PNG or JPEG", "Save the image");
    assertThatThrownBy(() -> ImageFile.read(temp.resolve("none.png"), 4, 4, 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no such file");
    assertThatThrownBy(() -> ImageFile.read(temp, 4, 4, 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("a folder");
  }

  /** A header that promises 60,000 x 60,000 pixels; nothing of that size is allocated. */
  @Test
  void anImageOfTooManyPixelsIsRefusedByItsHeader() throws IOException {
    byte[] png = Files.readAllBytes(image("a.png", 4, 4, 0, 1));
    ByteBuffer.wrap(png).putInt(16, 60_000).putInt(20, 60_000);
    Path file = Files.write(temp.resolve("bomb.png"), png);
    assertThatThrownBy(() -> ImageFile.read(file, 4, 4, 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("60000x60000");
    ByteBuffer.wrap(png).putInt(16, -1);
    Files.write(file, png);
    assertThatThrownBy(() -> ImageFile.read(file, 4, 4, 1)).isInstanceOf(DataException.class);
  }

  @Test
  void aTruncatedImageIsRefused() throws IOException {
    byte[] jpeg = Files.readAllBytes(image("a.jpg", 40, 40, 0, 0xFFFFFF));
    assertThat(ImageFile.size(jpeg)).containsExactly(40, 40);
    for (int length = 0; length < jpeg.length; length += 7) {
      byte[] part = java.util.Arrays.copyOf(jpeg, length);
      int[] size = ImageFile.size(part);
      assertThat(size == null || size[0] == 40).isTrue();
    }
    Path file =
        Files.write(
            temp.resolve("b.png"),
            java.util.Arrays.copyOf(Files.readAllBytes(image("c.png", 40, 40, 0, 1)), 30));
    assertThatThrownBy(() -> ImageFile.read(file, 4, 4, 1)).isInstanceOf(DataException.class);
  }
}
