package cnnlab;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.data.ImageSet;
import cnnlab.data.file.NpyArray;
import cnnlab.data.file.NpyFile;
import cnnlab.io.Sha256;
import cnnlab.model.file.ModelFiles;
import cnnlab.scratch.dl4j.TestGraphs;
import cnnlab.scratch.layer.Shape;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.DatasetCreationOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Nd4j;

/** A small saved model on more images than one batch holds. */
class PredictCommandTest {
  private static final Shape IMAGE = new Shape(3, 6, 6);
  private static final int IMAGES = 1003;
  private static final int SIDE = 8;
  private static final int CLASSES = 2;

  @TempDir static Path files;
  private static String model;
  private static String bytes;
  private static String floats;

  /** What DL4J itself says. */
  private static float[] expected;

  @TempDir Path temp;

  @BeforeAll
  static void save() throws IOException {
    ComputationGraph graph = TestGraphs.small(IMAGE, CLASSES);
    ModelFiles.save(graph, files.resolve("model.zip"));
    model = files.resolve("model.zip").toString();

    byte[][][][] images = new byte[IMAGES][SIDE][SIDE][3];
    Random random = new Random(1);
    for (byte[][][] image : images) {
      for (byte[][] row : image) {
        for (byte[] pixel : row) {
          random.nextBytes(pixel);
        }
      }
    }
    Path h5 = files.resolve("test_x.h5");
    try (WritableHdfFile hdf = HdfFile.write(h5)) {
      hdf.putDataset("x", images, DatasetCreationOptions.builder().unsigned().build());
    }
    bytes = h5.toString();
    NpyArray centres = centres(images);
    NpyFile.write(files.resolve("x.npy"), centres);
    floats = files.resolve("x.npy").toString();
    expected =
        graph
            .outputSingle(
                Nd4j.create(centres.nhwcToNchw().data(), new long[] {IMAGES, 3, 6, 6}, 'c'))
            .dup('c')
            .data()
            .asFloat();
  }

  /** The middle 6x6 of 8x8 pixels, in [-1, 1]. */
  private static NpyArray centres(byte[][][][] images) {
    float[] values = new float[IMAGES * IMAGE.size()];
    int at = 0;
    for (byte[][][] image : images) {
      for (int y = 1; y < 7; y++) {
        for (int x = 1; x < 7; x++) {
          for (int c = 0; c < 3; c++) {
            values[at++] = ImageSet.normalise(image[y][x][c] & 0xFF);
          }
        }
      }
    }
    return new NpyArray(new int[] {IMAGES, 6, 6, 3}, values);
  }

  private static Outcome predict(String... arguments) {
    return Outcome.of(
        Stream.concat(Stream.of("predict"), Arrays.stream(arguments)).toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"scratch", "dl4j"})
  void writesIdAndClass(String engine) throws IOException {
    Path out = temp.resolve("new/submission.csv");
    Outcome outcome =
        predict(
            model, "--inputs", bytes, "--crop", "6", "--out", out.toString(), "--engine", engine);
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.code()).isZero();
    List<String> lines = Files.readAllLines(out);
    assertThat(lines).hasSize(IMAGES + 1).first().isEqualTo("id,class");
    assertThat(lines.subList(1, lines.size()))
        .containsExactlyElementsOf(
            IntStream.range(0, IMAGES)
                .mapToObj(i -> i + "," + (expected[2 * i + 1] > expected[2 * i] ? 1 : 0))
                .toList());
    long ones = lines.stream().filter(line -> line.endsWith(",1")).count();
    assertThat(ones).isBetween(1L, IMAGES - 1L);
    assertThat(outcome.out())
        .contains("1,003 inputs of shape [6, 6, 3]", "1: " + ones, out + " written: classes");
    assertThat(out.getParent().toFile().list()).containsExactly("submission.csv");
  }

  @Test
  void addsTheProbabilities() throws IOException {
    Path out = temp.resolve("p.csv");
    Outcome outcome =
        predict(model, "--inputs", floats, "--out", out.toString(), "--probabilities");
    assertThat(outcome.code()).isZero();
    List<String> lines = Files.readAllLines(out);
    assertThat(lines.get(0)).isEqualTo("id,class,probability_0,probability_1");
    for (int i = 0; i < IMAGES; i++) {
      String[] cells = lines.get(i + 1).split(",");
      assertThat(cells[0]).isEqualTo(Integer.toString(i));
      assertThat(Float.parseFloat(cells[2])).isCloseTo(expected[2 * i], within());
      assertThat(Float.parseFloat(cells[3])).isCloseTo(expected[2 * i + 1], within());
    }
  }

  private static Offset<Float> within() {
    return Offset.offset(1e-5f);
  }

  @Test
  void floatsAreTakenAsTheyAre() throws IOException {
    Path fromFloats = temp.resolve("floats.npy");
    Path fromBytes = temp.resolve("bytes.npy");
    predict(model, "--inputs", floats, "--out", fromFloats.toString(), "--threads", "1");
    predict(model, "--inputs", bytes, "--crop", "6", "--out", fromBytes.toString());
    NpyArray array = NpyFile.read(fromFloats);
    assertThat(array.shape()).containsExactly(IMAGES, CLASSES);
    assertThat(Files.readAllBytes(fromBytes)).isEqualTo(Files.readAllBytes(fromFloats));
  }

  @Test
  void imagesThatDoNotFitAreExitCode2AndNothingIsWritten() {
    Path out = temp.resolve("y.csv");
    for (String engine : List.of("scratch", "dl4j")) {
      Outcome outcome =
          predict(model, "--inputs", bytes, "--out", out.toString(), "--engine", engine);
      assertThat(outcome.code()).isEqualTo(2);
      assertThat(outcome.err()).contains(model + " does not fit " + bytes, "[8, 8, 3]");
    }
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void aModelThatSaysNoNumberIsExitCode2() {
    float[] broken = new float[IMAGE.size()];
    broken[5] = Float.NaN;
    NpyFile.write(temp.resolve("nan.npy"), new NpyArray(new int[] {1, 6, 6, 3}, broken));
    Path out = temp.resolve("y.csv");
    Outcome outcome =
        predict(
            model,
            "--inputs",
            temp.resolve("nan.npy").toString(),
            "--out",
            out.toString(),
            "--engine",
            "dl4j");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("outputs NaN for image 0");
    assertThat(out).doesNotExist();
  }

  /** By its own path, another one, a symbolic and a hard link; the model's file too. */
  @Test
  void neverOverwritesWhatItReads() throws IOException {
    Path x = Files.copy(Path.of(floats), temp.resolve("x.npy"));
    byte[] before = Files.readAllBytes(x);
    Path roundabout = Files.createDirectories(temp.resolve("a")).resolve("../x.npy");
    Path link = Files.createSymbolicLink(temp.resolve("link.npy"), Path.of("x.npy"));
    Path folder = Files.createSymbolicLink(temp.resolve("b"), temp).resolve("x.npy");
    Path hard = Files.createLink(temp.resolve("hard.npy"), x);
    for (Path out : List.of(x, roundabout, link, folder, hard)) {
      Outcome outcome = predict(model, "--inputs", x.toString(), "--out", out.toString());
      assertThat(outcome.code()).as("%s", out).isEqualTo(2);
      assertThat(outcome.err()).contains("--out: " + out, "--inputs", "overwritten");
      assertThat(Files.readAllBytes(x)).isEqualTo(before);
    }
    Path own = Files.copy(Path.of(model), temp.resolve("model.npy"));
    Outcome outcome = predict(own.toString(), "--inputs", floats, "--out", own.toString());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("--out: " + own, "MODEL", "overwritten");
    assertThat(Files.readAllBytes(own)).isEqualTo(Files.readAllBytes(Path.of(model)));
  }

  @Test
  void neverReplacesAFolderAndWritesWhereALinkLeads() throws IOException {
    Path empty = Files.createDirectory(temp.resolve("empty.csv"));
    Outcome refused = predict(model, "--inputs", floats, "--out", empty.toString());
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("--out: " + empty + " is a folder");
    assertThat(empty).isEmptyDirectory();

    Path target = temp.resolve("target.csv");
    Path link = Files.createSymbolicLink(temp.resolve("link.csv"), target);
    for (int time = 0; time < 2; time++) {
      // Into nothing at first, then into the file.
      assertThat(predict(model, "--inputs", floats, "--out", link.toString()).code()).isZero();
      assertThat(link).isSymbolicLink();
      assertThat(target).isRegularFile();
    }
    assertThat(Files.readAllLines(target)).hasSize(IMAGES + 1);
  }

  @Test
  void wrongOptionsAreExitCode2() {
    assertUsage("--inputs is 'x.png'; it must end in .h5, .npy or .npz", "--inputs", "x.png");
    assertUsage("--out is 'y.txt'; it must end in .csv or .npy", "--out", "y.txt");
    assertUsage("'--engine': expected one of dl4j, scratch, but was 'gpu'", "--engine", "gpu");
    assertUsage("--threads is 0", "--threads", "0");
    assertUsage("--crop is 4", "--crop", "4", "--inputs", floats);
    assertUsage("missing.h5: found no such file", "--inputs", "missing.h5");
  }

  private void assertUsage(String message, String... changed) {
    List<String> arguments = new ArrayList<>(List.of(changed));
    if (!arguments.contains("--inputs")) {
      arguments.addAll(List.of("--inputs", bytes));
    }
    if (!arguments.contains("--out")) {
      arguments.addAll(List.of("--out", temp.resolve("y.csv").toString()));
    }
    arguments.add(model);
    Outcome outcome = predict(arguments.toArray(String[]::new));
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains(message);
  }

  @Test
  void imagesArePreparedAsTheModelsOwnWere() throws IOException {
    Path run = Files.createDirectories(temp.resolve("run"));
    String copy = Files.copy(Path.of(model), run.resolve("model.zip")).toString();
    Files.writeString(
        run.resolve("config.yaml"),
        "epochs: 3\npreprocessing: [{stainNormalise: {strength: 1}}]\n");
    float[] beside = outputs(copy, "stainNormalise");
    assertThat(outputs(model, "", "--preprocessing", "[]")).containsExactly(outputs(model, ""));
    assertThat(outputs(copy, "", "--preprocessing", "[]"))
        .containsExactly(outputs(model, ""))
        .isNotEqualTo(beside);
    assertThat(
            outputs(
                model, "stainNormalise", "--preprocessing", "[{stainNormalise: {strength: 1}}]"))
        .containsExactly(beside);
  }

  private static final String STAINED = "[{stainNormalise: {strength: 1}}]";

  private Path copy(String record) throws IOException {
    Path copy = Files.copy(Path.of(model), temp.resolve("model.zip"));
    Files.writeString(
        temp.resolve("model.json"), record.replace("SHA", Sha256.hex(Files.readAllBytes(copy))));
    return copy;
  }

  private static final String RECORD =
      """
      {"format": "cnnlab model 1", "sha256": "SHA", "training": {"variant": "b"},
       "images": {"preprocessing": [{"stainNormalise": {"strength": 1}}]}, "configuration": {}}
      """;

  @Test
  void theRecordBesideTheModelSaysHowImagesArePrepared() throws IOException {
    Path copy = copy(RECORD);
    Files.writeString(temp.resolve("config.yaml"), "preprocessing: []\n");
    assertThat(outputs(copy.toString(), "stainNormalise"))
        .containsExactly(outputs(model, "stainNormalise", "--preprocessing", STAINED));
    // Another file of that name, such as Keras' own, is no record.
    Files.writeString(temp.resolve("model.json"), "{\"class_name\": \"Functional\"}");
    assertThat(outputs(copy.toString(), "")).containsExactly(outputs(model, ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"format\": \"cnnlab model 1\", \"sha256\": \"00\", \"images\": {\"preprocessing\": []}}",
        "{\"format\": \"cnnlab model 1\", \"sha256\": \"SHA\"}",
        "{\"format\": \"cnnlab model 2\"}",
        "{\"format\": "
      })
  void aModelThatIsNotTheRecordsIsRefused(String record) throws IOException {
    Path copy = copy(record);
    Outcome outcome =
        predict(copy.toString(), "--inputs", bytes, "--crop", "6", "--out", temp + "/out.csv");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("model.json", "--preprocessing").doesNotContain("\tat ");
    assertThat(temp.resolve("out.csv")).doesNotExist();
    outputs(copy.toString(), "", "--preprocessing", "[]");
  }

  @Test
  void anOldRunWhoseVariantsDifferIsAskedAbout() throws IOException {
    Path copy = Files.copy(Path.of(model), temp.resolve("model.zip"));
    String variants = "variants: [{name: a, set: {preprocessing: %s}}, {name: b%s}]\n";
    Path config = temp.resolve("config.yaml");
    Files.writeString(config, "preprocessing: []\n" + variants.formatted(STAINED, ""));
    Outcome outcome =
        predict(copy.toString(), "--inputs", bytes, "--crop", "6", "--out", temp + "/out.csv");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("config.yaml", "variants differ", "--preprocessing");
    Files.writeString(
        config,
        "preprocessing: []\n"
            + variants.formatted(STAINED, ", set: {preprocessing: " + STAINED + "}"));
    outputs(copy.toString(), "stainNormalise");
  }

  private float[] outputs(String file, String said, String... more) {
    Path out = temp.resolve("out.npy");
    List<String> arguments =
        new ArrayList<>(List.of(file, "--inputs", bytes, "--crop", "6", "--out", out.toString()));
    arguments.addAll(List.of(more));
    Outcome outcome = predict(arguments.toArray(String[]::new));
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out().contains("Preprocessing, as in training")).isEqualTo(!said.isEmpty());
    assertThat(outcome.out()).contains(said);
    return NpyFile.read(out).data();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[stainNormalize]", "[{stainNormalise: {strength: 2}}]", "{a: 1}", "[", "3"})
  void wrongPreprocessingIsNamed(String list) {
    Outcome outcome =
        predict(model, "--inputs", bytes, "--crop", "6", "--out", "x.csv", "--preprocessing", list);
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("--preprocessing", "Expected a list of transforms");
  }
}
