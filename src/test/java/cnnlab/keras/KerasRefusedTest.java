package cnnlab.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.engine.Dl4jRuntime;
import cnnlab.model.file.ModelFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Models of {@code tools/keras/make_refused.py}: each is refused for the right reason. */
class KerasRefusedTest {
  private static final Path FOLDER = Reference.folder().resolve("refused");
  private static final Map<String, String[]> SAID = new TreeMap<>();

  static {
    for (String suffix : new String[] {".keras", ".h5"}) {
      SAID.put("own_layer" + suffix, new String[] {"conv'", "custom class ('My>Conv2D')"});
      SAID.put("bfloat16" + suffix, new String[] {"bfloat16", "float32"});
      SAID.put("own_activation" + suffix, new String[] {"dense'", "custom class ('ReLU')"});
      SAID.put("int8" + suffix, new String[] {"dense'", "quantised (int8)"});
    }
    SAID.put("own_sequential.keras", new String[] {"custom class ('My>Sequential')"});
    SAID.put("own_functional.keras", new String[] {"custom class ('My>Functional')"});
    SAID.put("dropout_in_training.keras", new String[] {"dropout'", "training=true", "drops"});
    SAID.put("normalization_in_training.keras", new String[] {"norm'", "training=true"});
    SAID.put("nested_in_training.keras", new String[] {"block'", "training=true"});
    SAID.put("random_crop.keras", new String[] {"crop'", "RandomCrop", "is not supported"});
    SAID.put("constant_array.keras", new String[] {"add'", "a constant ([[[[1.0,1.0]"});
    SAID.put("average_of_all.keras", new String[] {"keras.ops", "Average", "not a layer"});
    SAID.put("lora.h5", new String[] {"dense'", "LoRA, lora_rank 2", "model.keras"});
    SAID.put("theano.h5", new String[] {"backend 'theano'", "rotate their kernels"});
    SAID.put("keras1.h5", new String[] {"Keras 1.2.2", "expected Keras 2 or 3"});
  }

  @TempDir Path temp;

  @BeforeAll
  static void configure() {
    Dl4jRuntime.configure(true, 1);
  }

  static Stream<String> files() {
    return Arrays.stream(FOLDER.toFile().list()).sorted();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void isRefusedForItsTrueReason(String name) {
    assertThat(SAID).containsKey(name);
    assertThatThrownBy(() -> KerasFile.read(FOLDER.resolve(name)))
        .isInstanceOf(ModelFileException.class)
        .hasMessageStartingWith(FOLDER.resolve(name) + ": ")
        .hasMessageContainingAll(SAID.get(name))
        .hasMessageNotContainingAny("damaged", "another model", "not the output of a layer");
  }

  /** Changes only the origin of a class, at each place of the configuration. */
  @Test
  void refusesAClassOfAnotherModule() throws IOException {
    Path file = Reference.folder().resolve("augmentation_functional.keras");
    Map<String, byte[]> entries = Archives.entries(file);
    String json = new String(entries.get("config.json"), StandardCharsets.UTF_8);
    for (String of : new String[] {"InputLayer", "RandomFlip", "Conv2D", "Flatten", "Dense"}) {
      String own = "\"module\": \"keras.layers\", \"class_name\": \"" + of + "\"";
      assertThat(json).contains(own);
      for (String module : new String[] {"\"mine.layers\"", "null", "\"keras_hub.layers\""}) {
        entries.put(
            "config.json",
            json.replace(own, own.replace("\"keras.layers\"", module))
                .getBytes(StandardCharsets.UTF_8));
        Path changed = Archives.write(temp.resolve("changed.keras"), entries);
        assertThatThrownBy(() -> KerasFile.read(changed))
            .isInstanceOf(ModelFileException.class)
            .hasMessageContainingAll("(" + of + ")", "a custom class");
      }
    }
  }
}
