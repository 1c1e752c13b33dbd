package cnnlab;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.data.file.NpyArray;
import cnnlab.data.file.NpyFile;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Models that users have, from file to file, with what Keras 3.15.1 predicts: {@code
 * src/test/resources/keras/cases}.
 */
class KerasCasesTest {
  @TempDir Path temp;

  private static Path of(String name) {
    try {
      Path folder = Path.of(KerasCasesTest.class.getResource("/keras/cases/" + name).toURI());
      Path legacy = folder.resolve("model.h5");
      return Files.exists(legacy) ? legacy : folder.resolve("model.keras");
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String beside(Path model, String name) {
    return model.resolveSibling(name).toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "augment_functional",
        "mlp",
        "image-output-order",
        "keras213-functional-archive",
        "predict-one-logit",
        "unet_upsampling",
        "squeeze_excite",
        "dilation2",
        "shared_twice",
        "ops_relu",
        "layernorm"
      })
  void isReadComparedAndPredictedInKerasOrder(String name) {
    Path model = of(name);
    String inputs = beside(model, "inputs.npy");
    Outcome compared =
        Outcome.of(
            "compare",
            model.toString(),
            "--inputs",
            inputs,
            "--expected",
            beside(model, "expected.npy"),
            "--tolerance",
            "1e-5");
    assertThat(compared.code()).as(compared.err() + compared.out()).isZero();

    NpyArray expected = NpyFile.read(model.resolveSibling("expected.npy"));
    for (String engine : new String[] {"scratch", "dl4j"}) {
      Path out = temp.resolve(engine + ".npy");
      Outcome predicted =
          Outcome.of(
              "predict",
              model.toString(),
              "--inputs",
              inputs,
              "--engine",
              engine,
              "--out",
              out.toString());
      assertThat(predicted.code()).as(predicted.err()).isZero();
      NpyArray ours = NpyFile.read(out);
      assertThat(ours.shape()).containsExactly(expected.shape());
      assertThat(ours.data()).containsExactly(expected.data(), Offset.offset(1e-5f));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "own-class-named-conv2d, conv2d, a custom class ('My>Conv2D')",
    "int8-dense-message, dense, quantised (int8)",
    "lora-h5-message, dense, low-rank adaptation (LoRA"
  })
  void isRefusedForItsTrueReason(String name, String layer, String reason) {
    Path model = of(name);
    Path out = temp.resolve("y.npy");
    Outcome outcome = predict(model, out);
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err())
        .contains(model + ": layer", layer, reason)
        .doesNotContain("\tat ", "another model");
    assertThat(out).doesNotExist();
  }

  @Test
  void valuesThatAreNoProbabilitiesAreWrittenAsValues() throws IOException {
    Path model = of("predict-one-logit");
    NpyArray expected = NpyFile.read(model.resolveSibling("expected.npy"));
    Path out = temp.resolve("y.csv");
    String[] arguments = {
      "predict",
      model.toString(),
      "--inputs",
      beside(model, "inputs.npy"),
      "--out",
      out.toString(),
      "--probabilities"
    };
    Outcome refused = Outcome.of(arguments);
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err())
        .contains("--probabilities", "not probabilities", "last activation is identity");
    assertThat(out).doesNotExist();

    Outcome outcome = Outcome.of(java.util.Arrays.copyOf(arguments, arguments.length - 1));
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("[N, 1], values, not probabilities (last activation: identity)")
        .doesNotContain("class");
    var lines = Files.readAllLines(out);
    assertThat(lines.get(0)).isEqualTo("id,value_0");
    assertThat(lines).hasSize(expected.shape()[0] + 1);
    for (int i = 0; i < expected.shape()[0]; i++) {
      String[] cells = lines.get(i + 1).split(",");
      assertThat(cells[0]).isEqualTo(Integer.toString(i));
      assertThat(Float.parseFloat(cells[1])).isCloseTo(expected.data()[i], Offset.offset(1e-5f));
    }
  }

  @Test
  void imagesAreNoRowsOfATable() {
    Path model = of("image-output-order");
    Path out = temp.resolve("y.csv");
    Outcome outcome = predict(model, out);
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("--out", "[N, 4, 5, 2]", ".npy");
    assertThat(out).doesNotExist();
  }

  /** What was accepted before: [N, C·H·W]. */
  @Test
  void expectedImagesAreChannelsLast() {
    Path model = of("image-output-order");
    NpyArray expected = NpyFile.read(model.resolveSibling("expected.npy"));
    Path flat = temp.resolve("flat.npy");
    int n = expected.shape()[0];
    NpyFile.write(flat, new NpyArray(new int[] {n, expected.data().length / n}, expected.data()));
    Outcome outcome =
        Outcome.of(
            "compare",
            model.toString(),
            "--inputs",
            beside(model, "inputs.npy"),
            "--expected",
            flat.toString());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("expected [" + n + ", 4, 5, 2]");
  }

  @Test
  void whatDoesNotFitIsToldInTheModelsOwnShape() {
    NpyFile.write(temp.resolve("x.npy"), new NpyArray(new int[] {2, 5, 4}, new float[40]));
    Outcome outcome =
        Outcome.of("compare", of("mlp").toString(), "--inputs", temp.resolve("x.npy").toString());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err())
        .contains("has shape [2, 5, 4]; expected [N, 20]", "x.reshape(-1, 20)")
        .doesNotContain("images", "missing dimensions");
  }

  private static Outcome predict(Path model, Path out) {
    return Outcome.of(
        "predict",
        model.toString(),
        "--inputs",
        beside(model, "inputs.npy"),
        "--out",
        out.toString());
  }
}
