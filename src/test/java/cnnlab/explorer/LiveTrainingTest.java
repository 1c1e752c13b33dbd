package cnnlab.explorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cnnlab.augment.ImageChange;
import cnnlab.config.UsageException;
import cnnlab.data.patch.PatchCamelyon;
import cnnlab.engine.EngineKind;
import cnnlab.explorer.LiveTraining.Action;
import cnnlab.explorer.LiveTraining.State;
import cnnlab.model.TrainableGraphs.Kind;
import cnnlab.model.TrainableGraphs.Optimiser;
import cnnlab.run.RunOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
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

  private static LiveSettings settings(EngineKind engine, int images, double rate) {
    return new LiveSettings(Kind.TASK1, images, engine, Optimiser.ADAM, rate, 32, List.of(), 1);
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
    State first = explorer.live().create(settings(engine, 256, 0.01)).state();
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

  /** All transforms at once; each on its own is tried by AugmentationChoicesTest. */
  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"TASK1", "TASK2"})
  void everyAugmentationThatFitsTrains(Kind kind) throws InterruptedException {
    List<Object> all = new ArrayList<>();
    LiveTraining.augmentations(kind).forEach(choice -> all.add(choice.entry()));
    assertThat(all).hasSizeGreaterThan(10);
    LiveTraining.Created made = explorer.live().create(settings(kind, all));
    assertThat(made.warnings())
        .anyMatch(text -> text.startsWith("flip: mirrored digits are not digits"));
    explorer.live().steer(Action.EPOCH);
    assertThat(paused().loss()).isBetween(0.5, 10.0);
  }

  private static LiveSettings settings(Kind kind, List<Object> augmentation) {
    return new LiveSettings(kind, 64, EngineKind.SCRATCH, Optimiser.SGD, 0.01, 32, augmentation, 1);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"TASK3", "TASK3_BEST"})
  void patchesTrainWithTheirColours(Kind kind) throws InterruptedException {
    assumeTrue(
        PatchCamelyon.validation(RunOptions.locateDatasets(null)).isPresent(),
        "needs PatchCamelyon");
    List<Object> colours = new ArrayList<>();
    LiveTraining.augmentations(kind).forEach(choice -> colours.add(choice.entry()));
    assertThat(colours.toString()).contains("stain", "randomised", "border=reflect");
    explorer.live().create(settings(kind, colours));
    explorer.live().steer(Action.EPOCH);
    assertThat(paused().loss()).isBetween(0.3, 10.0);
    var model = explorer.model(Explorer.LIVE);
    assertThat(model.layers()).anyMatch(l -> l.kernels().size() == 4);
    assertThat(model.classes()).hasSize(2);
  }

  @Test
  void transformsThatDoNotFitAreRefused() {
    assertThatThrownBy(
            () ->
                explorer
                    .live()
                    .create(settings(Kind.TASK1, List.of(Map.of("stain", Map.of("sigma", 0.1))))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("stain");
    assertThatThrownBy(() -> settings(Kind.TASK1, List.of("rotat")))
        .hasMessageContaining("did you mean 'rotate'");
    assertThatThrownBy(() -> settings(Kind.TASK1, Collections.nCopies(101, "transpose")))
        .hasMessageContaining("at most 100");
    assertThat(explorer.live().exists()).isFalse();
  }

  /** On eight images, Adam with a rate of 10 overflows or stays at a bound; both must end well. */
  @Test
  void hugeLearningRatesDoNotHang() throws InterruptedException {
    explorer
        .live()
        .create(
            new LiveSettings(
                Kind.TASK1, 8, EngineKind.SCRATCH, Optimiser.SGD, 10, 8, List.of(), 1));
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
                new LiveSettings(
                    Kind.TASK1, 1, EngineKind.SCRATCH, Optimiser.ADAM, 0.1, 5000, List.of(), 1))
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
