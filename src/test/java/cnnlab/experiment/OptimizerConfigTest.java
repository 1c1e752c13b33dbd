package cnnlab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptimizerConfigTest {
  @ParameterizedTest
  @CsvSource({"0.1, 3000, 300", "0, 1, 0", "0.6, 1, 0", "0.95, 4, 3", "0.99, 2, 1"})
  void someStepsAreLeftAfterWarmingUp(double warmup, int steps, int expected) {
    OptimizerConfig optimizer = new OptimizerConfig(0.001, true, warmup, 0, 0);
    assertThat(optimizer.warmupSteps(steps)).isEqualTo(expected);
  }
}
