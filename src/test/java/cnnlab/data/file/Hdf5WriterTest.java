package cnnlab.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.data.file.Hdf5Writer.Bytes;
import io.jhdf.HdfFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Hdf5WriterTest {
  @TempDir Path folder;

  @Test
  void writesWhatTheLibraryReads() {
    Path file = folder.resolve("new/x.h5");
    Hdf5Writer.write(
        file,
        Map.of(
            "x", new Bytes(new byte[] {0, 1, 2, 127, -128, -1}, 3, 2),
            "y", new Bytes(new byte[] {1, 0}, 2, 1, 1, 1)));
    try (HdfFile hdf = new HdfFile(file)) {
      assertThat(hdf.getDatasetByPath("x").getData())
          .isEqualTo(new int[][] {{0, 1}, {2, 127}, {128, 255}});
      assertThat(hdf.getDatasetByPath("y").getData()).isEqualTo(new int[][][][] {{{{1}}}, {{{0}}}});
    }
  }

  @Test
  void replacesAFileWhole() throws IOException {
    Path file = folder.resolve("x.h5");
    Hdf5Writer.write(file, Map.of("x", new Bytes(new byte[5000], 5000)));
    Hdf5Writer.write(file, Map.of("x", new Bytes(new byte[10], 10)));
    assertThat(file.toFile().length()).isLessThan(1000);
    assertThat(folder.toFile().list()).containsExactly("x.h5");
  }

  @Test
  void namesTheFileThatCannotBeWritten() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "").resolve("x.h5");
    assertThatThrownBy(() -> Hdf5Writer.write(file, Map.of("x", new Bytes(new byte[1], 1))))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(file.toString(), "cannot be written");
  }
}
