package cnnlab.keras;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.engine.Dl4jRuntime;
import cnnlab.keras.file.KerasArchive;
import cnnlab.model.file.ModelFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Files with random bytes flipped, overwritten or truncated are read correctly or refused with one
 * clear error, without a hang, another exception or running out of memory.
 */
class KerasFuzzTest {
  private static final Duration SOON = Duration.ofSeconds(5);

  private static Path folder;

  @BeforeContainer
  static void makeFolder() throws IOException {
    folder = Files.createTempDirectory("keras-fuzz");
    Dl4jRuntime.configure(true, 1);
    // ND4J takes a few seconds before the first graph.
    KerasFile.read(Reference.folder().resolve("one_sigmoid.keras"));
  }

  @AfterContainer
  static void removeFolder() throws IOException {
    for (Path file : Files.list(folder).toList()) {
      Files.delete(file);
    }
    Files.delete(folder);
  }

  @Property(tries = 150, seed = "1")
  void damagedArchives(@ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int bytes)
      throws IOException {
    Path file = Reference.folder().resolve("nested.keras");
    require(folder.resolve("a.keras"), damaged(Files.readAllBytes(file), seed, bytes));
  }

  @Property(tries = 150, seed = "2")
  void damagedLegacyFiles(@ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int bytes)
      throws IOException {
    Path file = Reference.folder().resolve("one_sigmoid.h5");
    require(folder.resolve("b.h5"), damaged(Files.readAllBytes(file), seed, bytes));
  }

  /** The damaged content is packed again, so that checksums do not detect it first. */
  @Property(tries = 150, seed = "3")
  void refusesDamagedEntries(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 50) int bytes,
      @ForAll boolean configuration)
      throws IOException {
    Map<String, byte[]> entries =
        Archives.entries(Reference.folder().resolve("names_in_any_order.keras"));
    String entry = configuration ? KerasArchive.CONFIGURATION : KerasArchive.WEIGHTS;
    entries.put(entry, damaged(entries.get(entry), seed, bytes));
    require(folder.resolve("c.keras"), Archives.pack(entries));
  }

  private static void require(Path file, byte[] content) throws IOException {
    Files.write(file, content);
    long start = ProcessorTime.now();
    try {
      assertThat(KerasFile.read(file).graph().numParams()).isPositive();
    } catch (ModelFileException e) {
      assertThat(e).hasMessageStartingWith(file + ": ");
      assertThat(e.getMessage()).hasSizeLessThan(3000).doesNotContain("\tat ");
    }
    assertThat(ProcessorTime.since(start)).isLessThan(SOON);
  }

  private static byte[] damaged(byte[] whole, long seed, int changes) {
    Random random = new Random(seed);
    byte[] bytes =
        random.nextInt(4) == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
    List<Byte> extremes = List.of((byte) 0, (byte) 1, (byte) 0x7F, (byte) 0x80, (byte) 0xFF);
    // In HDF5 the tables are at the beginning; in JSON structure is everywhere.
    int range = random.nextBoolean() ? bytes.length : Math.min(bytes.length, 4096);
    for (int i = 0; i < changes && range > 0; i++) {
      int at = random.nextInt(range);
      bytes[at] =
          random.nextBoolean()
              ? (byte) (bytes[at] ^ 1 << random.nextInt(8))
              : extremes.get(random.nextInt(extremes.size()));
    }
    return bytes;
  }
}
