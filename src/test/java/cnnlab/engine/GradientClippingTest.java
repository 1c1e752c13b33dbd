package cnnlab.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cnnlab.model.GradientClipping;
import cnnlab.model.SmallDigitsCnn;
import cnnlab.model.file.ModelFiles;
import cnnlab.scratch.Network;
import cnnlab.scratch.dl4j.GraphCompiler;
import cnnlab.scratch.dl4j.TrainingCompiler;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.layer.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;

/** Both engines on a network with batch normalisation. */
class GradientClippingTest {
  private static final Shape INPUT = new Shape(1, 28, 28);
  private static final int N = 16;
  private static final double NORM = 0.01;

  @TempDir Path temp;

  @BeforeAll
  static void configure() {
    Dl4jRuntime.configure(true, 1);
  }

  private static ComputationGraph graph(double norm) {
    SmallDigitsCnn.Shape shape =
        new SmallDigitsCnn.Shape(List.of(List.of(4), List.of(4)), true, true, false, 8, 0);
    ComputationGraph graph = SmallDigitsCnn.create(5, shape, new Sgd(1), 0);
    GradientClipping.apply(graph, norm);
    return graph;
  }

  /** Parameters after steps of plain gradient descent with learning rate 1. */
  private static ComputationGraph trained(EngineKind kind, double norm, int steps) {
    ComputationGraph graph = graph(norm);
    Random random = new Random(1);
    try (Engine engine =
        Engines.training(kind, graph, INPUT, Engines.Training.withDefaults(N, 1), 1)) {
      for (int step = 0; step < steps; step++) {
        float[] x = new float[N * INPUT.size()];
        float[] y = new float[N * 10];
        for (int i = 0; i < x.length; i++) {
          x[i] = (float) random.nextGaussian();
        }
        for (int i = 0; i < N; i++) {
          y[10 * i + random.nextInt(10)] = 1;
        }
        engine.trainBatch(x, y, N);
      }
      Engines.writeBack(engine, graph, INPUT);
    }
    return graph;
  }

  @ParameterizedTest
  @EnumSource(EngineKind.class)
  void theGradientOfEachArrayIsShortenedToTheNorm(EngineKind kind) {
    Map<String, INDArray> before = graph(0).paramTable();
    Map<String, INDArray> free = trained(kind, 0, 1).paramTable();
    Map<String, INDArray> clipped = trained(kind, NORM, 1).paramTable();
    int shortened = 0;
    for (String name : before.keySet()) {
      INDArray expected = free.get(name).sub(before.get(name));
      double length = expected.norm2Number().doubleValue();
      if (!name.contains("_norm_") && length > NORM) {
        expected.muli(NORM / length);
        shortened++;
      }
      INDArray found = clipped.get(name).sub(before.get(name));
      assertThat(found.sub(expected).norm2Number().doubleValue())
          .as(name)
          .isLessThan(1e-4 * Math.max(NORM, length));
    }
    assertThat(shortened).isGreaterThan(3);
  }

  @Test
  void bothEnginesClipTheSame() {
    INDArray library = trained(EngineKind.DL4J, NORM, 5).params();
    INDArray scratch = trained(EngineKind.SCRATCH, NORM, 5).params();
    INDArray free = trained(EngineKind.DL4J, 0, 5).params();
    assertThat(scratch.sub(library).norm2Number().doubleValue())
        .isCloseTo(0, within(1e-4 * library.norm2Number().doubleValue()));
    assertThat(free.sub(library).norm2Number().doubleValue()).isGreaterThan(NORM);
  }

  @Test
  void theModelFileKeepsIt() throws IOException {
    Path zip = temp.resolve("model.zip");
    ModelFiles.save(graph(NORM), zip);
    ComputationGraph loaded = ModelFiles.load(zip);
    Network network = GraphCompiler.compile(loaded, INPUT, Kernels.best());
    // Weights of two convolutions, and weights and biases of two dense layers.
    assertThat(TrainingCompiler.options(loaded, network, 0, N, 1).clips())
        .hasSize(2 + 2 * 2)
        .allMatch(clip -> clip.norm() == NORM);
    assertThat(TrainingCompiler.options(graph(0), network, 0, N, 1).clips()).isEmpty();
  }

  /** DL4J's running averages are updated by gradients, and would lag behind. */
  @Test
  void refusesClippedBatchNormalisation() {
    ComputationGraph graph = graph(NORM);
    ((BatchNormalization) graph.getLayer("conv1_1_norm").conf().getLayer())
        .setGradientNormalization(GradientNormalization.ClipL2PerParamType);
    assertThatThrownBy(() -> TrainingCompiler.optimizer(graph))
        .hasMessageContainingAll("conv1_1_norm", "ClipL2PerParamType");
  }
}
