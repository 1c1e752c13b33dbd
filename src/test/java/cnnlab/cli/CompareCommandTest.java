package cnnlab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cnnlab.Outcome;
import cnnlab.crosscheck.CrossCheck;
import cnnlab.crosscheck.Peer;
import cnnlab.data.file.NpyArray;
import cnnlab.data.file.NpyFile;
import cnnlab.model.LymphNodeCnn;
import cnnlab.model.LymphNodeResNet;
import cnnlab.model.file.ModelFiles;
import cnnlab.scratch.dl4j.TestGraphs;
import cnnlab.scratch.layer.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** A small saved model on five small images. */
class CompareCommandTest {
  private static final Shape IMAGE = new Shape(2, 8, 6);
  private static final int IMAGES = 5;

  @TempDir static Path files;
  private static String model;
  private static String inputs;
  private static float[] outputs;

  @TempDir Path temp;

  @BeforeAll
  static void save() throws IOException {
    ComputationGraph graph = TestGraphs.small(IMAGE, 4);
    model = save(graph, "model.zip");
    NpyArray nhwc =
        new NpyArray(new int[] {IMAGES, 8, 6, 2}, TestGraphs.random(IMAGES * IMAGE.size(), 4));
    inputs = write("x.npy", nhwc);
    outputs =
        graph
            .outputSingle(Nd4j.create(nhwc.nhwcToNchw().data(), new long[] {IMAGES, 2, 8, 6}, 'c'))
            .dup('c')
            .data()
            .asFloat();
  }

  private static String save(ComputationGraph graph, String name) throws IOException {
    ModelFiles.save(graph, files.resolve(name));
    return files.resolve(name).toString();
  }

  private static String write(String name, NpyArray array) {
    NpyFile.write(files.resolve(name), array);
    return files.resolve(name).toString();
  }

  private static Outcome compare(String... arguments) {
    return Outcome.of(
        Stream.concat(Stream.of("compare"), Arrays.stream(arguments)).toArray(String[]::new));
  }

  @Test
  void withinToleranceIsExitCode0AndLeavesNoTemporaryFiles() throws IOException {
    Set<String> before = temporaryFiles();
    Path json = temp.resolve("new/result.json");
    String expected = write("y.npy", new NpyArray(new int[] {IMAGES, 4}, outputs));
    Outcome outcome =
        compare(model, "--inputs", inputs, "--expected", expected, "--json", json.toString());
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("5 images", "conv", "out", "100.00 %", "DL4J compared with the expected outputs")
        .contains("Within tolerance: rounding explains all differences");
    JsonNode node = new ObjectMapper().readTree(json.toFile());
    assertThat(node.get("images").asInt()).isEqualTo(IMAGES);
    assertThat(node.get("argmaxAgreement").asDouble()).isEqualTo(1);
    assertThat(node.get("tolerance").isNull()).isTrue();
    assertThat(node.get("examined").asInt()).isEqualTo(IMAGES);
    assertThat(node.get("notFinite").asInt()).isZero();
    assertThat(node.get("checks")).isNotEmpty().allMatch(check -> check.get("passed").asBoolean());
    assertThat(node.get("layers")).hasSize(2);
    assertThat(node.get("layers").get(1).get("difference").get("maxAbs").asDouble())
        .isLessThan(1e-5);
    assertThat(node.get("expected").get("library").get("maxAbs").asDouble()).isLessThan(1e-5);
    assertThat(temporaryFiles()).isEqualTo(before);
  }

  /** Every group convolution is also tried with impulses in each orientation. */
  @Test
  void anEquivariantNetworkIsCompared() throws IOException {
    ComputationGraph graph =
        LymphNodeResNet.create(
            1, new LymphNodeResNet.Shape(List.of(2, 3), 1, true, 0, true), new Adam(1e-3), 0);
    String zip = save(graph, "equivariant.zip");
    int size = 3 * LymphNodeCnn.HEIGHT * LymphNodeCnn.WIDTH;
    String patches =
        write(
            "patches.npy", new NpyArray(new int[] {2, 32, 32, 3}, TestGraphs.random(2 * size, 4)));
    Path json = temp.resolve("result.json");
    Outcome outcome = compare(zip, "--inputs", patches, "--json", json.toString());
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("stem", "block2_1_shortcut", "Within tolerance");
    JsonNode impulses = new ObjectMapper().readTree(json.toFile()).get("impulses");
    // 2 signs: [3, 32, 32] at 4 corners and the middle; [2, 8, 16, 16] and [3, 8, 8, 8] likewise.
    assertThat(impulses.findValuesAsText("of").subList(0, 2))
        .containsExactly(String.valueOf(2 * 5 * 3), String.valueOf(2 * 5 * 16));
  }

  @Test
  void aKerasModelIsComparedAndReported() throws IOException, URISyntaxException {
    Path keras = Path.of(getClass().getResource("/keras").toURI());
    NpyArray images;
    NpyArray theirs;
    try (HdfFile file = new HdfFile(keras.resolve("residual.reference.h5"))) {
      images = array(file.getDatasetByPath("inputs"));
      theirs = array(file.getDatasetByPath("outputs"));
    }
    for (String name : new String[] {"residual.keras", "residual.h5", "residual.keras2.h5"}) {
      Path out = temp.resolve(name);
      Outcome outcome =
          compare(
              keras.resolve(name).toString(),
              "--inputs",
              write("images.npy", images),
              "--expected",
              write("outputs.npy", theirs),
              "--tolerance",
              "2e-6",
              "--out",
              out.toString());
      assertThat(outcome.code()).as(outcome.err() + outcome.out()).isZero();
      assertThat(outcome.out()).contains("8 images", "add_1", "Within tolerance");
      assertThat(Files.readString(out.resolve("report.md")))
          .contains(
              "# " + name, "Comparison with the expected outputs", "| add_1 ", "./cnnlab compare ");
      assertThat(Files.readAllLines(out.resolve("crosscheck.csv")))
          .hasSizeGreaterThan(10)
          .first()
          .asString()
          .startsWith("scope,layer,kind,shape");
      assertThat(
              new ObjectMapper()
                  .readTree(out.resolve("result.json").toFile())
                  .get("images")
                  .asInt())
          .isEqualTo(8);
      assertThat(compare(keras.resolve(name).toString(), "--inputs", inputs).code()).isEqualTo(2);
    }
  }

  private static NpyArray array(Dataset dataset) {
    return new NpyArray(dataset.getDimensions(), (float[]) dataset.getDataFlat());
  }

  @Test
  void kerasFilesThatCannotBeReadAreExitCode2AndNamed() throws IOException {
    Path text = Files.writeString(temp.resolve("text.keras"), "no zip");
    Path empty = Files.createFile(temp.resolve("empty.h5"));
    Path hollow = zip("hollow.keras", "metadata.json", "config.json", "model.weights.h5");
    for (Path file : new Path[] {text, empty, hollow, temp.resolve("no.h5")}) {
      assertRefused(compare(file.toString(), "--inputs", inputs), file + ": ", "xpected");
    }
  }

  @Test
  void otherExpectedOutputsAreExitCode1() {
    float[] off = outputs.clone();
    off[7] += 1e-3f;
    String expected = write("off.npy", new NpyArray(new int[] {IMAGES, 4}, off));
    Outcome outcome = compare(model, "--inputs", inputs, "--expected", expected);
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out()).contains("NOT within tolerance");
    assertThat(
            compare(model, "--inputs", inputs, "--expected", expected, "--tolerance", "2e-3")
                .code())
        .isZero();
  }

  @Test
  void weightsThatAreNaNAreExitCode1AndCounted() throws IOException {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      ComputationGraph graph = TestGraphs.small(IMAGE, 4);
      graph.params().putScalar(graph.params().length() - 1, bad);
      String broken = save(graph, "broken.zip");
      for (String[] more : new String[][] {{}, {"--tolerance", "1"}}) {
        Outcome outcome =
            compare(
                Stream.concat(Stream.of(broken, "--inputs", inputs), Arrays.stream(more))
                    .toArray(String[]::new));
        assertThat(outcome.code()).as(outcome.err() + outcome.out()).isEqualTo(1);
        assertThat(outcome.out())
            .containsPattern("NOT the same: [0-9]+ values of layers and outputs are NaN or inf")
            .doesNotContain("Within tolerance")
            .doesNotContain("Same class predicted")
            .containsPattern("images classified differently +not comparable")
            .containsPattern("predict against layer by layer, scratch +not comparable");
      }
    }
  }

  @Test
  void whatIsPrintedFitsATerminal() {
    assertThat(compare(model, "--inputs", inputs).out().lines())
        .allMatch(line -> line.length() <= 100);
  }

  @Test
  void aToleranceOfNothingIsExitCode1() {
    Outcome outcome = compare(model, "--inputs", inputs, "--tolerance", "0");
    assertThat(outcome.code()).isEqualTo(1);
  }

  @Test
  void modelsThatCannotBeReadAreExitCode2AndNamed() throws IOException {
    Set<String> before = temporaryFiles();
    byte[] good = Files.readAllBytes(Path.of(model));
    Path truncated = Files.write(temp.resolve("half.zip"), Arrays.copyOf(good, good.length / 2));
    Path text = Files.writeString(temp.resolve("text.zip"), "no zip");
    Path empty = Files.createFile(temp.resolve("empty.zip"));
    Path foreign = zip("foreign.zip", "readme.txt");
    Path hollow = zip("hollow.zip", "configuration.json", "coefficients.bin");
    for (Path file :
        new Path[] {truncated, text, empty, foreign, hollow, temp, temp.resolve("no.zip")}) {
      Outcome outcome = compare(file.toString(), "--inputs", inputs);
      assertThat(outcome.code()).as("%s: %s", file, outcome.err()).isEqualTo(2);
      assertThat(outcome.err()).contains(file.toString(), "expected a").doesNotContain("\tat ");
    }
    assertThat(temporaryFiles()).isEqualTo(before);
  }

  @Test
  void aLayerThatTheEngineDoesNotHaveIsExitCode2AndNamed() throws IOException {
    String unsupported =
        save(TestGraphs.single(IMAGE, new LocalResponseNormalization.Builder().build()), "lrn.zip");
    Outcome outcome = compare(unsupported, "--inputs", inputs);
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains(unsupported, "layer 'layer'", "LocalResponseNormalization");
  }

  @Test
  void arraysThatDoNotFitAreExitCode2AndTheirShapesNamed() {
    String flat = write("flat.npy", new NpyArray(new int[] {5, 96}, new float[5 * 96]));
    String none = write("none.npy", new NpyArray(new int[] {0, 8, 6, 2}, new float[0]));
    String grey = write("grey.npy", new NpyArray(new int[] {5, 8, 6, 1}, new float[5 * 48]));
    assertRefused(compare(model, "--inputs", flat), flat, "[5, 96]", "[N, H, W, C]");
    assertRefused(compare(model, "--inputs", none), none, "[0, 8, 6, 2]", "[N, H, W, C]");
    assertRefused(compare(model, "--inputs", grey), grey, "[8, 6, 1]", "conv");

    String many = write("many.npy", new NpyArray(new int[] {6, 4}, new float[24]));
    String vector = write("vector.npy", new NpyArray(new int[] {20}, new float[20]));
    assertRefused(compare(model, "--inputs", inputs, "--expected", many), many, "[6, 4]", "[5, 4]");
    assertRefused(
        compare(model, "--inputs", inputs, "--expected", vector), vector, "[20]", "[5, 4]");
  }

  @Test
  void withoutInputsItTakesDigitsForAModelOfDigits() throws URISyntaxException {
    Path keras = Path.of(getClass().getResource("/keras").toURI());
    Outcome outcome = compare(keras.resolve("digits_without_channels.keras").toString());
    assertThat(outcome.code()).as(outcome.err() + outcome.out()).isZero();
    assertThat(outcome.out()).contains("Inputs: MNIST test, shape [28, 28] each", "10,000 images");
  }

  @Test
  void withoutInputsItTakesDigitsInARowForADl4jModelOfVectors() throws IOException {
    String digits = save(TestGraphs.vectors(784, 10), "digits.zip");
    Outcome outcome = compare(digits, "--tolerance", "1e-4");
    assertThat(outcome.code()).as(outcome.err() + outcome.out()).isZero();
    assertThat(outcome.out()).contains("Inputs: MNIST test, shape [784] each", "accuracy");
    String others = save(TestGraphs.vectors(7, 3), "vectors.zip");
    assertThat(compare(others).out()).contains("Inputs: random inputs", "shape [7] each");
    String x = write("vectors.npy", new NpyArray(new int[] {4, 7}, TestGraphs.random(28, 3)));
    assertThat(compare(others, "--inputs", x).code()).isZero();
    assertRefused(compare(others, "--inputs", inputs), inputs, "expected [N, F]");
  }

  @Test
  void withoutInputsAPatchModelIsNotHeldAgainstDigits() throws IOException {
    String patches = save(TestGraphs.small(new Shape(3, 32, 32), 2), "patches.zip");
    Outcome outcome = compare(patches, "--datasets", temp.toString());
    assertThat(outcome.code()).as(outcome.err() + outcome.out()).isZero();
    assertThat(outcome.out())
        .containsPattern("Inputs: (PatchCamelyon|random inputs).*, shape \\[32, 32, 3\\] each");
  }

  @Test
  void withoutInputsAModelOfOtherImagesGetsRandomOnesAlwaysTheSame() throws URISyntaxException {
    Path keras = Path.of(getClass().getResource("/keras").toURI());
    String file = keras.resolve("image_softmax_output.keras").toString();
    Outcome outcome = compare(file);
    assertThat(outcome.code()).as(outcome.err() + outcome.out()).isZero();
    assertThat(outcome.out())
        .contains("Inputs: random inputs, uniform in [-1, 1), seed 1, shape [5, 4, 2] each")
        .contains("64 images");
    assertThat(compare(file).out()).isEqualTo(outcome.out());
  }

  @Test
  void classesAreSpokenOfOnlyWhereOutputsAreTheirProbabilities()
      throws IOException, URISyntaxException {
    Path keras = Path.of(getClass().getResource("/keras").toURI());
    Path json = temp.resolve("result.json");
    for (String name : new String[] {"regression", "image_output", "image_softmax_output"}) {
      Path out = temp.resolve(name);
      Outcome outcome =
          compare(
              keras.resolve(name + ".keras").toString(),
              "--json",
              json.toString(),
              "--out",
              out.toString());
      assertThat(outcome.code()).as(outcome.err() + outcome.out()).isZero();
      assertThat(outcome.out()).as(name).doesNotContain("ame class", "classified", "accuracy");
      assertThat(Files.readString(out.resolve("report.md")))
          .as(name)
          .doesNotContain("ame class", "classified", "accuracy");
      assertThat(new ObjectMapper().readTree(json.toFile()).get("argmaxAgreement").isNull())
          .isTrue();
    }
    assertThat(compare(keras.resolve("one_sigmoid.keras").toString()).out())
        .contains("Same class predicted for 100.00 % of the images.");
    assertThat(CrossCheck.argmaxAgreement(new float[] {0.4f, 0.6f}, new float[] {0.6f, 0.7f}, 1))
        .isEqualTo(0.5);
  }

  @Test
  void neverOverwritesWhatItReads() throws IOException {
    byte[] before = Files.readAllBytes(Path.of(inputs));
    Path link = Files.createSymbolicLink(temp.resolve("link.json"), Path.of(inputs));
    assertRefused(
        compare(model, "--inputs", inputs, "--json", link.toString()), "--json", "overwritten");
    assertRefused(compare(model, "--inputs", inputs, "--json", model), "--json", "MODEL");
    assertRefused(
        compare(model, "--inputs", inputs, "--json", temp.toString()), "--json", "is a folder");
    assertThat(Files.readAllBytes(Path.of(inputs))).isEqualTo(before);
    // What says how the images of a model are prepared; an older comparison may have its name.
    Path own = Files.createDirectory(temp.resolve("own")).resolve("model.zip");
    Files.copy(Path.of(model), own);
    for (String name : List.of("model.json", "config.yaml")) {
      Path record = own.resolveSibling(name);
      String words =
          name.endsWith("json") ? "{\"format\": \"cnnlab model 1\"}" : "preprocessing: []";
      Files.writeString(record, words);
      assertRefused(
          compare(own.toString(), "--inputs", inputs, "--json", record.toString()), "--json", name);
      assertThat(record).hasContent(words);
      Files.delete(record);
    }
    Path older = Files.writeString(own.resolveSibling("model.json"), "{}");
    assertThat(compare(own.toString(), "--inputs", inputs, "--json", older.toString()).code())
        .isZero();
    Path full = Files.createDirectory(temp.resolve("full"));
    Files.writeString(full.resolve("x"), "x");
    Path json = temp.resolve("r.json");
    assertRefused(
        compare(model, "--inputs", inputs, "--json", json.toString(), "--out", full.toString()),
        "--out",
        "is not empty");
    assertThat(json).doesNotExist();
  }

  @Test
  void otherWrongOptionsAreExitCode2() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "x");
    String below = file.resolve("x.json").toString();
    assertRefused(compare(model, "--inputs", inputs, "--tolerance", "-1"), "--tolerance", "-1");
    assertRefused(compare(model, "--inputs", inputs, "--tolerance", "NaN"), "--tolerance");
    assertRefused(compare(model, "--inputs", inputs, "--json", below), "--json", below);
    assertRefused(compare(model, "--inputs", file.toString()), file.toString(), "np.save");
    assertRefused(compare(model, "--inputs", temp.resolve("no.npy").toString()), "no such file");
  }

  @Test
  void tellsHowToGetAnotherLibrary() {
    assumeTrue(
        ServiceLoader.load(Peer.class).findFirst().isEmpty(), "this build includes the library");
    assertRefused(
        compare(model, "--inputs", inputs, "--with", "onnxruntime"),
        "--with onnxruntime: this build does not include ONNX Runtime",
        "mvn -q -Ppeers compile",
        "-Dexec.args=\"compare MODEL --with onnxruntime\"");
    assertRefused(
        compare(model, "--inputs", inputs, "--with", "torch"),
        "--with is 'torch'; expected onnxruntime");
  }

  private static void assertRefused(Outcome outcome, String... said) {
    assertThat(outcome.code()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err()).contains(said).doesNotContain("\tat ");
  }

  private Path zip(String name, String... entries) throws IOException {
    Path file = temp.resolve(name);
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (String entry : entries) {
        zip.putNextEntry(new ZipEntry(entry));
        zip.write("nothing".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      }
    }
    return file;
  }

  /** What DL4J or we may have left in the system's folder, where others write too. */
  private static Set<String> temporaryFiles() throws IOException {
    try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return all.map(file -> file.getFileName().toString())
          .filter(name -> name.matches("(?i).*(dl4j|nd4j|model|restore|comput|npy|cnnlab).*"))
          .collect(Collectors.toSet());
    }
  }
}
