package cnnlab.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.task2.Task2Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Configuration files as long, deep or empty as somebody likes. */
class ConfigLimitsTest {
  private static final Duration SOON = Duration.ofSeconds(5);

  @TempDir Path temp;

  private void requireRefused(String yaml, String message) throws IOException {
    Path file = Files.writeString(temp.resolve("config.yaml"), yaml);
    Assertions.assertTimeoutPreemptively(
        SOON,
        () ->
            assertThatThrownBy(
                    () ->
                        ConfigLoader.load(Task2Config.class, Task2Config.DEFAULT, file, List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(message)
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(2_000)));
  }

  @Test
  void longFilesAreRefused() throws IOException {
    requireRefused("experiment: " + "x".repeat(50 << 20), "longer than the limit of 262,144 bytes");
    requireRefused("#" + "x".repeat(2 << 20), "longer than");
  }

  @Test
  void longValuesAreRefusedAndNotRepeated() throws IOException {
    requireRefused("experiment: " + "x".repeat(200_000), "experiment");
    requireRefused("epochs: " + "9".repeat(200_000), "\"epochs\" is the text");
    requireRefused("epochs: " + "9".repeat(999), "64 bits");
    requireRefused("engine: " + "s".repeat(200_000), "\"engine\" is");
    requireRefused("x".repeat(200_000) + ": 1", "");
  }

  @Test
  void deepFilesAreRefused() throws IOException {
    requireRefused("augmentation: " + "[".repeat(200_000), "nested more than 50 levels");
    requireRefused("augmentation: " + "{a: ".repeat(60_000), "nested more than 50 levels");
    requireRefused("augmentation:\n" + "- ".repeat(100_000) + "x", "nested more than 50 levels");
  }

  @Test
  void aliasesThatUnfoldWithoutEndAreRefused() throws IOException {
    StringBuilder yaml =
        new StringBuilder("augmentation:\n- &a0 [x, x, x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 8; i++) {
      yaml.append("- &a").append(i).append(" [");
      yaml.append(("*a" + (i - 1) + ", ").repeat(6)).append("x]\n");
    }
    requireRefused(yaml.toString(), "unfold to more than 100,000 values");
  }

  @Test
  void aDeviceWithoutAnEndIsNotReadToIt() {
    Path device = Path.of("/dev/zero");
    Assumptions.assumeTrue(Files.exists(device));
    assertThatThrownBy(
            () -> ConfigLoader.load(Task2Config.class, Task2Config.DEFAULT, device, List.of()))
        .hasMessageContaining("longer than");
  }

  /** Every key that has a default, given no value. */
  @Test
  void aKeyWithoutAValueIsRefusedByName() {
    for (ConfigLoader.Key key : ConfigLoader.keys(Task2Config.class, Task2Config.DEFAULT)) {
      if (key.type().equals("a text") || key.type().startsWith("one of")) {
        continue; // --set takes their letters as they are
      }
      assertThatThrownBy(
              () ->
                  ConfigLoader.load(
                      Task2Config.class, Task2Config.DEFAULT, null, List.of(key.key() + "=null")))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("\"" + key.key() + "\" is empty (null)");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"experiment", "engine", "augmentation", "preprocessing", "init", "variants"})
  void aLineWithoutAValueIsRefusedByName(String key) throws IOException {
    requireRefused(key + ":\n", "\"" + key + "\" is empty (null)");
  }
}
