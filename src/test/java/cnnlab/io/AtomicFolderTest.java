package cnnlab.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFolderTest {
  private static final byte[] CONTENT = {1, 2};

  @TempDir Path temp;

  @Test
  void writesANewFolderAndOneThatIsEmpty() throws IOException {
    Path fresh = temp.resolve("a/b");
    AtomicFolder.write(fresh, Map.of("x", CONTENT, "y", CONTENT));
    assertThat(fresh.resolve("x")).hasBinaryContent(CONTENT);
    Path empty = Files.createDirectory(temp.resolve("empty"));
    AtomicFolder.write(empty, Map.of("x", CONTENT));
    assertThat(empty.resolve("x")).exists();
    assertThat(temp).isDirectoryNotContaining(AtomicFile::isTemporary);
  }

  @Test
  void aFolderWithFilesStaysAsItIs() throws IOException {
    Path full = Files.createDirectory(temp.resolve("full"));
    Files.write(full.resolve("mine"), CONTENT);
    assertThatThrownBy(() -> AtomicFolder.write(full, Map.of("x", CONTENT)))
        .isInstanceOf(IOException.class)
        .hasMessage(full + ": is not empty");
    assertThat(full).isDirectoryNotContaining(file -> !file.endsWith("mine"));
    assertThat(temp).isDirectoryNotContaining(AtomicFile::isTemporary);
  }

  @Test
  void nothingRemainsIfAFileCannotBeWritten() {
    Path folder = temp.resolve("new");
    assertThatThrownBy(
            () ->
                AtomicFolder.write(
                    folder, new java.util.TreeMap<>(Map.of("a", CONTENT, "no/such", CONTENT))))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(folder + ": cannot be written");
    assertThat(temp).isEmptyDirectory();
  }
}
