package cnnlab.scratch.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cnnlab.model.layer.CosineSchedule;
import cnnlab.scratch.Network;
import cnnlab.scratch.TestNetworks;
import cnnlab.scratch.ThreadTeam;
import cnnlab.scratch.dl4j.TestGraphs;
import cnnlab.scratch.dl4j.TrainingCompiler;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.layer.Softmax;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

class OptimizerTest {

  @Test
  void schedulesByHand() {
    assertThat(new Schedule.Constant(0.1).at(99)).isEqualTo(0.1);
    assertThat(new Schedule.Step(1, 0.5, 10).at(29)).isEqualTo(0.25);
    assertThat(new Schedule.Exponential(2, 0.5).at(3)).isEqualTo(0.25);
    CosineSchedule cosine = new CosineSchedule(1, 0.1, 4, 24);
    assertThat(cosine.valueAt(0, 0)).isEqualTo(0.25);
    assertThat(cosine.valueAt(3, 0)).isEqualTo(1);
    assertThat(cosine.valueAt(4, 0)).isEqualTo(1);
    assertThat(cosine.valueAt(14, 0)).isCloseTo(0.55, within(1e-12));
    assertThat(cosine.valueAt(24, 0)).isCloseTo(0.1, within(1e-12));
    assertThat(cosine.valueAt(1000, 0)).isCloseTo(0.1, within(1e-12));
    assertThatThrownBy(() -> new CosineSchedule(1, 0, 5, 5))
        .hasMessageContaining("5 warm-up steps");
  }

  @Test
  void theFirstStepOfAdamIsTheLearningRate() {
    // Whatever the gradient's size: m/√v is its sign after bias correction.
    float[] w = {1, 1, 1};
    float[][] state = new float[2][3];
    Optimizer adam = new Optimizer.Adam(new Schedule.Constant(0.1), 0.9, 0.999, 0);
    adam.update(w, new float[] {1e-3f, -5, 2}, state, 0, 2, 0, 0);
    assertThat(w[0]).isCloseTo(0.9f, within(1e-6f));
    assertThat(w[1]).isCloseTo(1.1f, within(1e-6f));
    assertThat(w[2]).isEqualTo(1);
  }

  @Test
  void decoupledWeightDecayIsIndependentOfTheGradient() {
    float[] w = {2};
    Optimizer adamW = new Optimizer.Adam(new Schedule.Constant(0.1), 0.9, 0.999, 1e-7);
    adamW.update(w, new float[] {0}, new float[2][1], 0, 1, 0, 0.5);
    assertThat(w[0]).isCloseTo(2 * (1 - 0.1f * 0.5f), within(1e-6f));
  }

  @Test
  void nesterovByHand() {
    float[] w = {0};
    float[][] state = new float[1][1];
    Optimizer sgd = new Optimizer.Sgd(new Schedule.Constant(0.1), 0.5);
    sgd.update(w, new float[] {1}, state, 0, 1, 0, 0); // v = -0.1, w = -0.05 - 0.1
    assertThat(w[0]).isCloseTo(-0.15f, within(1e-7f));
    sgd.update(w, new float[] {1}, state, 0, 1, 1, 0); // v = -0.15, w += -0.075 - 0.1
    assertThat(w[0]).isCloseTo(-0.325f, within(1e-7f));
  }

  @Test
  void clippingShortensTheGradientOfOneArrayAndKeepsItsDirection() {
    float[] free = step(List.of());
    float[] clipped = step(List.of(new GradientClip(0, 12, 0.01), new GradientClip(12, 15, 1e3)));
    double norm = 0;
    for (int i = 0; i < 12; i++) {
      norm += clipped[i] * clipped[i];
    }
    assertThat(Math.sqrt(norm)).isCloseTo(0.01, within(1e-6));
    assertThat(clipped[0] / clipped[7]).isCloseTo(free[0] / free[7], within(1e-3f));
    // A shorter gradient is not changed.
    assertThat(Arrays.copyOfRange(clipped, 12, 15)).isEqualTo(Arrays.copyOfRange(free, 12, 15));
    assertThatThrownBy(() -> new GradientClip(0, 1, 0)).hasMessageContaining("more than 0");
  }

  /** The change of the weights [12] and biases [3] by one plain step with learning rate 1. */
  private static float[] step(List<GradientClip> clips) {
    Network.Builder builder = Network.builder(Shape.vector(4));
    builder.add("dense", new Dense(4, 3, true, false)).add("softmax", new Softmax());
    float[] before = TestNetworks.parameters(builder, 1);
    Network network = builder.build(before.clone(), new ReferenceKernels());
    NetworkTrainer.Options options =
        new NetworkTrainer.Options(
            Objective.CATEGORICAL_CROSS_ENTROPY,
            new Optimizer.Sgd(new Schedule.Constant(1), 0),
            List.of(),
            List.of(),
            clips,
            0,
            8,
            1);
    try (ThreadTeam team = new ThreadTeam(1)) {
      new NetworkTrainer(network, options, team)
          .step(TestGraphs.random(32, 1), TestNetworks.targets(8, 3, 2), 8);
    }
    float[] change = new float[before.length];
    for (int i = 0; i < change.length; i++) {
      change[i] = network.parameters()[i] - before[i];
    }
    return change;
  }

  @Test
  void penaltiesHaveTheMeaningOfEachLibrary() {
    float[] w = {2, -1, 0};
    float[] g = new float[3];
    Penalty keras = new Penalty(0, 3, 0.1, 2 * 0.01);
    double value =
        new ReferenceKernels().addPenalty(w, g, 0, 3, (float) keras.l1(), (float) keras.l2());
    assertThat(value).isCloseTo(0.1 * 3 + 0.01 * 5, within(1e-8));
    assertThat(g[0]).isCloseTo(0.1f + 2 * 0.01f * 2, within(1e-7f));
    assertThat(g[1]).isCloseTo(-0.1f - 2 * 0.01f, within(1e-7f));
    assertThat(g[2]).isZero();
    assertThatThrownBy(() -> new Penalty(0, 1, -1, 0)).hasMessageContaining("0 or more");
  }

  @Test
  void theGraphSaysHowItIsTrained() {
    Optimizer nesterov =
        TrainingCompiler.optimizer(
            graph(new Nesterovs(new StepSchedule(ScheduleType.ITERATION, 0.1, 0.5, 10), 0.8)));
    assertThat(nesterov).isEqualTo(new Optimizer.Sgd(new Schedule.Step(0.1, 0.5, 10), 0.8));
    assertThat(TrainingCompiler.optimizer(graph(new Adam(0.01))))
        .isEqualTo(new Optimizer.Adam(new Schedule.Constant(0.01), 0.9, 0.999, 1e-8));
    assertThatThrownBy(() -> TrainingCompiler.optimizer(graph(new AdaDelta())))
        .hasMessageContainingAll("AdaDelta", "Nesterovs");
  }

  private static ComputationGraph graph(org.nd4j.linalg.learning.config.IUpdater updater) {
    return cnnlab.model.MnistCnn.create(1, updater);
  }

  @Test
  void aNetworkWithoutSoftmaxIsNotTrained() {
    Network.Builder builder =
        Network.builder(Shape.vector(4)).add("d", new Dense(4, 3, true, true));
    Network network = builder.build(new float[15], new ReferenceKernels());
    try (ThreadTeam team = new ThreadTeam(1)) {
      assertThatThrownBy(
              () ->
                  new Backpropagation(network, Objective.CATEGORICAL_CROSS_ENTROPY, 8, team, false))
          .hasMessageContainingAll("'d'", "softmax");
    }
  }

  @Test
  void aTeamPassesOnWhatATaskThrows() {
    try (ThreadTeam team = new ThreadTeam(3)) {
      assertThatThrownBy(
              () ->
                  team.run(
                      50,
                      (task, pad) -> {
                        if (task == 17) {
                          throw new IllegalStateException("task 17");
                        }
                      }))
          .hasMessage("task 17");
      int[] done = new int[100];
      team.run(100, (task, pad) -> done[task]++);
      assertThat(done).containsOnly(1);
    }
  }
}
