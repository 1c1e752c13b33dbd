package cnnlab.model.file;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.engine.Dl4jRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Zips with random bytes changed are read, or refused with one error that names the file. */
class ModelFuzzTest {
  private static Path folder;
  private static Path good;

  @BeforeContainer
  static void save() throws IOException {
    Dl4jRuntime.configure(true, 1);
    folder = Files.createTempDirectory("model-fuzz");
    good = folder.resolve("good.zip");
    ModelFiles.save(ModelZips.everyPiece(), good);
  }

  @AfterContainer
  static void removeFolder() throws IOException {
    for (Path file : Files.list(folder).toList()) {
      Files.delete(file);
    }
    Files.delete(folder);
  }

  /** Packed again, so that checksums do not detect it first. */
  @Property(tries = 300, seed = "1")
  void damagedConfigurations(@ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int bytes)
      throws IOException {
    requireReadOrRefused(damaged("configuration.json", seed, bytes, Integer.MAX_VALUE));
  }

  @Property(tries = 150, seed = "2")
  void damagedParameters(@ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int bytes)
      throws IOException {
    requireReadOrRefused(damaged("coefficients.bin", seed, bytes, 200));
  }

  @Property(tries = 150, seed = "3")
  void damagedStates(@ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int bytes)
      throws IOException {
    requireReadOrRefused(damaged("updaterState.bin", seed, bytes, 200));
  }

  @Property(tries = 150, seed = "4")
  void damagedArchives(@ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int bytes)
      throws IOException {
    byte[] zip = Files.readAllBytes(good);
    spoil(zip, seed, bytes, zip.length);
    requireReadOrRefused(Files.write(folder.resolve("bad.zip"), zip));
  }

  /** Changes digits, and thereby sizes. */
  @Property(tries = 300, seed = "5")
  void otherNumbers(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    StringBuilder json = new StringBuilder();
    String text = new String(ModelZips.entry(good, "configuration.json"));
    for (char c : text.toCharArray()) {
      boolean other = Character.isDigit(c) && random.nextInt(40) == 0;
      json.append(other ? String.valueOf(random.nextInt(1 << random.nextInt(31))) : c);
    }
    requireReadOrRefused(
        ModelZips.with(
            good,
            folder.resolve("bad.zip"),
            Map.of("configuration.json", json.toString().getBytes())));
  }

  private static Path damaged(String entry, long seed, int bytes, int within) throws IOException {
    byte[] content = ModelZips.entry(good, entry);
    spoil(content, seed, bytes, Math.min(within, content.length));
    return ModelZips.with(good, folder.resolve("bad.zip"), Map.of(entry, content));
  }

  private static void spoil(byte[] content, long seed, int bytes, int within) {
    Random random = new Random(seed);
    for (int i = 0; i < bytes; i++) {
      content[random.nextInt(within)] ^= (byte) (1 << random.nextInt(8));
    }
  }

  private static void requireReadOrRefused(Path file) {
    try {
      assertThat(ModelFiles.load(file)).isNotNull();
    } catch (ModelFileException e) {
      assertThat(e).hasMessageStartingWith(file.toString());
    }
  }
}
