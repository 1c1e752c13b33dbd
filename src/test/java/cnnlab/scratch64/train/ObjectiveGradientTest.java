package cnnlab.scratch64.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cnnlab.scratch64.GradientCheck;
import cnnlab.scratch64.Network;
import cnnlab.scratch64.ThreadTeam;
import cnnlab.scratch64.kernel.Kernels;
import cnnlab.scratch64.kernel.Padding;
import cnnlab.scratch64.kernel.ReferenceKernels;
import cnnlab.scratch64.kernel.Window;
import cnnlab.scratch64.layer.Activate;
import cnnlab.scratch64.layer.Activation;
import cnnlab.scratch64.layer.BatchNorm;
import cnnlab.scratch64.layer.Conv2d;
import cnnlab.scratch64.layer.Dense;
import cnnlab.scratch64.layer.Flatten;
import cnnlab.scratch64.layer.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The losses other than categorical cross-entropy: by hand, and gradients by differences. */
class ObjectiveGradientTest {
  private static final Kernels KERNELS = new ReferenceKernels();

  private static Network.Builder network(Activation last) {
    return Network.builder(new Shape(2, 3, 3))
        .add("conv", new Conv2d(2, 3, Window.square(2, 1, Padding.VALID), true, false))
        .add("norm", new BatchNorm(3, 1e-3, 0.9))
        .add("flat", new Flatten())
        .add("dense", new Dense(12, 3, true, false))
        .add("last", new Activate(last));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1})
  void binaryCrossEntropy(double smoothing) {
    check(network(Activation.SIGMOID), Objective.BINARY_CROSS_ENTROPY, smoothing);
  }

  @Test
  void squaredError() {
    check(network(Activation.LINEAR), Objective.SQUARED_ERROR, 0);
    check(network(Activation.TANH), Objective.SQUARED_ERROR, 0);
    Network.Builder normalised = network(Activation.TANH).add("end", new BatchNorm(3, 1e-3, 0.9));
    check(normalised, Objective.SQUARED_ERROR, 0);
  }

  private static void check(Network.Builder layers, Objective objective, double smoothing) {
    GradientCheck.Result worst = GradientCheck.check(layers, objective, KERNELS, 5, smoothing);
    assertThat(worst.error()).as(worst.where()).isLessThanOrEqualTo(1e-6);
  }

  @Test
  void lossesByHand() {
    // p = 0.8 for y = 1 and p = 0.5 for y = 0.
    double binary =
        Objective.BINARY_CROSS_ENTROPY.loss(0.8, 1, 2)
            + Objective.BINARY_CROSS_ENTROPY.loss(0.5, 0, 2);
    assertThat(binary).isCloseTo(-Math.log(0.8) - Math.log(0.5), within(1e-12));
    assertThat(Objective.SQUARED_ERROR.loss(3, 1, 2)).isEqualTo(2);
    assertThat(Objective.SQUARED_ERROR.gradient(3, 1, 2)).isEqualTo(2);
  }

  @Test
  void anObjectiveThatDoesNotFitIsRefused() {
    Network.Builder layers = network(Activation.TANH);
    Network network = layers.build(new double[layers.parameterCount()], KERNELS);
    try (ThreadTeam team = new ThreadTeam(1)) {
      assertThatThrownBy(
              () -> new Backpropagation(network, Objective.BINARY_CROSS_ENTROPY, 2, team, false))
          .hasMessageContainingAll("'last'", "tanh", "binary cross entropy", "a sigmoid");
    }
  }
}
