package cnnlab.explorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.augment.ImageChange;
import cnnlab.config.UsageException;
import cnnlab.engine.EngineKind;
import cnnlab.explorer.LiveTraining.Action;
import cnnlab.explorer.LiveTraining.Settings;
import cnnlab.explorer.LiveTraining.State;
import cnnlab.model.TrainableGraphs.Kind;
import cnnlab.model.TrainableGraphs.Optimiser;
import cnnlab.run.RunOptions;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LiveTrainingTest {
  private final Explorer explorer = new Explorer(RunOptions.locateDatasets(null));
  private final BlockingQueue<State> states = new LinkedBlockingQueue<>();

  @BeforeEach
  void listen() {
    explorer.live().listen(states::add);
  }

  @AfterEach
  void close() {
    explorer.close();
  }

  private static Settings settings(EngineKind engine, int images, double rate) {
    return new Settings(Kind.TASK1, images, engine, Optimiser.ADAM, rate, 32, false, 1);
  }

  private State paused() throws InterruptedException {
    State state;
    do {
      state = states.poll(60, TimeUnit.SECONDS);
      assertThat(state).as("a state within a minute").isNotNull();
    } while (state.running());
    return state;
  }

  @ParameterizedTest
  @EnumSource(EngineKind.class)
  void oneStepThenTheRestOfTheEpoch(EngineKind engine) throws InterruptedException {
    State first = explorer.live().create(settings(engine, 256, 0.01));
    assertThat(first.step()).isZero();
    assertThat(first.batches()).isEqualTo(8);
    assertThat(first.running()).isFalse();
    explorer.live().steer(Action.STEP);
    State one = paused();
    assertThat(one.step()).isEqualTo(1);
    assertThat(one.loss()).isBetween(1.0, 5.0);
    explorer.live().steer(Action.EPOCH);
    State end = paused();
    assertThat(end.step()).isEqualTo(8);
    assertThat(end.batch()).isEqualTo(8);
    assertThat(end.epoch()).isEqualTo(1);
    explorer.live().steer(Action.EPOCH);
    State second = paused();
    assertThat(second.epoch()).isEqualTo(2);
    assertThat(second.loss()).isLessThan(end.loss());
    assertThat(second.validationAccuracy()).isGreaterThan(0.1);
  }

  @Test
  void theNetworkThatLearnsCanBeExamined() throws InterruptedException {
    explorer.live().create(settings(EngineKind.SCRATCH, 64, 0.01));
    assertThat(explorer.keys()).containsExactly(Explorer.LIVE);
    byte[] image = explorer.example(Explorer.LIVE, 0).pixels();
    var before = explorer.examine(Explorer.LIVE, image, ImageChange.NONE);
    explorer.live().steer(Action.STEP);
    paused();
    var after = explorer.examine(Explorer.LIVE, image, ImageChange.NONE);
    assertThat(after.scratch()).isNotEqualTo(before.scratch());
    for (int k = 0; k < 10; k++) {
      assertThat(Math.abs(after.scratch().get(k) - after.library().get(k))).isLessThan(1e-6);
    }
  }

  @Test
  void bothEnginesTakeTheSameSteps() throws InterruptedException {
    double[] loss = new double[2];
    for (EngineKind engine : EngineKind.values()) {
      explorer.live().create(settings(engine, 128, 0.001));
      explorer.live().steer(Action.EPOCH);
      loss[engine.ordinal()] = paused().loss();
    }
    assertThat(Math.abs(loss[0] - loss[1])).isLessThan(1e-4);
  }

  @Test
  void augmentationAndDropoutTrainToo() throws InterruptedException {
    explorer
        .live()
        .create(new Settings(Kind.TASK2, 64, EngineKind.SCRATCH, Optimiser.SGD, 0.01, 32, true, 1));
    explorer.live().steer(Action.EPOCH);
    assertThat(paused().loss()).isBetween(0.5, 10.0);
  }

  /** On eight images, Adam with a rate of 10 overflows or stays at a bound; both must end well. */
  @Test
  void hugeLearningRatesDoNotHang() throws InterruptedException {
    explorer
        .live()
        .create(new Settings(Kind.TASK1, 8, EngineKind.SCRATCH, Optimiser.SGD, 10, 8, false, 1));
    for (int i = 0; i < 30; i++) {
      State state;
      try {
        explorer.live().steer(Action.STEP);
        state = paused();
      } catch (Explorer.UnknownException e) {
        assertThat(e).hasMessageContaining("ended").hasMessageContaining("smaller learning rate");
        return;
      }
      assertThat(state.problem())
          .satisfiesAnyOf(
              problem -> assertThat(problem).isEmpty(),
              problem -> assertThat(problem).contains("smaller learning rate"));
    }
  }

  @Test
  void settingsAreChecked() {
    assertThatThrownBy(() -> settings(EngineKind.SCRATCH, -1, 0.1)).hasMessageContaining("images");
    assertThatThrownBy(() -> settings(EngineKind.SCRATCH, 1, 0))
        .hasMessageContaining("learningRate");
    assertThatThrownBy(
            () ->
                new Settings(
                    Kind.TASK1, 1, EngineKind.SCRATCH, Optimiser.ADAM, 0.1, 5000, false, 1))
        .hasMessageContaining("batchSize");
  }

  @Test
  void anUntrainedNetworkIsNotKept() {
    explorer.live().create(settings(EngineKind.SCRATCH, 64, 0.01));
    assertThatThrownBy(() -> explorer.live().keep())
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("not trained yet");
  }
}
