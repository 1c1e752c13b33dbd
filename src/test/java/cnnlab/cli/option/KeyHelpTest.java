package cnnlab.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.config.ConfigLoader;
import cnnlab.parity.ParityConfig;
import cnnlab.sweep.SweepConfig;
import cnnlab.task1.Task1Config;
import cnnlab.task2.Task2Config;
import cnnlab.task3.Task3Config;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KeyHelpTest {
  private static Set<String> origins() {
    return Stream.of(
            ConfigLoader.keys(Task1Config.class, Task1Config.DEFAULT),
            ConfigLoader.keys(Task2Config.class, Task2Config.DEFAULT),
            ConfigLoader.keys(Task3Config.class, Task3Config.DEFAULT),
            ConfigLoader.keys(ParityConfig.class, ParityConfig.DEFAULT),
            ConfigLoader.keys(SweepConfig.class, SweepConfig.DEFAULT))
        .flatMap(keys -> keys.stream().map(ConfigLoader.Key::origin))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void defaultsAreYamlThatSetTakes() {
    assertThat(ConfigLoader.keys(Task2Config.class, Task2Config.DEFAULT))
        .filteredOn(key -> key.key().equals("augmentation"))
        .extracting(ConfigLoader.Key::defaultValue)
        .containsExactly(
            "[{rotate: {degrees: 18}}, {translate: {fraction: 0.1}}, {zoom: {factor: 0.1}}]");
  }

  @Test
  void everyKeyHasAMeaningAndEveryMeaningAKey() {
    Properties meanings = KeyHelp.meanings();
    assertThat(new TreeSet<>(meanings.stringPropertyNames())).isEqualTo(origins());
    assertThat(meanings.values().stream().map(String::valueOf))
        .allMatch(meaning -> meaning.matches("\\p{Lu}.{10,}\\."));
  }
}
