package cnnlab.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.config.UsageException;
import cnnlab.data.file.DataException;
import cnnlab.data.file.NpyFile;
import cnnlab.model.TrainableGraphs;
import cnnlab.model.TrainableGraphs.Kind;
import cnnlab.model.TrainableGraphs.Optimiser;
import cnnlab.store.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpochWeightsTest {
  @TempDir Path temp;

  private static ComputationGraph graph(Kind kind, long seed) {
    return TrainableGraphs.create(kind, seed, Optimiser.ADAM, 0.001);
  }

  private static float[] parameters(ComputationGraph graph) {
    return graph.params().dup('c').data().asFloat();
  }

  @Test
  void theNetworkAfterAnEpochHasItsWeights() throws IOException {
    ComputationGraph early = graph(Kind.TASK2, 1);
    ComputationGraph late = graph(Kind.TASK2, 2);
    Path run = temp.resolve("run");
    try (RunDirectory directory = RunDirectory.at(run)) {
      for (int epoch : new int[] {10, 0, 2}) {
        EpochWeights.write(directory, "models/a-1.weights", epoch, epoch == 0 ? late : early);
      }
      EpochWeights.copy(directory, "models/a-1.weights", EpochWeights.FOLDER);
      directory.writeText("weights/notes.txt", "not weights");
    }
    EpochWeights kept = EpochWeights.beside(run.resolve("model.zip"));
    assertThat(kept.epochs()).containsExactly(0, 2, 10);
    float[] before = parameters(late);
    ComputationGraph found = kept.at(2, late);
    assertThat(parameters(found)).containsExactly(parameters(early));
    assertThat(parameters(late)).containsExactly(before);
    assertThat(NpyFile.read(run.resolve("weights/epoch-2.npy")).shape())
        .containsExactly(before.length);
    // 4 bytes for each parameter, and a header of 128.
    assertThat(Files.size(run.resolve("weights/epoch-2.npy"))).isEqualTo(4L * before.length + 128);
  }

  @Test
  void weightsOfAnotherNetworkAreRefused() throws IOException {
    Path run = temp.resolve("run");
    try (RunDirectory directory = RunDirectory.at(run)) {
      EpochWeights.write(directory, EpochWeights.FOLDER, 1, graph(Kind.TASK1, 1));
    }
    EpochWeights kept = EpochWeights.beside(run.resolve("model.zip"));
    assertThatThrownBy(() -> kept.at(1, graph(Kind.TASK2, 1)))
        .isInstanceOf(UsageException.class)
        .hasMessageContainingAll("epoch-1.npy", "4266 values", "expected");
    Files.write(run.resolve("weights/epoch-1.npy"), new byte[] {1, 2});
    assertThatThrownBy(() -> kept.at(1, graph(Kind.TASK1, 1))).isInstanceOf(DataException.class);
  }

  @Test
  void thereNeedNotBeAny() {
    assertThat(EpochWeights.beside(temp.resolve("model.zip")).epochs()).isEmpty();
  }

  @Test
  void everyKthAndTheLastAreKept() {
    assertThat(EpochWeights.names("w", 3, 7, 7))
        .containsExactly("w/epoch-0.npy", "w/epoch-3.npy", "w/epoch-6.npy", "w/epoch-7.npy");
    assertThat(EpochWeights.names("w", 3, 7, 4)).containsExactly("w/epoch-0.npy", "w/epoch-3.npy");
    assertThat(EpochWeights.names("w", 0, 7, 7)).isEmpty();
  }
}
