package cnnlab.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SparkMainTest {
  private static final String MASTER = "spark://a:1";

  private static String[] of(String... args) {
    return args;
  }

  @Test
  void aSweepGetsTheMasterOfSparkSubmit() {
    assertThat(SparkMain.withMaster(of("sweep", "f.yaml"), MASTER))
        .containsExactly("sweep", "f.yaml", "--spark", MASTER);
  }

  @Test
  void itsOwnGoesBefore() {
    String[] apart = of("sweep", "f.yaml", "--spark", "local[2]");
    assertThat(SparkMain.withMaster(apart, MASTER)).isSameAs(apart);
    String[] joined = of("sweep", "--spark=local[2]", "f.yaml");
    assertThat(SparkMain.withMaster(joined, MASTER)).isSameAs(joined);
  }

  @Test
  void otherCommandsHaveNoMaster() {
    assertThat(SparkMain.withMaster(of("task2"), MASTER)).containsExactly("task2");
    assertThat(SparkMain.withMaster(of(), MASTER)).isEmpty();
    assertThat(SparkMain.withMaster(of("sweep", "f.yaml"), null))
        .containsExactly("sweep", "f.yaml");
  }
}
