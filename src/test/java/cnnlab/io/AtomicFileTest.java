package cnnlab.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  private static final Path FULL = Path.of("/dev/full");

  @TempDir Path folder;

  /** Each writes half of the file, waits for the others, and writes the rest. */
  @Test
  void concurrentWritersDoNotMix() throws Exception {
    int writers = 4;
    Path file = folder.resolve("chart.png");
    CyclicBarrier half = new CyclicBarrier(writers);
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try {
      List<? extends Future<?>> all =
          IntStream.range(0, writers)
              .mapToObj(
                  writer ->
                      threads.submit(
                          () ->
                              AtomicFile.write(
                                  file,
                                  temporary -> {
                                    try (var out = Files.newOutputStream(temporary)) {
                                      out.write(content(writer));
                                      out.flush();
                                      await(half);
                                      out.write(content(writer));
                                    }
                                  })))
              .toList();
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
    byte[] found = Files.readAllBytes(file);
    assertThat(found).hasSize(2 * content(0).length).containsOnly(found[0]);
    assertThat(folder.toFile().list()).containsExactly("chart.png");
  }

  private static byte[] content(int writer) {
    byte[] content = new byte[10_000];
    Arrays.fill(content, (byte) ('a' + writer));
    return content;
  }

  private static void await(CyclicBarrier barrier) throws IOException {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  @Test
  void aFullDiskErrorNamesTheFileOnceAndKeepsTheOldFile() throws IOException {
    Assumptions.assumeTrue(Files.isWritable(FULL), "no /dev/full here");
    Path file = Files.writeString(folder.resolve("checkpoint.bin"), "older");
    assertThatThrownBy(() -> AtomicFile.write(file, temporary -> Files.write(FULL, new byte[1000])))
        .isInstanceOf(IOException.class)
        .hasMessage(file + ": cannot be written (No space left on device)");
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    outer -> AtomicFile.write(outer, inner -> Files.write(FULL, new byte[1000]))))
        .hasMessage(file + ": cannot be written (No space left on device)");
    assertThat(file).hasContent("older");
    assertThat(folder.toFile().list()).containsExactly("checkpoint.bin");
  }

  @Test
  void aFileInPlaceOfAFolderIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x").resolve("below.csv");
    assertThatThrownBy(
            () -> AtomicFile.write(file, temporary -> Files.write(temporary, "x".getBytes())))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ": cannot be written (");
  }
}
