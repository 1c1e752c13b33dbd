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
  void anExplicitMasterOverridesIt() {
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

  @Test
  void aDriverOnAWorkerNeedsAFolderForResults() {
    String[] nowhere = of("sweep", "/shared/f.yaml");
    assertThat(SparkMain.wrong(nowhere, "cluster")).contains("--deploy-mode cluster", "--out DIR");
    assertThat(SparkMain.wrong(nowhere, "client")).isNull();
    assertThat(SparkMain.wrong(nowhere, null)).isNull();
    assertThat(SparkMain.wrong(of("sweep", "f.yaml", "--out", "/shared/r"), "cluster")).isNull();
    assertThat(SparkMain.wrong(of("sweep", "--resume=/shared/r"), "cluster")).isNull();
    assertThat(SparkMain.wrong(of("task2"), "cluster")).isNull();
    assertThat(SparkMain.wrong(of(), "cluster")).isNull();
  }
}
