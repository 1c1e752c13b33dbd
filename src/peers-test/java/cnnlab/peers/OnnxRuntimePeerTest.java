package cnnlab.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.Outcome;
import cnnlab.config.UsageException;
import cnnlab.data.file.NpyArray;
import cnnlab.data.file.NpyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ONNX Runtime on models of all formats. */
class OnnxRuntimePeerTest {
  private static final Path ONNX = Path.of("src/test/resources/onnx/models");

  @TempDir Path temp;

  @ParameterizedTest
  @ValueSource(strings = {"lenet", "mobile", "perceptron", "signal", "windows"})
  void computesWhatItComputedWhenTheModelWasMade(String name) throws IOException {
    NpyArray inputs = NpyFile.read(ONNX.resolve(name + ".inputs.npy"));
    NpyArray outputs = NpyFile.read(ONNX.resolve(name + ".outputs.npy"));
    NpyArray found = new OnnxRuntimePeer().outputs(ONNX.resolve(name + ".old.onnx"), inputs);
    assertThat(found.shape()).isEqualTo(outputs.shape());
    for (int i = 0; i < outputs.data().length; i++) {
      assertThat(found.data()[i]).isCloseTo(outputs.data()[i], withinOf(outputs.data()[i]));
    }
  }

  private static org.assertj.core.data.Offset<Float> withinOf(float value) {
    return org.assertj.core.api.Assertions.within(1e-5f * Math.max(1, Math.abs(value)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "src/test/resources/keras/segmentation.keras",
        "src/test/resources/keras/squeezed.keras",
        "src/test/resources/onnx/models/lenet.new.onnx",
        "src/test/resources/onnx/models/keras.new.onnx",
        "src/test/resources/onnx/models/signal.old.onnx"
      })
  void standsBesideTheEnginesAndDoublePrecision(String model) {
    Outcome outcome = Outcome.of("compare", model, "--with", "onnxruntime");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("outputs against double precision", "ONNX Runtime 1.", "from scratch")
        .contains("Within tolerance");
  }

  @Test
  void runsModelsOfDl4j() throws IOException {
    Path inputs = temp.resolve("x.npy");
    NpyFile.write(inputs, new NpyArray(new int[] {3, 28, 28, 1}, new float[3 * 28 * 28]));
    Path json = temp.resolve("result.json");
    Outcome outcome =
        Outcome.of(
            "compare",
            "results/reference/task1/model.zip",
            "--inputs",
            inputs.toString(),
            "--with",
            "onnxruntime",
            "--json",
            json.toString());
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(Files.readString(json)).contains("\"implementation\" : \"ONNX Runtime 1.");
  }

  @Test
  void namesAFileThatItCannotRun() throws IOException {
    Path file = temp.resolve("bad.onnx");
    Files.writeString(file, "no model");
    assertThatThrownBy(
            () -> new OnnxRuntimePeer().outputs(file, new NpyArray(new int[] {1, 1}, new float[1])))
        .isInstanceOf(UsageException.class)
        .hasMessageContainingAll(file.toString(), "ONNX Runtime", "cannot run it");
  }
}
