package cnnlab.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.data.file.NpyArray;
import cnnlab.data.file.NpyFile;
import cnnlab.model.LymphNodeResNet;
import cnnlab.model.file.ModelFileException;
import cnnlab.model.file.ModelFiles;
import cnnlab.scratch.Network;
import cnnlab.scratch.dl4j.TestGraphs;
import cnnlab.scratch.kernel.ReferenceKernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.learning.config.Adam;

/**
 * Models are written and read in again. What is written stays in {@code target/exports} with inputs
 * and our outputs, for {@code tools/keras/check_exports.py}, which runs Keras on them.
 */
class ModelExportTest {
  private static final Path KERAS = Path.of("src/test/resources/keras");
  private static final Path EXPORTS = Path.of("target/exports");
  private static final int IMAGES = 8;

  /** Models with layers that are read but not written. */
  private static final Set<String> READ_ONLY =
      Set.of(
          "arithmetic.keras",
          "convnext_block.keras",
          "dilated_and_grouped.keras",
          "layer_and_group_normalized.keras",
          "reshaped.keras",
          "resized.keras",
          "segmentation.keras",
          "squeezed.keras",
          "transposed.keras");

  @TempDir Path temp;

  static Stream<String> models() throws IOException {
    try (Stream<Path> files = Files.list(KERAS)) {
      List<String> keras =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".keras") && !READ_ONLY.contains(name))
              .sorted()
              .toList();
      return Stream.of(
          keras, List.of("task1", "task2-best", "task3-best"), ExportModels.all().keySet())
          .flatMap(java.util.Collection::stream)
          .toList()
          .stream();
    }
  }

  private LoadedModel load(String name) throws IOException {
    if (name.endsWith(".keras")) {
      return ModelLoader.open(KERAS.resolve(name));
    } else if (!name.startsWith("dl4j")) {
      return ModelLoader.open(Path.of("results/reference", name, "model.zip"));
    }
    return model(ExportModels.all().get(name));
  }

  private LoadedModel model(ComputationGraph graph) throws IOException {
    Path file = temp.resolve("model.zip");
    ModelFiles.save(graph, file);
    return ModelLoader.open(file);
  }

  private static ArrayLayout input(String name, LoadedModel model) {
    return name.startsWith("dl4j")
        ? ArrayLayout.of(ExportModels.IMAGE)
        : InputShapes.find(model).orElseThrow();
  }

  private static Network network(LoadedModel model, ArrayLayout input) {
    return model.compile(input.shape(), "test", new ReferenceKernels());
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyBitOfTheWeightsComesBack(String name) throws IOException {
    LoadedModel model = load(name);
    ArrayLayout input = input(name, model);
    Network network = network(model, input);
    float[] x = TestGraphs.random(IMAGES * input.size(), 5);
    float[] y = network.predict(x, IMAGES);
    String plain = name.replace(".keras", "");
    keep(plain, network, model, input, x, y);
    ModelExport.write(model, input, EXPORTS.resolve(plain + ".onnx"), false);
    for (String ending : List.of(".keras", ".h5")) {
      Path file = EXPORTS.resolve(plain + ending);
      ModelExport.write(model, input, file, false);
      if (!plain.equals("dl4j_flattened_norm")) {
        LoadedModel again = ModelLoader.open(file);
        assertThat(again.input()).isEqualTo(input);
        Network made = network(again, input);
        assertThat(bits(made)).isEqualTo(bits(network));
        TestGraphs.assertClose(name, y, made.predict(x, IMAGES), 1e-6);
      }
    }
  }

  static Stream<Arguments> readOnly() {
    return READ_ONLY.stream()
        .sorted()
        .flatMap(name -> Stream.of(".onnx", ".keras", ".h5").map(e -> Arguments.of(name, e)));
  }

  @ParameterizedTest
  @MethodSource("readOnly")
  void layersThatAreOnlyReadAreRefusedByName(String name, String ending) throws IOException {
    LoadedModel model = load(name);
    ArrayLayout input = input(name, model);
    Path file = temp.resolve("model" + ending);
    assertThatThrownBy(() -> ModelExport.write(model, input, file, false))
        .hasMessageContainingAll(name, "layer '", "cannot be written");
    assertThat(file).doesNotExist();
  }

  /** The weights in ascending order: those of a flattened image may be stored in another order. */
  private static int[] bits(Network network) {
    float[] values = network.parameters();
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    Arrays.sort(bits);
    return bits;
  }

  private static void keep(
      String name, Network network, LoadedModel model, ArrayLayout input, float[] x, float[] y)
      throws IOException {
    Files.createDirectories(EXPORTS);
    ArrayLayout output = model.outputLayout(network);
    NpyFile.write(
        EXPORTS.resolve(name + ".x.npy"),
        new NpyArray(input.arrayShape(IMAGES), input.channelsLast(x, IMAGES)));
    NpyFile.write(
        EXPORTS.resolve(name + ".y.npy"),
        new NpyArray(output.arrayShape(IMAGES), output.channelsLast(y, IMAGES)));
  }

  @Test
  void refusesWhatKerasDoesNotHaveByName() throws IOException {
    LoadedModel model =
        model(
            LymphNodeResNet.create(
                1, new LymphNodeResNet.Shape(List.of(2), 1, true, 0, true), new Adam(), 0));
    Path file = temp.resolve("out/x.keras");
    assertThatThrownBy(
            () -> ModelExport.write(model, new ArrayLayout(List.of(32, 32, 3)), file, false))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("layer 'stem' (GroupConv2d): Keras has no equivariant group");
    assertThat(file).doesNotExist();
  }

  @Test
  void keepsRegularizersAndNamesOfKeras() throws IOException {
    Path file = temp.resolve("x.keras");
    ModelExport.write(
        model(ExportModels.all().get("dl4j_dropout_inside")),
        ArrayLayout.of(ExportModels.IMAGE),
        file,
        false);
    try (var zip = new java.util.zip.ZipFile(file.toFile())) {
      String config =
          new String(
              zip.getInputStream(zip.getEntry("config.json")).readAllBytes(),
              java.nio.charset.StandardCharsets.UTF_8);
      assertThat(config)
          .contains("\"class_name\":\"L1L2\",\"config\":{\"l1\":0.01,\"l2\":0.02}")
          .contains("\"class_name\":\"L2\",\"config\":{\"l2\":0.001}")
          .contains("\"rate\":0.25")
          .contains("\"name\":\"drop\",\"trainable\":true,\"dtype\":\"float32\",\"rate\":0.1,");
    }
  }

  @Test
  void makesThePreparationOfTheRunPartOfTheModel() throws IOException {
    Path run = Path.of("results/reference/task2-report/model.zip");
    LoadedModel model = ModelLoader.open(run);
    ArrayLayout input = new ArrayLayout(List.of(28, 28, 1));
    Path file = EXPORTS.resolve("task2-report-prepared.keras");
    assertThat(ModelExport.write(model, input, file, true)).isEmpty();
    LoadedModel again = ModelLoader.open(file);
    float[] bytes = new float[IMAGES * input.size()];
    float[] normalised = new float[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = i * 37 % 256;
      normalised[i] = 2 * bytes[i] / 255 - 1;
    }
    float[] y = network(model, input).predict(normalised, IMAGES);
    Network prepared = network(again, input);
    keep("task2-report-prepared", prepared, again, input, bytes, y);
    TestGraphs.assertClose("outputs", y, prepared.predict(bytes, IMAGES), 2e-6);
    assertThat(cnnlab.keras.KerasFile.read(file).augmentation().toString())
        .contains("rotate", "degrees=18.0", "translate", "fraction=0.1", "zoom", "factor=0.1");
  }

  @Test
  void refusesPreparationThatKerasDoesNotHave() {
    LoadedModel model = ModelLoader.open(Path.of("results/reference/task2-best/model.zip"));
    assertThatThrownBy(
            () ->
                ModelExport.write(
                    model, new ArrayLayout(List.of(28, 28, 1)), temp.resolve("x.keras"), true))
        .hasMessageContaining("prepared with [deslant], which Keras does not have");
  }
}
