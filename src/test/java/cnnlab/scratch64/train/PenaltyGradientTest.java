package cnnlab.scratch64.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cnnlab.scratch64.GradientCheck;
import cnnlab.scratch64.Network;
import cnnlab.scratch64.ThreadTeam;
import cnnlab.scratch64.kernel.Kernels;
import cnnlab.scratch64.kernel.ReferenceKernels;
import cnnlab.scratch64.layer.Activate;
import cnnlab.scratch64.layer.Activation;
import cnnlab.scratch64.layer.Dense;
import cnnlab.scratch64.layer.Shape;
import cnnlab.scratch64.layer.Softmax;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** L1 and L2 penalties: their value by hand, their gradients by central differences. */
class PenaltyGradientTest {
  private static final Kernels KERNELS = new ReferenceKernels();

  @Test
  void deeplearning4jHalvesTheSquares() {
    // Of 1, -2: 0.1 · (1 + 2) + 0.5 / 2 · (1 + 4); gradients 0.1 · sign w + 0.5 · w, added to 10.
    double[] gradients = {10, 10, 10, 10};
    assertThat(add(new Penalty(1, 3, 0.1, 0.5), gradients)).isCloseTo(1.55, within(1e-15));
    assertThat(gradients).containsExactly(new double[] {10, 10.6, 8.9, 10}, within(1e-14));
  }

  @Test
  void kerasDoesNot() {
    // 0.1 · (1 + 2) + 0.5 · (1 + 4); gradients 0.1 · sign w + 2 · 0.5 · w.
    double[] gradients = {0, 0, 0, 0};
    assertThat(add(new Penalty(1, 3, 0.1, 1), gradients)).isCloseTo(2.8, within(1e-15));
    assertThat(gradients).containsExactly(new double[] {0, 1.1, -2.1, 0}, within(1e-14));
  }

  private static double add(Penalty p, double[] gradients) {
    double[] weights = {7, 1, -2, 7};
    return KERNELS.addPenalty(weights, gradients, p.begin(), p.end(), p.l1(), p.l2());
  }

  @Test
  void theLearnersGradientIsThatOfItsLoss() {
    Network.Builder layers =
        Network.builder(Shape.vector(4))
            .add("a", new Dense(4, 6, true, false))
            .add("tanh", new Activate(Activation.TANH))
            .add("logits", new Dense(6, 3, true, false))
            .add("softmax", new Softmax());
    Random random = new Random(1);
    Network network = layers.build(GradientCheck.parameters(layers, random), KERNELS);
    int n = 5;
    double[] x = random.doubles(n * 4, -2, 2).toArray();
    double[] y = GradientCheck.targets(n, 3, random);
    // The first layer's weights, and the second's in two overlapping ranges.
    List<Penalty> penalties =
        List.of(
            new Penalty(0, 24, 0.02, 0.3),
            new Penalty(30, 48, 0.01, 0.2),
            new Penalty(40, 48, 0, 0.2));
    try (ThreadTeam team = new ThreadTeam(1)) {
      // A learning rate of 0: a step only computes loss and gradient.
      Optimizer still = new Optimizer.Sgd(new Schedule.Constant(0), 0);
      NetworkTrainer trainer =
          new NetworkTrainer(
              network,
              new NetworkTrainer.Options(
                  Objective.CATEGORICAL_CROSS_ENTROPY,
                  still,
                  penalties,
                  List.of(),
                  List.of(),
                  0,
                  n,
                  1),
              team);
      trainer.step(x, y, n);
      double[] gradients = trainer.gradients().clone();
      GradientCheck.Result worst =
          GradientCheck.compare(
              "parameter",
              network.parameters(),
              gradients,
              1e-3 * GradientCheck.largest(gradients),
              () -> trainer.step(x, y, n));
      assertThat(worst.error()).as(worst.where()).isLessThanOrEqualTo(1e-6);
    }
  }
}
