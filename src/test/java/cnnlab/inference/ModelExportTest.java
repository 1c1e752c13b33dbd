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
import cnnlab.scratch.layer.ScaleShift;
import cnnlab.scratch.layer.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.learning.config.Adam;

/**
 * Models are written and read in again. What is written stays in {@code target/exports} with inputs
 * and our outputs, for {@code tools/keras/check_exports.py}, which runs Keras on them.
 */
class ModelExportTest {
  private static final Path KERAS = Path.of("src/test/resources/keras");
  private static final Path ONNX = Path.of("src/test/resources/onnx/models");
  private static final Path EXPORTS = Path.of("target/exports");
  private static final int IMAGES = 8;

  @TempDir Path temp;

  static Stream<String> models() throws IOException {
    try (Stream<Path> files = Files.list(KERAS)) {
      List<String> keras =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".keras"))
              .sorted()
              .toList();
      return Stream.of(
              keras,
              onnx(),
              List.of("task1", "task2-best", "task3-best"),
              List.copyOf(ExportModels.all().keySet()))
          .flatMap(List::stream);
    }
  }

  private static List<String> onnx() throws IOException {
    try (Stream<Path> files = Files.list(ONNX)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".onnx"))
          .sorted()
          .toList();
    }
  }

  private LoadedModel load(String name) throws IOException {
    if (name.endsWith(".keras")) {
      return ModelLoader.open(KERAS.resolve(name));
    } else if (name.endsWith(".onnx")) {
      return ModelLoader.open(ONNX.resolve(name));
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
    String plain = name.endsWith(".onnx") ? "onnx_" + name.replace(".onnx", "") : name;
    plain = plain.replace(".keras", "").replace('.', '_');
    keep(plain, network, model, input, x, y);
    for (String ending : List.of(".keras", ".h5", ".onnx")) {
      Path file = EXPORTS.resolve(plain + ending);
      boolean onnx = ending.equals(".onnx");
      LoadedModel again = exported(model, input, file);
      if (again != null) {
        boolean first = onnx && (model.input() == null || input.channelsFirst());
        assertThat(again.input().channelsFirst()).isEqualTo(first && input.sizes().size() > 1);
        ArrayLayout own = onnx ? ModelExport.onnxInput(model, input) : channelsLast(input);
        assertThat(again.input().sizes()).isEqualTo(own.sizes());
        if (model.output() != null) {
          ArrayLayout output = onnx ? model.output() : channelsLast(model.output());
          assertThat(again.output().sizes()).isEqualTo(output.sizes());
        }
        Network made = network(again, again.input());
        if (onnx) {
          requireFixed(made, ReadAgain.fixed(network));
        }
        assertThat(bits(made.parameters()))
            .isEqualTo(bits(onnx ? ReadAgain.parameters(network) : network.parameters()));
        float[] given = first ? x : channelsLast(x, input.shape());
        float[] found = made.predict(again.input().channelsFirst(given, IMAGES), IMAGES);
        boolean outputFirst =
            onnx && (model.output() == null ? first : model.output().channelsFirst());
        TestGraphs.assertClose(
            name + ending,
            outputFirst ? y : channelsLast(y, model.outputLayout(network).shape()),
            again.outputLayout(made).fromEngines(found, IMAGES),
            1e-6);
      }
    }
  }

  /** Arrays that became the scale or offset of a layer without weights. */
  private static void requireFixed(Network made, List<float[]> arrays) {
    for (float[] array : arrays) {
      assertThat(made.nodes())
          .anyMatch(
              node ->
                  node.layer() instanceof ScaleShift s
                      && (Arrays.equals(s.scale(), array) || Arrays.equals(s.offset(), array)));
    }
  }

  /**
   * The exported model, read in again; null if Keras has no such layer, or if the file has
   * something that is written and not read, which a message says.
   */
  private static LoadedModel exported(LoadedModel model, ArrayLayout input, Path file)
      throws IOException {
    try {
      ModelExport.write(model, input, file, false);
    } catch (ModelFileException e) {
      assertThat(e).hasMessageContaining("(Resample2d): Keras has no layer for this resampling");
      assertThat(file.toString()).doesNotEndWith(".onnx");
      return null;
    }
    try {
      return ModelLoader.open(file);
    } catch (ModelFileException e) {
      boolean keras = !file.toString().endsWith(".onnx");
      assertThat(e.getMessage())
          .containsPattern(keras ? "target_shape|dims" : "supported|no image");
      return null;
    }
  }

  private static float[] channelsLast(float[] values, Shape s) {
    return NpyArray.nchwToNhwc(values, IMAGES, s.height(), s.width(), s.channels());
  }

  /**
   * The weights but zeros in ascending order: those of a flattened image may be stored in another
   * order, and zeros may fill a kernel up.
   */
  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    int n = 0;
    for (float value : values) {
      if (value != 0) {
        bits[n++] = Float.floatToRawIntBits(value);
      }
    }
    bits = Arrays.copyOf(bits, n);
    Arrays.sort(bits);
    return bits;
  }

  private static void keep(
      String name, Network network, LoadedModel model, ArrayLayout input, float[] x, float[] y)
      throws IOException {
    Files.createDirectories(EXPORTS);
    ArrayLayout last = channelsLast(input);
    ArrayLayout output = channelsLast(model.outputLayout(network));
    NpyFile.write(
        EXPORTS.resolve(name + ".x.npy"),
        new NpyArray(last.arrayShape(IMAGES), channelsLast(x, input.shape())));
    NpyFile.write(
        EXPORTS.resolve(name + ".y.npy"),
        new NpyArray(output.arrayShape(IMAGES), channelsLast(y, network.outputShape())));
  }

  /** The layout of the same values in Keras. */
  private static ArrayLayout channelsLast(ArrayLayout layout) {
    List<Integer> sizes = new ArrayList<>(layout.sizes());
    if (layout.channelsFirst()) {
      Collections.rotate(sizes, -1);
    }
    return new ArrayLayout(sizes);
  }

  @Test
  void writesEquivariantNetworksAsOnnxAndRefusesThemForKeras() throws IOException {
    LoadedModel model =
        model(
            LymphNodeResNet.create(
                1, new LymphNodeResNet.Shape(List.of(2), 1, true, 0, true), new Adam(), 0));
    ArrayLayout input = new ArrayLayout(List.of(32, 32, 3));
    Path file = temp.resolve("out/x.keras");
    assertThatThrownBy(() -> ModelExport.write(model, input, file, false))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("layer 'stem' (GroupConv2d): Keras has no equivariant group");
    assertThat(file).doesNotExist();
    Network network = network(model, input);
    float[] x = TestGraphs.random(IMAGES * input.size(), 5);
    keep("equivariant", network, model, input, x, network.predict(x, IMAGES));
    Path onnx = EXPORTS.resolve("equivariant.onnx");
    ModelExport.write(model, input, onnx, false);
    assertThat(onnx).isNotEmptyFile();
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
