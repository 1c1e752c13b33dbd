package cnnlab.task1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.config.UsageException;
import cnnlab.engine.Dl4jRuntime;
import cnnlab.experiment.Initialisation;
import cnnlab.keras.Archives;
import cnnlab.keras.KerasFile;
import cnnlab.model.MnistCnn;
import cnnlab.model.ModelParameters;
import cnnlab.model.Updaters;
import cnnlab.model.file.ModelFileException;
import cnnlab.model.file.ModelFiles;
import cnnlab.run.RunOptions;
import cnnlab.scratch.layer.Shape;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Task 1 with initial weights trained in Keras. */
class Task1InitTest {
  private static final PrintStream SILENT = new PrintStream(OutputStream.nullOutputStream());
  private static final Shape INPUT = new Shape(1, 28, 28);

  @TempDir Path temp;

  @BeforeAll
  static void configure() {
    Dl4jRuntime.configure(true, 1);
  }

  private static Path keras(String name) {
    try {
      return Path.of(Task1InitTest.class.getResource("/keras/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ComputationGraph fresh() {
    return MnistCnn.create(5, Updaters.adam(1e-3, 0.9, 0.999, 1e-7));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dl4j", "scratch"})
  void trainingGoesOnFromTheModel(String engine) throws IOException {
    Path out = temp.resolve("run");
    List<String> sets =
        List.of(
            "epochs=1",
            "trainLimit=256",
            "evaluationLimit=500",
            "threads=1",
            "optimizer.learningRate=1e-6",
            "engine=" + engine,
            "init=" + keras("task1.keras"));
    Task1Result result =
        Task1.run(
            new RunOptions(null, sets, 1L, null, false, null, out, null, List.of("task1")), SILENT);
    // One epoch of 256 images from random weights reaches 0.5 at most.
    assertThat(result.library().testAccuracy()).isGreaterThan(0.95);
    assertThat(result.maxAbsDifference()).isLessThanOrEqualTo(2e-6);
    assertThat(result.argmaxAgreement()).isEqualTo(1);
    assertThat(Files.readString(out.resolve("config.yaml"))).contains("task1.keras");
    assertThat(Files.readString(out.resolve("provenance.json"))).contains("task1.keras");
  }

  @Test
  void everyFormatGivesTheSameWeights() throws IOException {
    Path zip = temp.resolve("task1.zip");
    ModelFiles.save(KerasFile.read(keras("task1.keras")).graph(), zip);
    ComputationGraph expected = fresh();
    Initialisation.from(keras("task1.keras"), expected, INPUT);
    assertThat(ModelParameters.of(expected).get("conv1_W"))
        .isNotEqualTo(ModelParameters.of(fresh()).get("conv1_W"));
    for (Path file : List.of(keras("task1.h5"), keras("task1.keras2.h5"), zip)) {
      ComputationGraph graph = fresh();
      Initialisation.from(file, graph, INPUT);
      assertThat(graph.params()).as(file.toString()).isEqualTo(expected.params());
    }
  }

  @Test
  void explainsWhatDoesNotFit() throws IOException {
    ComputationGraph graph = fresh();
    assertThatThrownBy(() -> Initialisation.from(keras("task3.keras"), graph, INPUT))
        .isInstanceOf(UsageException.class)
        .hasMessageContainingAll(
            "init",
            "task3.keras",
            "layer 1",
            "'conv1' {W=[8, 3, 3, 3], b=[8]}",
            "'conv1' {W=[4, 1, 3, 3], b=[4]}");
    assertThatThrownBy(() -> Initialisation.from(temp.resolve("no.keras"), graph, INPUT))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("no such file");
    assertThat(graph.params()).isEqualTo(fresh().params());
  }

  @Test
  void theSameShapesAreNotYetTheSameNetwork() throws IOException {
    Map<String, byte[]> entries = Archives.entries(keras("task1.keras"));
    String json = new String(entries.get("config.json"), StandardCharsets.UTF_8);
    String other = json.replace("\"activation\": \"relu\"", "\"activation\": \"tanh\"");
    entries.put("config.json", other.getBytes(StandardCharsets.UTF_8));
    Path file = Archives.write(temp.resolve("tanh.keras"), entries);
    assertThatThrownBy(() -> Initialisation.from(file, fresh(), INPUT))
        .isInstanceOf(UsageException.class)
        .hasMessageContainingAll("tanh.keras", "something else", "activations");
  }
}
