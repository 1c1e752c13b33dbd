package cnnlab.data.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.data.download.Download;
import cnnlab.data.download.FileServer;
import cnnlab.data.download.PublishedFile;
import cnnlab.data.file.DataException;
import cnnlab.io.Checksum;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatchReleaseTest {
  private static final byte[] CONTENT = "a patch".getBytes(StandardCharsets.UTF_8);

  @TempDir Path temp;

  private final List<String> messages = new ArrayList<>();
  private FileServer server;
  private Path folder;

  @BeforeEach
  void start() {
    server = new FileServer(CONTENT);
    folder = temp.resolve("patchcamelyon");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static PublishedFile file(String name) {
    return new PublishedFile(name, CONTENT.length, Checksum.MD5.hex(CONTENT), "");
  }

  private void fetch(PublishedFile... files) throws IOException {
    Download.Listener listener =
        new Download.Listener() {
          @Override
          public void progress(String name, long bytes, long total) {}

          @Override
          public void message(String line) {
            messages.add(line);
          }
        };
    PatchRelease.fetch(List.of(files), server.base(), folder, Download.Limits.USUAL, listener);
  }

  @Test
  void fetchesWhatIsMissing() throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve("b.gz"), CONTENT);
    Files.writeString(folder.resolve("c"), "decompressed");
    fetch(file("a.gz"), file("b.gz"), file("c.gz"));
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("a.gz", "b.gz", "c");
    assertThat(server.requests).hasSize(1);
    assertThat(messages)
        .containsExactly(
            "b.gz: exists, MD5 as published",
            "c: exists decompressed, not checked",
            "a.gz: complete, MD5 as published");
  }

  @Test
  void doesNotReplaceAnotherFile() throws IOException {
    Files.createDirectories(folder);
    Path other = Files.writeString(folder.resolve("a.gz"), "other");
    assertThatThrownBy(() -> fetch(file("a.gz")))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(other.toString(), "found MD5 795f3202b17cb6bc3d4b771d8c6c9eaf");
    assertThat(other).hasContent("other");
  }

  @Test
  void checksFreeSpaceBeforeDownloading() {
    assertThatThrownBy(() -> fetch(new PublishedFile("a.gz", 1L << 60, "", "")))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(folder.toString(), "1152921504.6 GB", "GB free", "--datasets DIR");
    assertThat(server.requests).isEmpty();
  }

  @Test
  void theSumsAreThoseOfSixFiles() {
    assertThat(PatchRelease.SHA256).hasSize(6);
    assertThat(PatchRelease.SHA256.values())
        .doesNotHaveDuplicates()
        .allMatch(s -> s.matches("[0-9a-f]{64}"));
  }
}
