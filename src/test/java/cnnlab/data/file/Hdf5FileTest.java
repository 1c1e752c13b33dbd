package cnnlab.data.file;

import static cnnlab.data.file.Hdf5Fixture.UNSIGNED;
import static io.jhdf.api.DatasetCreationOptions.DEFAULT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jhdf.api.DatasetCreationOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Hdf5FileTest {
  @TempDir Path folder;

  static Stream<Object> labels() {
    return Stream.of(
        new byte[] {0, 1, 1},
        new byte[][] {{0}, {1}, {1}},
        new byte[][][][] {{{{0}}}, {{{1}}}, {{{1}}}},
        new int[] {0, 1, 1},
        new long[][] {{0}, {1}, {1}});
  }

  @ParameterizedTest
  @MethodSource("labels")
  void readsLabelsOfEveryShapeAndIntegerType(Object labels) throws IOException {
    Path file = Hdf5Fixture.write(folder.resolve("y.h5"), Map.of("y", labels));
    try (Hdf5File hdf = Hdf5File.open(file)) {
      assertThat(hdf.labels("y")).containsExactly(0, 1, 1);
    }
  }

  @Test
  void refusesOtherLabels() throws IOException {
    assertRefused(UNSIGNED, new byte[] {0, 1, 2}, "label 2 in row 2", "0 or 1");
    assertRefused(UNSIGNED, new byte[3][2], "uint8 of shape [3, 2]", "[N, 1, 1, 1]");
    assertRefused(DEFAULT, new float[3], "float32 of shape [3]", "integers");
  }

  private void assertRefused(DatasetCreationOptions options, Object labels, String... parts)
      throws IOException {
    Path file = Hdf5Fixture.write(folder.resolve("y.h5"), Map.of("y", labels), options);
    try (Hdf5File hdf = Hdf5File.open(file)) {
      assertThatThrownBy(() -> hdf.labels("y"))
          .isInstanceOf(DataException.class)
          .hasMessageStartingWith(file + ", data set \"y\"")
          .hasMessageContainingAll(parts);
    }
  }

  @Test
  void refusesWhatIsNoHdf5File() throws IOException {
    Path missing = folder.resolve("missing.h5");
    assertThatThrownBy(() -> Hdf5File.open(missing))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(missing.toString(), "no such file", "datasets list");
    Path text = Files.writeString(folder.resolve("text.h5"), "<html>not found</html>");
    assertThatThrownBy(() -> Hdf5File.open(text))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(text.toString(), "not HDF5");
    assertThatThrownBy(() -> Hdf5File.open(folder))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("not a regular file");
  }

  /** A file truncated anywhere is refused when it is opened or when its labels are read. */
  @Test
  void refusesATruncatedFile() throws IOException {
    Path whole = Hdf5Fixture.write(folder.resolve("y.h5"), Map.of("y", Hdf5Fixture.labels(500)));
    byte[] content = Files.readAllBytes(whole);
    Path cut = folder.resolve("cut.h5");
    for (int length = 0; length < content.length; length += 7) {
      Files.write(cut, Arrays.copyOf(content, length));
      assertThatThrownBy(
              () -> {
                try (Hdf5File hdf = Hdf5File.open(cut)) {
                  hdf.labels("y");
                }
              })
          .as("%d of %d bytes", length, content.length)
          .isInstanceOf(DataException.class)
          .hasMessageContaining(cut.toString());
    }
  }
}
