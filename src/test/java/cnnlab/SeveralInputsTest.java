package cnnlab;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.data.file.NpyArray;
import cnnlab.data.file.NpyFile;
import cnnlab.data.file.NpzFile;
import cnnlab.engine.Dl4jRuntime;
import cnnlab.engine.EngineKind;
import cnnlab.inference.LoadedModel;
import cnnlab.inference.ModelEnds;
import cnnlab.inference.ModelInputs;
import cnnlab.inference.ModelLoader;
import cnnlab.inference.NamedArray;
import cnnlab.inference.Prediction;
import cnnlab.model.file.ModelFiles;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Models with several inputs and outputs: those of {@code tools/keras/make_several.py} and {@code
 * tools/onnx/make_several.py}, whose outputs Keras and ONNX Runtime computed, and graphs of DL4J.
 */
class SeveralInputsTest {
  private static final double SAME = 2e-6;
  private static final Path FOLDER = folder();

  @TempDir Path temp;

  @BeforeAll
  static void configure() {
    Dl4jRuntime.configure(true, 1);
  }

  private static Path folder() {
    try {
      return Path.of(SeveralInputsTest.class.getResource("/several").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static Stream<String> files() {
    return Arrays.stream(FOLDER.toFile().list())
        .filter(name -> !name.matches(".*\\.(npz|md)"))
        .sorted();
  }

  private static Path beside(String model, String ending) {
    return FOLDER.resolve(model.substring(0, model.indexOf('.')) + ending);
  }

  private static String inputs(String model) {
    return beside(model, ".inputs.npz").toString();
  }

  private static Outcome run(String command, String model, String... arguments) {
    List<String> all = new ArrayList<>(List.of(command, FOLDER.resolve(model).toString()));
    all.addAll(List.of(arguments));
    return Outcome.of(all.toArray(String[]::new));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void bothEnginesComputeWhatTheFrameworkDoes(String name) {
    LoadedModel model = ModelLoader.open(FOLDER.resolve(name));
    List<NamedArray> arrays =
        NamedArray.read("--inputs", List.of(inputs(name)), model.inputNames(), "the inputs");
    ModelInputs x = ModelInputs.of(arrays, model);
    Map<String, NpyArray> expected = NpzFile.read(beside(name, ".outputs.npz"));
    List<ModelEnds.End> outputs = model.ends().outputs();
    if (outputs.size() > 1) {
      assertThat(ModelEnds.names(outputs)).containsExactlyElementsOf(expected.keySet());
    } else {
      assertThat(expected).hasSize(1);
    }
    for (EngineKind kind : EngineKind.values()) {
      Prediction all = Prediction.of(model, new Prediction.Floats(x), kind, 1);
      for (ModelEnds.End output : outputs) {
        Prediction own = outputs.size() == 1 ? all : all.of(model, output, x.count());
        NpyArray wanted =
            outputs.size() == 1 ? expected.values().iterator().next() : expected.get(output.name());
        assertThat(own.layout().arrayShape(x.count())).isEqualTo(wanted.shape());
        for (int i = 0; i < wanted.data().length; i++) {
          assertThat((double) own.outputs()[i])
              .as("%s, output %s, value %s", kind, output.name(), i)
              .isCloseTo(wanted.data()[i], Offset.offset(SAME));
        }
      }
    }
  }

  /** Both engines and double precision, layer by layer, with each output under its name. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void compareChecksEveryOutput(String name) throws IOException {
    Path json = temp.resolve("result.json");
    Outcome outcome =
        run(
            "compare",
            name,
            "--inputs",
            inputs(name),
            "--expected",
            beside(name, ".outputs.npz").toString(),
            "--json",
            json.toString());
    assertThat(outcome.code()).as(outcome.out() + outcome.err()).isZero();
    JsonNode result = new ObjectMapper().readTree(json.toFile());
    LoadedModel model = ModelLoader.open(FOLDER.resolve(name));
    List<String> checks = new ArrayList<>();
    result.get("checks").forEach(check -> checks.add(check.get("name").asText()));
    if (model.hasSeveralOutputs()) {
      for (ModelEnds.End output : model.ends().outputs()) {
        assertThat(checks)
            .contains(output.name() + ": outputs, as predict runs")
            .anyMatch(check -> check.startsWith(output.name() + ": expected outputs, DL4J"));
      }
    }
    List<String> layers = new ArrayList<>();
    result.get("layers").forEach(layer -> layers.add(layer.get("layer").asText()));
    assertThat(layers.subList(0, layers.size() - 1))
        .isNotEmpty()
        .doesNotContainAnyElementsOf(model.ends().joining());
  }

  @Test
  void compareChoosesInputsAndFindsAWrongOutput() throws IOException {
    assertThat(run("compare", "picture_and_numbers.keras").code()).isZero();
    String name = "image_and_class.keras";
    List<String> arguments = new ArrayList<>(List.of("--inputs", inputs(name)));
    NpzFile.read(beside(name, ".outputs.npz"))
        .forEach(
            (output, array) -> {
              float[] values = array.data().clone();
              values[3] += output.equals("hidden") ? 0.01f : 0;
              Path file = temp.resolve(output + ".npy");
              NpyFile.write(file, new NpyArray(array.shape(), values));
              arguments.addAll(List.of("--expected", output + "=" + file));
            });
    Outcome outcome = run("compare", name, arguments.toArray(String[]::new));
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out().lines().filter(line -> line.contains("FAILED")))
        .hasSize(2)
        .allMatch(line -> line.startsWith("hidden: expected outputs"));
  }

  @Test
  void summaryShowsTheModelsOwnInputsAndOutputs() {
    Outcome outcome = run("summary", "image_and_class.keras");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("Inputs:           image [8, 8, 2]")
        .contains("Outputs:          mask [8, 8, 2], kind [3], hidden [5], conv [8, 8, 4]")
        .doesNotContain("outputs ", ".output", ".copy");
    outcome =
        run("summary", "grey_and_unused.keras", "--picture", temp.resolve("m.svg").toString());
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .containsPattern("(?m)^grey +Input +\\[6, 5, 1\\]")
        .containsPattern("(?m)^idle +Input +\\[2\\]")
        .contains("Outputs:          flat [36], dense [2]");
    assertThat(temp.resolve("m.svg")).isNotEmptyFile();
  }

  @Test
  void predictWritesColumnsOfEachOutput() throws IOException {
    Path csv = temp.resolve("y.csv");
    Outcome outcome =
        run(
            "predict",
            "grey_and_unused.keras",
            "--inputs",
            inputs("grey_and_unused.keras"),
            "--out",
            csv.toString());
    assertThat(outcome.code()).as(outcome.err()).isZero();
    List<String> lines = Files.readAllLines(csv);
    assertThat(lines).hasSize(6);
    assertThat(lines.get(0))
        .startsWith("id,flat_value_0,")
        .endsWith("flat_value_35,dense_value_0,dense_value_1");
    assertThat(lines.get(1).split(",")).hasSize(39);
  }

  @Test
  void predictWritesAFileForEachOutput() {
    Path out = temp.resolve("y.npy");
    Outcome outcome =
        run(
            "predict",
            "image_and_class.keras",
            "--inputs",
            inputs("image_and_class.keras"),
            "--out",
            out.toString());
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(temp.toFile().list())
        .containsExactlyInAnyOrder("y-mask.npy", "y-kind.npy", "y-hidden.npy", "y-conv.npy");
    assertThat(NpyFile.read(temp.resolve("y-conv.npy")).shape()).containsExactly(5, 8, 8, 4);
    assertThat(outcome.out())
        .contains("Inputs by predicted class of kind: ")
        .contains("the output 'hidden' [N, 5], values, not probabilities");
  }

  @Test
  void filesByOrderAndByNameGiveTheSame() throws IOException {
    Map<String, NpyArray> x = NpzFile.read(Path.of(inputs("siamese.keras")));
    x.forEach((name, array) -> NpyFile.write(temp.resolve(name + ".npy"), array));
    String left = temp.resolve("left.npy").toString();
    String right = temp.resolve("right.npy").toString();
    List<List<String>> given =
        List.of(
            List.of("--inputs", left, "--inputs", right),
            List.of("--inputs", "right=" + right, "--inputs", "left=" + left),
            List.of("--inputs", inputs("siamese.keras")));
    List<byte[]> tables = new ArrayList<>();
    for (List<String> files : given) {
      List<String> all = new ArrayList<>(files);
      Path out = temp.resolve("out.npy");
      all.addAll(List.of("--out", out.toString()));
      Outcome outcome = run("predict", "siamese.keras", all.toArray(String[]::new));
      assertThat(outcome.code()).as(outcome.err()).isZero();
      tables.add(Files.readAllBytes(out));
    }
    assertThat(tables.get(1)).isEqualTo(tables.get(0));
    assertThat(tables.get(2)).isEqualTo(tables.get(0));
  }

  /** Each is refused before anything is written. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "L | one file found, expected the inputs of, [left, right], --inputs left=FILE --inputs right=FILE",
        "L L R | 3 files found, expected the inputs of",
        "left=L middle=R | there is no 'middle' among the inputs of, [left, right]",
        "left=L left=R | 'left' is given twice",
        "left=L R | has no name, others have",
        "left=L right=FLAT | has shape [5, 112]; expected [N, 8, 7, 2], the input 'right' of, x.reshape(-1, 8, 7, 2)",
        "left=L right=FEW | has 5 examples (shape [5, 8, 7, 2]), few.npy has 3 (shape [3, 8, 7, 2]); all inputs",
        "left=L right=NONE | none.npy, no such file",
        "OTHER | has the arrays [picture, numbers]; expected the inputs of, [left, right]",
        "x.h5 | x.h5 holds images for one input, [left, right], .npy",
        "L x.h5 | must end in .npy each",
      })
  void wrongInputsAreRefused(String given, String said) {
    NpyArray left = NpzFile.read(Path.of(inputs("siamese.keras"))).get("left");
    NpyFile.write(temp.resolve("l.npy"), left);
    NpyFile.write(temp.resolve("r.npy"), left);
    NpyFile.write(temp.resolve("flat.npy"), new NpyArray(new int[] {5, 112}, left.data()));
    NpyFile.write(
        temp.resolve("few.npy"),
        new NpyArray(new int[] {3, 8, 7, 2}, Arrays.copyOf(left.data(), 3 * 112)));
    List<String> arguments = new ArrayList<>();
    for (String one : given.split(" ")) {
      arguments.add("--inputs");
      arguments.add(
          one.replace("OTHER", inputs("picture_and_numbers.keras"))
              .replaceFirst("(L|R|FLAT|FEW|NONE)$", "@$1.npy")
              .replaceFirst("(x\\.h5)$", "@$1")
              .replaceFirst("@(.*)", temp + "/$1"));
    }
    arguments.replaceAll(a -> a.startsWith("--") ? a : lowerFile(a));
    arguments.addAll(List.of("--out", temp.resolve("out.npy").toString()));
    Outcome outcome = run("predict", "siamese.keras", arguments.toArray(String[]::new));
    assertThat(outcome.code()).as(outcome.err()).isEqualTo(2);
    for (String part : said.split(", (?![^\\[]*\\])")) {
      assertThat(outcome.err()).contains(part.strip());
    }
    assertThat(temp.resolve("out.npy")).doesNotExist();
  }

  private static String lowerFile(String argument) {
    int at = argument.lastIndexOf('/') + 1;
    return argument.endsWith(".npz")
        ? argument
        : argument.substring(0, at) + argument.substring(at).toLowerCase(Locale.ROOT);
  }

  @Test
  void imagesDoNotFitATable() {
    Outcome outcome =
        run(
            "predict",
            "image_and_class.keras",
            "--inputs",
            inputs("image_and_class.keras"),
            "--out",
            temp.resolve("y.csv").toString());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("output 'mask'", "[N, 8, 8, 2]", "name a .npy file");
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void isNotExported() {
    Outcome outcome = run("export", "siamese.keras", "--to", temp.resolve("m.onnx").toString());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("left [8, 7, 2], right [8, 7, 2]", "only models with one");
  }

  @ParameterizedTest
  @ValueSource(strings = {"siamese.keras", "image_and_class.keras"})
  void isNeitherShownNorExplored(String name) {
    String single = " takes models with one input and one output";
    Outcome outcome = run("show", name, "--input", "0", "--out", temp.resolve("o").toString());
    assertThat(outcome.code()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err()).contains("show" + single, "the inputs [");
    outcome = run("explore", name, "--no-browser");
    assertThat(outcome.code()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err()).contains("explore" + single);
  }

  /** Two inputs, and as outputs an image, classes, and a layer that an activation layer reads. */
  private static ComputationGraph graph() {
    return graph("mask", "kind", "conv");
  }

  private static ComputationGraph graph(String... outputs) {
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(3)
                .graphBuilder()
                .addInputs("picture", "numbers")
                .setInputTypes(InputType.convolutional(6, 6, 2), InputType.feedForward(4))
                .addLayer("conv", new ConvolutionLayer.Builder(3, 3).nOut(3).build(), "picture")
                .addLayer("tanh", new ActivationLayer(Activation.TANH), "conv")
                .addLayer(
                    "mask",
                    new CnnLossLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .build(),
                    "tanh")
                .addLayer("wide", new DenseLayer.Builder().nOut(5).build(), "tanh")
                .addLayer("few", new DenseLayer.Builder().nOut(3).build(), "numbers")
                .addVertex("both", new MergeVertex(), "wide", "few")
                .addLayer(
                    "kind",
                    new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build(),
                    "both")
                .setOutputs(outputs)
                .validateOutputLayerConfig(false)
                .build());
    graph.init();
    return graph;
  }

  private static float[] random(int n, long seed) {
    Random random = new Random(seed);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return values;
  }

  @ParameterizedTest
  @EnumSource(EngineKind.class)
  void aGraphOfDl4jIsPredicted(EngineKind kind) throws IOException {
    ComputationGraph graph = graph();
    Path zip = temp.resolve("m.zip");
    ModelFiles.save(graph, zip);
    int n = 4;
    NpyArray pictures = new NpyArray(new int[] {n, 6, 6, 2}, random(n * 72, 1));
    NpyArray numbers = new NpyArray(new int[] {n, 4}, random(n * 4, 2));
    NpyFile.write(temp.resolve("p.npy"), pictures);
    NpyFile.write(temp.resolve("n.npy"), numbers);
    INDArray x = Nd4j.create(pictures.nhwcToNchw().data(), new long[] {n, 2, 6, 6}, 'c');
    INDArray v = Nd4j.create(numbers.data(), new long[] {n, 4}, 'c');
    // DL4J's own output fails if one of the outputs is read by another layer.
    INDArray[] outputs = graph("mask", "kind").output(false, x, v);
    LayerWorkspaceMgr plain = LayerWorkspaceMgr.noWorkspaces();
    INDArray conv = graph.getLayer("conv").activate(x, false, plain);
    INDArray[] expected = {outputs[0], outputs[1], conv};
    Outcome outcome =
        Outcome.of(
            "predict",
            zip.toString(),
            "--inputs",
            "numbers=" + temp.resolve("n.npy"),
            "--inputs",
            "picture=" + temp.resolve("p.npy"),
            "--engine",
            kind.name().toLowerCase(Locale.ROOT),
            "--out",
            temp.resolve("y.npy").toString());
    assertThat(outcome.code()).as(outcome.err()).isZero();
    String[] names = {"mask", "kind", "conv"};
    for (int k = 0; k < names.length; k++) {
      NpyArray found = NpyFile.read(temp.resolve("y-" + names[k] + ".npy"));
      INDArray wanted = expected[k].rank() == 4 ? expected[k].permute(0, 2, 3, 1) : expected[k];
      float[] values = wanted.dup('c').data().asFloat();
      assertThat(found.shape())
          .isEqualTo(Arrays.stream(wanted.shape()).mapToInt(d -> (int) d).toArray());
      for (int i = 0; i < values.length; i++) {
        assertThat((double) found.data()[i])
            .as("%s %s", names[k], i)
            .isCloseTo(values[i], Offset.offset(SAME));
      }
    }
  }

  @Test
  void aGraphOfDl4jIsComparedAndSummarised() throws IOException {
    Path zip = temp.resolve("m.zip");
    ModelFiles.save(graph(), zip);
    Outcome outcome = Outcome.of("compare", zip.toString());
    assertThat(outcome.code()).as(outcome.out() + outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("picture [6, 6, 2], numbers [4]", "mask: outputs, as predict runs");
    outcome = Outcome.of("summary", zip.toString());
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("Inputs:           picture [6, 6, 2], numbers [4]", "--input NAME=H,W,C");
    outcome =
        Outcome.of("summary", zip.toString(), "--input", "picture=6,6,2", "--input", "numbers=4");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    outcome =
        Outcome.of("summary", zip.toString(), "--input", "picture=7,7,2", "--input", "numbers=4");
    assertThat(outcome.code()).isEqualTo(2);
    outcome = Outcome.of("summary", zip.toString(), "--input", "picture=6,6,2");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("[picture, numbers]");
    outcome = Outcome.of("summary", zip.toString(), "--input", "picture=6,six,2");
    assertThat(outcome.code()).isEqualTo(2);
  }
}
