package cnnlab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.augment.Augmentation;
import cnnlab.augment.AugmentationAdvice;
import cnnlab.config.ConfigException;
import cnnlab.config.ConfigLoader;
import cnnlab.config.Resolved;
import cnnlab.data.patch.PatchCamelyon;
import cnnlab.task1.Task1Config;
import cnnlab.task2.Task2Config;
import cnnlab.task3.Task3Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The configurations that come with the project, and the ranges of their keys. */
public class ExperimentFilesTest {
  private static final Path DIRECTORY = Path.of("experiments");

  /** The defaults of the configuration in each file. New experiments are added here. */
  private static final Map<String, Record> DEFAULTS =
      Map.of(
          "task1", Task1Config.DEFAULT, "task2", Task2Config.DEFAULT, "task3", Task3Config.DEFAULT);

  /** Sweeps have a separate test. */
  public static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      return files
          .filter(file -> file.getFileName().toString().matches("task.*\\.yaml"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyFileLoadsAndNamesItsCommand(Path file) throws IOException {
    assertThat(load(defaults(file), file, List.of())).isNotNull();
    assertThat(Files.readString(file))
        .startsWith("# ")
        .contains("./cnnlab ", "--config " + DIRECTORY + "/" + file.getFileName());
  }

  @Test
  void task1IsTheDefaultAndGivesEveryKey() throws IOException {
    checkDefault("task1.yaml", Task1Config.class, Task1Config.DEFAULT);
  }

  @Test
  void task2ReportIsTheDefaultAndGivesEveryKey() throws IOException {
    checkDefault("task2-report.yaml", Task2Config.class, Task2Config.DEFAULT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"task2-ablation.yaml", "task2-scaling.yaml", "task2-engines.yaml"})
  void variantsAndClaimsAreSound(String name) {
    Task2Config config =
        ConfigLoader.load(
                Task2Config.class, Task2Config.DEFAULT, DIRECTORY.resolve(name), List.of())
            .value();
    List<Variant<Task2Config>> variants = config.allVariants();
    assertThat(variants).hasSizeGreaterThan(1);
    assertThat(variants.stream().map(Variant::config)).doesNotHaveDuplicates();
  }

  @Test
  void task3ReportIsTheDefaultAndGivesEveryKey() throws IOException {
    checkDefault("task3-report.yaml", Task3Config.class, Task3Config.DEFAULT);
  }

  @ParameterizedTest
  @CsvSource({"task3-ablation.yaml, 9", "task3-ideas.yaml, 9"})
  void task3VariantsAndClaimsAreSound(String name, int count) {
    Path file = DIRECTORY.resolve(name);
    Task3Config config =
        ConfigLoader.load(Task3Config.class, Task3Config.DEFAULT, file, List.of()).value();
    List<Variant<Task3Config>> variants = config.allVariants();
    assertThat(variants).hasSize(count);
    assertThat(variants.stream().map(Variant::config)).doesNotHaveDuplicates();
    for (Variant<Task3Config> v : variants) {
      assertThat(
              AugmentationAdvice.warnings(
                  PatchCamelyon.NAME, Augmentation.of(v.config().augmentation())))
          .as(v.name())
          .isEmpty();
    }
  }

  private static <T extends Record> void checkDefault(String name, Class<T> type, T defaults)
      throws IOException {
    Path file = DIRECTORY.resolve(name);
    Resolved<T> resolved = ConfigLoader.load(type, defaults, file, List.of());
    assertThat(resolved.value()).isEqualTo(defaults);
    List<String> keys =
        ConfigLoader.keys(type, defaults).stream().map(ConfigLoader.Key::key).toList();
    assertThat(resolved.origins()).containsOnlyKeys(keys);
    assertThat(Files.readAllLines(file))
        .filteredOn(line -> !line.isBlank() && !line.equals("#"))
        .allMatch(line -> line.contains("# "), "has a comment");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "experiment=../x",
        "epochs=0",
        "batchSize=0",
        "validationFraction=0",
        "validationFraction=1e-6",
        "validationFraction=0.999999",
        "trainLimit=54001",
        "trainLimit=-1",
        "evaluationLimit=-1",
        "threads=-1",
        "optimizer.learningRate=0",
        "optimizer.beta1=1"
      })
  void valuesOutOfRangeAreRefusedByName(String set) {
    String key = set.substring(0, set.indexOf('='));
    assertThatThrownBy(() -> load(Task1Config.DEFAULT, null, List.of(set)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("--set " + set)
        .hasMessageContaining(key)
        .hasMessageContaining("must be");
  }

  private static Record defaults(Path file) {
    String name = file.getFileName().toString().replaceAll("[-.].*", "");
    assertThat(DEFAULTS).containsKey(name);
    return DEFAULTS.get(name);
  }

  private static <T extends Record> Record load(T defaults, Path file, List<String> sets) {
    @SuppressWarnings("unchecked") // the class of a T
    Class<T> type = (Class<T>) defaults.getClass();
    return ConfigLoader.load(type, defaults, file, sets).value();
  }
}
