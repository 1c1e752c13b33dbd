package cnnlab.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.crosscheck.Difference;
import cnnlab.engine.Dl4jRuntime;
import cnnlab.model.GraphEnds;
import cnnlab.model.file.ModelFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Architecture and weights in two files. */
class TwoFilesTest {
  /** Made by {@code tools/keras/keras_2_form.py}; attributes are split, as long ones are. */
  private static final Path APART = Reference.folder().resolve("apart");

  private static final Path WHOLE = Reference.folder().resolve("nested_sequential.keras2.h5");

  @TempDir Path temp;

  @BeforeAll
  static void configure() {
    Dl4jRuntime.configure(true, 1);
  }

  @Test
  void readsModelAndWeightsOfKeras2() {
    for (String name : new String[] {"model.json", "model_weights.h5"}) {
      requireSame(KerasFile.read(APART.resolve(name)), WHOLE);
    }
    assertThat(KerasFile.companion(APART.resolve("model.json")))
        .contains(APART.resolve("model_weights.h5"));
    assertThat(KerasFile.companion(WHOLE)).isEmpty();
  }

  @Test
  void readsModelAndWeightsOfKeras3() throws IOException {
    Path whole = Reference.folder().resolve("nested.keras");
    Map<String, byte[]> entries = Archives.entries(whole);
    Path json = Files.write(temp.resolve("net.json"), entries.get("config.json"));
    assertRefused(json, "without weights", "no .h5 file is beside it", "net.weights.h5");
    Path weights = Files.write(temp.resolve("net.weights.h5"), entries.get("model.weights.h5"));
    requireSame(KerasFile.read(json), whole);
    requireSame(KerasFile.read(weights), whole);
    // Another file of weights, with another name.
    Files.write(temp.resolve("other.h5"), entries.get("model.weights.h5"));
    requireSame(KerasFile.read(json), whole);
    Files.move(weights, temp.resolve("third.h5"));
    assertRefused(json, "2 files are beside it (other.h5, third.h5)");
  }

  @Test
  void saysWhatWeightsAloneLack() throws IOException {
    Path weights = Files.copy(APART.resolve("model_weights.h5"), temp.resolve("model_weights.h5"));
    assertRefused(weights, "it has only weights", "model.to_json()", "model.save");
    Path json = temp.resolve("model.json");
    Files.writeString(json, "{\"format\": \"something else\"}");
    assertRefused(weights, "it has only weights");
    assertRefused(json, "no class_name and config", "model.to_json()");
    String text = Files.readString(APART.resolve("model.json"));
    Files.writeString(json, text.replace("\"2.15.0\"", "\"1.2.2\""));
    assertRefused(json, "written by Keras 1.2.2");
  }

  private static void assertRefused(Path file, String... said) {
    assertThatThrownBy(() -> KerasFile.read(file))
        .isInstanceOf(ModelFileException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContainingAll(said);
  }

  private static void requireSame(KerasModel model, Path whole) {
    assertThat(outputs(model, whole)).isEqualTo(outputs(KerasFile.read(whole), whole));
    float[] keras = Reference.of(whole).outputs().data();
    assertThat(Difference.between(keras, outputs(model, whole)).maxAbs()).isLessThan(2e-6);
  }

  private static float[] outputs(KerasModel model, Path whole) {
    Reference keras = Reference.of(whole);
    int n = keras.inputs().shape()[0];
    return model
        .graph()
        .outputSingle(
            GraphEnds.input(
                model.graph(), keras.images(), n, model.channels(), model.height(), model.width()))
        .dup('c')
        .data()
        .asFloat();
  }
}
