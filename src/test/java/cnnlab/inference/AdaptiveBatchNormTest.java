package cnnlab.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cnnlab.data.ImageSet;
import cnnlab.data.patch.SyntheticPatches;
import cnnlab.engine.Dl4jRuntime;
import cnnlab.engine.Engine;
import cnnlab.engine.EngineKind;
import cnnlab.engine.Engines;
import cnnlab.model.LymphNodeResNet;
import cnnlab.model.Updaters;
import cnnlab.scratch.layer.Shape;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.factory.Nd4j;

class AdaptiveBatchNormTest {
  private static final Shape INPUT = new Shape(3, 32, 32);
  private static final ImageSet SET = SyntheticPatches.create(160, 1).train();
  private static final int[] IMAGES = IntStream.range(0, 100).toArray();
  private static final LymphNodeResNet.Shape SHAPE =
      new LymphNodeResNet.Shape(List.of(4, 8), 1, true, 0.2);

  @BeforeAll
  static void configure() {
    Dl4jRuntime.configure(true, 1);
  }

  private static ComputationGraph graph() {
    return LymphNodeResNet.create(
        5, SHAPE, Updaters.adam(0.01, Updaters.BETA1, Updaters.BETA2, Updaters.EPSILON), 0.05);
  }

  private static float[] adapted(EngineKind kind, ComputationGraph graph) {
    try (Engine engine = AdaptiveBatchNorm.engine(kind, graph, INPUT, SET, IMAGES, 25, 3, 1)) {
      return engine.predict(SET.batch(IMAGES, 0, IMAGES.length), IMAGES.length);
    }
  }

  @ParameterizedTest
  @EnumSource(EngineKind.class)
  void theGraphIsLeftAsItIs(EngineKind kind) {
    ComputationGraph graph = graph();
    double[] before = graph.params().toDoubleVector();
    float[] untouched =
        Engines.training(kind, graph, INPUT, Engines.Training.withDefaults(25, 1), 1)
            .predict(SET.batch(IMAGES, 0, IMAGES.length), IMAGES.length);
    assertThat(adapted(kind, graph)).isNotEqualTo(untouched);
    assertThat(graph.params().toDoubleVector()).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(EngineKind.class)
  void onlyTheAveragesFollow(EngineKind kind) {
    ComputationGraph before = graph();
    ComputationGraph after = graph();
    try (Engine engine = AdaptiveBatchNorm.engine(kind, before, INPUT, SET, IMAGES, 25, 3, 1)) {
      if (kind == EngineKind.SCRATCH) {
        Engines.writeBack(engine, after, INPUT);
      } else {
        after.setParams(Nd4j.createFromArray(engine.weights()).reshape(1, -1));
      }
    }
    before
        .paramTable()
        .forEach(
            (name, value) ->
                assertThat(value.equals(after.paramTable().get(name)))
                    .as(name)
                    .isEqualTo(!name.endsWith("_mean") && !name.endsWith("_var")));
  }

  /** Averages that are far off are forgotten, although a pass has only four batches. */
  @ParameterizedTest
  @EnumSource(EngineKind.class)
  void nothingOfTheOldAveragesRemains(EngineKind kind) {
    ComputationGraph off = graph();
    off.paramTable()
        .forEach(
            (name, value) -> {
              if (name.endsWith("_mean")) {
                value.addi(1000);
              }
            });
    float[] expected = adapted(kind, graph());
    float[] actual = adapted(kind, off);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(2e-3f));
    }
  }

  @Test
  void usesTheNumberOfBatchesThatTheDecayRequires() {
    int steps = AdaptiveBatchNorm.steps(graph());
    assertThat(Math.pow(0.9, steps)).isLessThanOrEqualTo(0x1p-24);
    assertThat(Math.pow(0.9, steps - 1)).isGreaterThan(0x1p-24);
  }

  @Test
  void bothEnginesMeasureTheSame() {
    float[] library = adapted(EngineKind.DL4J, graph());
    float[] scratch = adapted(EngineKind.SCRATCH, graph());
    for (int i = 0; i < library.length; i++) {
      assertThat(scratch[i]).isCloseTo(library[i], within(1e-4f));
    }
  }
}
