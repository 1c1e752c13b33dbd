package cnnlab.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import cnnlab.Outcome;
import cnnlab.bench.model.BenchModel;
import cnnlab.bench.worker.Peer;
import cnnlab.bench.worker.Runner;
import cnnlab.scratch.ThreadTeam;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.train.NetworkTrainer;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Other libraries compute and learn what the network from scratch does, so that speed compares. */
class BenchPeersTest {
  private static final int IMAGES = 5;
  private static final String KERAS = "src/test/resources/keras/";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "task1",
        "task3",
        "task2-best",
        "task3-best",
        KERAS + "batch_normalization.keras",
        KERAS + "convolutions_even.keras",
        KERAS + "convolutions_odd.keras",
        KERAS + "depthwise.keras",
        KERAS + "dilated_and_grouped.keras",
        KERAS + "flattening.keras",
        KERAS + "global_pooling.keras",
        KERAS + "merging.keras",
        KERAS + "mobile.keras",
        KERAS + "nested.keras",
        "src/test/resources/onnx/models/lenet.new.onnx",
        "src/test/resources/onnx/models/perceptron.old.onnx",
        "results/reference/task3-best"
      })
  void computesWhatTheNetworkFromScratchDoes(String name) throws IOException {
    BenchModel model = BenchModel.open(name);
    float[] x = random(IMAGES * model.input().size());
    float[] expected = model.network(new ReferenceKernels()).predict(x, IMAGES);
    for (Peer peer : List.of(new OnnxRuntimeBench(), new PyTorchBench())) {
      float[] found;
      try (Runner runner = peer.open(model, false, 1)) {
        found = runner.predict(x, IMAGES);
      } catch (UnsupportedOperationException e) {
        // Not every layer has a translation; it is named.
        assertThat(peer.engine()).isEqualTo("pytorch");
        assertThat(e).hasMessageContaining("layer '");
        assertThat(name).startsWith(KERAS);
        continue;
      }
      assertThat(found).as(peer.name()).hasSameSizeAs(expected);
      for (int i = 0; i < expected.length; i++) {
        assertThat(found[i])
            .as("%s, output %s", peer.name(), i)
            .isCloseTo(expected[i], offset(1e-5f * Math.max(1, Math.abs(expected[i]))));
      }
    }
  }

  private static float[] random(int count) {
    SplittableRandom random = new SplittableRandom(5);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (2 * random.nextDouble() - 1);
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(strings = {"task1", "task3", "task2-best", "task3-best"})
  void learnsAsTheNetworkFromScratchDoes(String name) throws IOException {
    BenchModel model = BenchModel.open(name).withoutDropout().orElseThrow();
    BenchModel same = BenchModel.open(name).withoutDropout().orElseThrow();
    int n = 16;
    float[] x = random(n * model.input().size());
    float[] y = new float[n * model.outputs()];
    for (int i = 0; i < n; i++) {
      y[i * model.outputs() + i % model.outputs()] = 1;
    }
    NetworkTrainer.Options options = model.trainingOptions();
    try (Runner torch = new PyTorchBench().open(model, true, 1);
        ThreadTeam team = new ThreadTeam(1)) {
      NetworkTrainer trainer =
          new NetworkTrainer(same.network(new ReferenceKernels()), options, team);
      double first = 0;
      double last = 0;
      for (int step = 0; step < 8; step++) {
        double expected = trainer.step(x, y, n);
        last = torch.train(x, y, n);
        first = step == 0 ? last : first;
        assertThat(last).as("step %s", step).isCloseTo(expected, offset(2e-3 * expected));
      }
      assertThat(last).isLessThan(first);
    }
  }

  @Test
  void namesALayerThatHasNoTranslation() throws IOException {
    BenchModel model = BenchModel.open(KERAS + "layer_and_group_normalized.keras");
    assertThatThrownBy(() -> new PyTorchBench().open(model, false, 1).predict(random(10_000), 1))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("layer '");
  }

  @Test
  void isMeasuredBesideTheEngines() {
    Outcome outcome =
        Outcome.of(
            "bench",
            "--models=task1",
            "--engines=scratch,onnxruntime,pytorch",
            "--threads=1",
            "--batch=1",
            "--repeats=1",
            "--seconds=0.01");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out().replaceAll(" +", " "))
        .contains("infer 1 onnxruntime 1", "infer 1 pytorch 1", "train 128 pytorch 1")
        .contains("onnxruntime does not train task1: ONNX Runtime");
  }
}
