package cnnlab.task2;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.config.ConfigLoader;
import cnnlab.task3.Task3Config;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The number of trainings at once, which the estimate of memory uses. */
class WorkersTest {
  private static int task2(String... sets) {
    Task2Config config =
        ConfigLoader.load(Task2Config.class, Task2Config.DEFAULT, null, List.of(sets)).value();
    return config.workers(config.allVariants());
  }

  private static int task3(String... sets) {
    Task3Config config =
        ConfigLoader.load(Task3Config.class, Task3Config.DEFAULT, null, List.of(sets)).value();
    return config.workers(config.allVariants());
  }

  @Test
  void limitsWorkersToTheNumberOfTrainings() {
    assertThat(task2("threads=64", "repetitions=2")).isEqualTo(2);
    assertThat(task3("threads=64", "repetitions=2")).isEqualTo(2);
    String variants = "variants=[{name: a}, {name: b, set: {epochs: 1}}]";
    assertThat(task2("threads=64", "repetitions=3", variants)).isEqualTo(6);
    assertThat(task3("threads=64", "repetitions=3", variants)).isEqualTo(6);
    assertThat(task2("threads=2", "repetitions=3")).isEqualTo(2);
  }

  @Test
  void trainingsOfDl4jRunOneByOne() {
    assertThat(task2("threads=64", "engine=dl4j")).isEqualTo(1);
  }
}
