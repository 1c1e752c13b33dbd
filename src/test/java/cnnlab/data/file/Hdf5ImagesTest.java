package cnnlab.data.file;

import static cnnlab.data.file.Hdf5Fixture.chunks;
import static cnnlab.data.file.Hdf5Fixture.images;
import static io.jhdf.api.DatasetCreationOptions.DEFAULT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jhdf.api.DatasetCreationOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class Hdf5ImagesTest {
  private static final int COUNT = 11;
  private static final int HEIGHT = 9;
  private static final int WIDTH = 10;

  @TempDir Path folder;

  static Stream<Arguments> layouts() {
    return Stream.of(
        Arguments.of("contiguous", Hdf5Fixture.UNSIGNED),
        Arguments.of("whole images", chunks(2, HEIGHT, WIDTH, 3)),
        Arguments.of("one chunk", chunks(COUNT, HEIGHT, WIDTH, 3)),
        Arguments.of("single pixels", chunks(3, 1, 1, 3)),
        Arguments.of("pieces that do not divide the shape", chunks(4, 4, 7, 2)),
        Arguments.of("single channels", chunks(5, 3, 4, 1)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layouts")
  void readsTheCentresOfTheChosenImages(String name, DatasetCreationOptions options)
      throws IOException {
    Path file = write(images(COUNT, HEIGHT, WIDTH, 3), options);
    int[] chosen = {0, 3, 4, 9, 10};
    try (Hdf5File hdf = Hdf5File.open(file)) {
      Hdf5Images images = new Hdf5Images(hdf, "x");
      assertThat(images.count()).isEqualTo(COUNT);
      assertThat(images.read(chosen, 4)).isEqualTo(expected(chosen, 4));
      assertThat(images.read(chosen, HEIGHT)).isEqualTo(expected(chosen, HEIGHT));
    }
  }

  /** Adjacent contiguous square images are read with one call. */
  @Test
  void readsWholeImages() throws IOException {
    Path file = write(images(COUNT, 5, 5, 3), Hdf5Fixture.UNSIGNED);
    try (Hdf5File hdf = Hdf5File.open(file)) {
      byte[] some = new Hdf5Images(hdf, "x").read(new int[] {1, 2, 3, 7, 9, 10}, 5);
      assertThat(some).hasSize(6 * 75);
      for (int i = 0; i < 6; i++) {
        int n = new int[] {1, 2, 3, 7, 9, 10}[i];
        assertThat(some[i * 75]).isEqualTo(Hdf5Fixture.pixel(n, 0, 0, 0));
        assertThat(some[i * 75 + 74]).isEqualTo(Hdf5Fixture.pixel(n, 4, 4, 2));
      }
    }
  }

  /** In 9x10 pixels the central 4x4 start at row 2 and column 3. */
  private static byte[] expected(int[] chosen, int size) {
    int top = (HEIGHT - size) / 2;
    int left = (WIDTH - size) / 2;
    byte[] expected = new byte[chosen.length * size * size * 3];
    int at = 0;
    for (int n : chosen) {
      for (int y = top; y < top + size; y++) {
        for (int x = left; x < left + size; x++) {
          for (int c = 0; c < 3; c++) {
            expected[at++] = Hdf5Fixture.pixel(n, y, x, c);
          }
        }
      }
    }
    return expected;
  }

  @Test
  void refusesImagesThatAreTooSmallForTheCrop() throws IOException {
    Path file = write(images(2, 31, 40, 3));
    try (Hdf5File hdf = Hdf5File.open(file)) {
      Hdf5Images images = new Hdf5Images(hdf, "x");
      assertThatThrownBy(() -> images.read(new int[] {0}, 32))
          .isInstanceOf(DataException.class)
          .hasMessageContainingAll(
              file + ", data set \"x\"", "31x40 pixels", "at least 32x32", "smaller crop");
    }
  }

  @Test
  void refusesOtherTypesAndRanks() throws IOException {
    assertRefused(write(new int[2][3][3][3]), "uint32 of shape [2, 3, 3, 3]");
    assertRefused(write(new float[2][3][3][3], DEFAULT), "float32 of shape [2, 3, 3, 3]");
    assertRefused(write(new byte[2][3][3]), "uint8 of shape [2, 3, 3]");
    assertRefused(write(new byte[2][3][3][3], DEFAULT), "int8 of shape [2, 3, 3, 3]");
  }

  private static void assertRefused(Path file, String found) {
    try (Hdf5File hdf = Hdf5File.open(file)) {
      assertThatThrownBy(() -> new Hdf5Images(hdf, "x"))
          .isInstanceOf(DataException.class)
          .hasMessageContainingAll(
              file + ", data set \"x\": found " + found, "expected uint8 images [N, H, W, C]");
    }
  }

  @Test
  void namesTheDataSetsWhenTheOneIsNotThere() throws IOException {
    Path file =
        Hdf5Fixture.write(folder.resolve("y.h5"), Map.of("y", new byte[2], "z", new byte[2]));
    try (Hdf5File hdf = Hdf5File.open(file)) {
      assertThatThrownBy(() -> new Hdf5Images(hdf, "x"))
          .isInstanceOf(DataException.class)
          .hasMessageContainingAll(file.toString(), "no data set \"x\"", "y", "z");
    }
  }

  /** Damaged compressed chunks must give a DataException, whatever jHDF throws. */
  @Test
  void namesTheDataSetWhenItsContentIsDamaged() throws IOException {
    Path file = write(images(8, 16, 16, 3), chunks(2, 16, 16, 3));
    byte[] content = Files.readAllBytes(file);
    for (int i = content.length / 3; i < content.length / 2; i++) {
      content[i] = (byte) 0xA5;
    }
    Files.write(file, content);
    try (Hdf5File hdf = Hdf5File.open(file)) {
      Hdf5Images images = new Hdf5Images(hdf, "x");
      assertThatThrownBy(() -> images.read(new int[] {0, 1, 2, 3, 4, 5, 6, 7}, 16))
          .isInstanceOf(DataException.class)
          .hasMessageContainingAll(file + ", data set \"x\"", "cannot be read");
    }
  }

  private Path write(Object images) throws IOException {
    return write(images, Hdf5Fixture.UNSIGNED);
  }

  private Path write(Object images, DatasetCreationOptions options) throws IOException {
    return Hdf5Fixture.write(folder.resolve("images.h5"), Map.of("x", images), options);
  }
}
