package cnnlab.keras.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.engine.Dl4jRuntime;
import cnnlab.keras.Archives;
import cnnlab.keras.KerasFile;
import cnnlab.keras.ProcessorTime;
import cnnlab.keras.Reference;
import cnnlab.model.file.ModelFileException;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad files give one clear error each, quickly, and leave nothing on the disk. */
class KerasDamageTest {
  private static final Path ARCHIVE = Reference.folder().resolve("one_sigmoid.keras");
  private static final Path LEGACY = Reference.folder().resolve("one_sigmoid.h5");
  private static final Duration SOON = Duration.ofSeconds(5);

  @TempDir Path temp;

  @BeforeAll
  static void configure() {
    Dl4jRuntime.configure(true, 1);
  }

  private void refused(Path file, String... said) {
    long start = ProcessorTime.now();
    AbstractThrowableAssert<?, ?> thrown =
        assertThatThrownBy(() -> KerasFile.read(file))
            .isInstanceOf(ModelFileException.class)
            .hasMessageStartingWith(file + ": ");
    for (String part : said) {
      thrown.hasMessageContaining(part);
    }
    assertThat(ProcessorTime.since(start)).isLessThan(SOON);
  }

  private Path changed(Consumer<Map<String, byte[]>> change) throws IOException {
    Map<String, byte[]> entries = Archives.entries(ARCHIVE);
    change.accept(entries);
    return Archives.write(temp.resolve("changed.keras"), entries);
  }

  private Path withConfiguration(UnaryOperator<String> change) throws IOException {
    return changed(
        entries -> {
          String json = new String(entries.get("config.json"), StandardCharsets.UTF_8);
          String other = change.apply(json);
          assertThat(other).isNotEqualTo(json);
          entries.put("config.json", other.getBytes(StandardCharsets.UTF_8));
        });
  }

  private Path replaced(String old, String by) throws IOException {
    return withConfiguration(json -> json.replace(old, by));
  }

  private Path file(String name, byte[] content) throws IOException {
    return Files.write(temp.resolve(name), content);
  }

  @Test
  void refusesFilesThatAreNotModels() throws IOException {
    refused(temp.resolve("none.keras"), "no such file", "Check the path");
    refused(temp, "is not a file");
    refused(file("empty.keras", new byte[0]), "neither a zip archive");
    refused(file("text.keras", "hello".getBytes(StandardCharsets.UTF_8)), "neither a zip archive");
    refused(file("short.h5", Hdf5Tree.MAGIC), "truncated");
    refused(
        file("other.keras", Archives.pack(Map.of("x", new byte[1]))), "'metadata.json' is missing");
    Path data = Path.of(ARCHIVE.toString().replace(".keras", ".reference.h5"));
    refused(data, "not a model", "model_config");
  }

  @Test
  void refusesTruncatedFiles() throws IOException {
    byte[] archive = Files.readAllBytes(ARCHIVE);
    byte[] legacy = Files.readAllBytes(LEGACY);
    for (int part = 1; part < 8; part++) {
      Path a = file("t.keras", Arrays.copyOf(archive, archive.length * part / 8));
      Path b = file("t.h5", Arrays.copyOf(legacy, legacy.length * part / 8));
      refused(a, "truncated", "Save it again");
      refused(b);
    }
  }

  @Test
  void refusesMissingDuplicateAndEscapingEntries() throws IOException {
    refused(changed(e -> e.remove("config.json")), "entry 'config.json' is missing");
    refused(changed(e -> e.remove("model.weights.h5")), "entry 'model.weights.h5' is missing");
    for (String path : new String[] {"../evil", "/etc/evil", "a/../../b", "C:\\evil", "\\evil"}) {
      refused(changed(e -> e.put(path, new byte[1])), path, "absolute or parent path");
    }
    // The same name twice, which Java's own writer refuses to write.
    byte[] two =
        Files.readAllBytes(
            changed(e -> e.put("config.jsoX", "{}".getBytes(StandardCharsets.UTF_8))));
    String text =
        new String(two, StandardCharsets.ISO_8859_1).replace("config.jsoX", "config.json");
    refused(
        file("two.keras", text.getBytes(StandardCharsets.ISO_8859_1)),
        "'config.json' occurs twice");
    assertThat(temp.getParent().resolve("evil")).doesNotExist();
  }

  @Test
  void refusesAnEntryWithAWrongChecksum() throws IOException {
    Path stored = Reference.folder().resolve("task1.keras");
    byte[] bytes = Files.readAllBytes(stored);
    bytes[bytes.length / 2] ^= 1;
    refused(file("flipped.keras", bytes), "entry 'model.weights.h5' is damaged", "checksum");
  }

  @Test
  void refusesDecompressionBombs() throws IOException {
    Path bomb = temp.resolve("bomb.keras");
    long size = Limits.weightBytes() + 1;
    try (OutputStream file = Files.newOutputStream(bomb);
        ZipOutputStream zip = new ZipOutputStream(file)) {
      for (String name : new String[] {"metadata.json", "config.json"}) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write("{}".getBytes(StandardCharsets.UTF_8));
      }
      zip.putNextEntry(new ZipEntry("model.weights.h5"));
      byte[] zeros = new byte[1 << 20];
      for (long written = 0; written < size; written += zeros.length) {
        zip.write(zeros);
      }
    }
    refused(bomb, "entry 'model.weights.h5' unpacks to", "-Xmx");
    refused(
        changed(e -> e.put("config.json", new byte[Limits.CONFIGURATION_BYTES + 1])),
        "entry 'config.json' unpacks to");
    // An entry with a forged small size.
    byte[] liar = Files.readAllBytes(bomb);
    ByteBuffer all = ByteBuffer.wrap(liar).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = liar.length - 300; at < liar.length - 4; at++) {
      if (all.getInt(at) == 0x02014b50 && all.getInt(at + 24) > 1000) {
        all.putInt(at + 24, 1000);
      }
    }
    refused(file("liar.keras", liar));
  }

  @Test
  void refusesInvalidConfigurations() throws IOException {
    String deep = "{\"a\":".repeat(5000);
    for (String text :
        new String[] {"", "{", "null", "[]", "12", "{} {}", "{\"a\":1,\"a\":2}", deep}) {
      refused(
          changed(e -> e.put("config.json", text.getBytes(StandardCharsets.UTF_8))), "config.json");
    }
    refused(
        changed(e -> e.put("config.json", "{}".getBytes(StandardCharsets.UTF_8))), "class_name");
    refused(
        replaced("\"class_name\": \"Sequential\"", "\"class_name\": \"Evil\""),
        "'Evil'",
        "Python code");
    refused(replaced("\"layers\":", "\"other\":"), "layers is missing");
  }

  @Test
  void refusesUnsupportedLayers() throws IOException {
    for (String kind : new String[] {"LSTM", "Lambda", "ConvLSTM2D"}) {
      refused(
          replaced("\"class_name\": \"Flatten\"", "\"class_name\": \"" + kind + "\""),
          "layer 'flat' (" + kind + ")",
          "the supported classes are: Activation, Add",
          "ZeroPadding2D");
    }
    // Then the images are [C, H, W], and the kernels do not fit.
    refused(replaced("channels_last", "channels_first"), "layer 'conv'", "kernel has shape");
    refused(
        replaced("\"activation\": \"relu\"", "\"activation\": \"mine\""),
        "'conv'",
        "activation",
        "mine",
        "gelu");
    refused(
        replaced(
            "\"activation\": \"relu\"",
            "\"activation\": {\"class_name\": \"function\", \"config\": \"os.system\"}"),
        "os.system");
    refused(
        replaced("\"dilation_rate\": [1, 1]", "\"dilation_rate\": [0, 2]"),
        "'conv'",
        "dilation_rate");
    refused(replaced("\"groups\": 1", "\"groups\": 3"), "'conv'", "groups");
  }

  @Test
  void refusesValuesOfAnotherTypeOrSize() throws IOException {
    refused(
        replaced("\"filters\": 3", "\"filters\": \"3\""), "'conv'", "filters", "a whole number");
    refused(replaced("\"filters\": 3", "\"filters\": -3"), "'conv'", "filters", "1 to");
    refused(replaced("\"filters\": 3", "\"filters\": 2000000000"), "'conv'", "filters", "1 to");
    refused(replaced("\"kernel_size\": [3, 3]", "\"kernel_size\": [3]"), "'conv'", "kernel_size");
    refused(
        replaced("\"kernel_size\": [3, 3]", "\"kernel_size\": [9, 9]"),
        "'conv'",
        "[9, 9, 1, 3]",
        "[3, 3, 1, 3]");
    refused(
        replaced("\"padding\": \"valid\"", "\"padding\": \"causal\""),
        "'conv'",
        "padding",
        "causal");
    refused(
        replaced("[null, 6, 6, 1]", "[null, null, null, 1]"), "whole numbers for H, W, C and F");
    refused(
        replaced("[null, 6, 6, 1]", "[null, 2000000000, 2000000000, 1]"),
        "the input",
        "the limit is");
    refused(
        replaced("\"units\": 1,", "\"units\": 1000000,"),
        "'probability'",
        "[12, 1000000]",
        "[12, 1]");
  }

  @Test
  void refusesWeightsOfAnotherModel() throws IOException {
    refused(replaced("\"use_bias\": true", "\"use_bias\": false"), "layer 'conv'", "[kernel]");
    Path other = Reference.folder().resolve("regression.keras");
    byte[] weights = Archives.entries(other).get("model.weights.h5");
    refused(
        changed(e -> e.put("model.weights.h5", weights)), "layer 'probability'", "kernel, bias");
    refused(
        changed(e -> e.put("model.weights.h5", new byte[100])),
        "model.weights.h5",
        "not an HDF5 file");
    Path empty = temp.resolve("empty.h5");
    try (WritableHdfFile file = HdfFile.write(empty)) {
      file.putGroup("layers");
    }
    byte[] nothing = Files.readAllBytes(empty);
    refused(changed(e -> e.put("model.weights.h5", nothing)), "layer 'conv'", "kernel, bias");
  }

  @Test
  void refusesAnArrayLargerThanItsFile() throws IOException {
    Path weights = temp.resolve("absurd.h5");
    try (WritableHdfFile file = HdfFile.write(weights)) {
      WritableGroup vars = file.putGroup("layers").putGroup("conv2d").putGroup("vars");
      vars.putAttribute("name", "conv");
      vars.putDataset("0", new float[3][3][1][7]);
    }
    byte[] bytes = Files.readAllBytes(weights);
    ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    boolean found = false;
    for (int at = 0; at < bytes.length - 32; at++) {
      if (all.getLong(at) == 3 && all.getLong(at + 8) == 3 && all.getLong(at + 24) == 7) {
        all.putLong(at + 24, 1L << 40);
        found = true;
      }
    }
    assertThat(found).isTrue();
    refused(changed(e -> e.put("model.weights.h5", bytes)), "model.weights.h5");
  }

  @Test
  void notesWeightsThatAreNotFinite() throws IOException {
    byte[] bytes = Files.readAllBytes(LEGACY);
    float first = firstWeight();
    ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < bytes.length - 4; at++) {
      if (all.getFloat(at) == first) {
        all.putFloat(at, Float.NaN);
      }
    }
    assertThat(KerasFile.read(file("nan.h5", bytes)).notes())
        .anyMatch(note -> note.contains("layer 'conv'") && note.contains("NaN"));
  }

  private static float firstWeight() {
    try (HdfFile file = new HdfFile(LEGACY)) {
      return ((float[])
              file.getDatasetByPath("model_weights/conv/sequential/conv/kernel").getDataFlat())
          [0];
    }
  }

  @Test
  void namesSharedLayersAndCycles() throws IOException {
    Path nested = Reference.folder().resolve("merging.keras");
    Map<String, byte[]> entries = Archives.entries(nested);
    String json = new String(entries.get("config.json"), StandardCharsets.UTF_8);
    String cycle =
        json.replaceFirst(
            "\"keras_history\": \\[\"image\", 0, 0\\]", "\"keras_history\": [\"add\", 0, 0]");
    entries.put("config.json", cycle.getBytes(StandardCharsets.UTF_8));
    refused(Archives.write(temp.resolve("cycle.keras"), entries), "depends on its own output");
    String unknown =
        json.replaceFirst(
            "\"keras_history\": \\[\"image\", 0, 0\\]", "\"keras_history\": [\"nobody\", 0, 0]");
    entries.put("config.json", unknown.getBytes(StandardCharsets.UTF_8));
    refused(Archives.write(temp.resolve("unknown.keras"), entries), "'nobody'");
  }
}
