package cnnlab.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data files that a run writes through its directory, such as its split. */
class NestedWritersTest {
  @TempDir Path folder;

  @Test
  void namesTheTargetFileWhenTheDiskIsFull() {
    Path file = folder.resolve("split.csv");
    assertThatThrownBy(
            () ->
                cnnlab.io.AtomicFile.write(
                    file,
                    temporary ->
                        DataFiles.write(
                            temporary,
                            out -> {
                              out.write(1);
                              throw new IOException("No space left on device");
                            })))
        .isInstanceOf(IOException.class)
        .hasMessage(file + ": cannot be written (No space left on device)");
    assertThat(folder).isEmptyDirectory();
    assertThatThrownBy(
            () ->
                DataFiles.write(
                    file,
                    out -> {
                      throw new IOException("No space left on device");
                    }))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(file + ": cannot be written (No space left on device)");
    assertThat(folder).isEmptyDirectory();
  }
}
