package cnnlab.model.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.engine.Dl4jRuntime;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.schedule.ISchedule;

/** Model zips of this project, of DL4J, and malicious ones. */
class ModelFilesTest {
  private static final String CONFIGURATION = "configuration.json";
  private static final String PARAMETERS = "coefficients.bin";
  private static final String STATE = "updaterState.bin";

  private static final Pattern NAMED = Pattern.compile("\"(?:@class|type)\" : \"([\\w.$]+)\"");

  /** Set by whatever creates, initialises or deserialises the trap. */
  private static boolean sprung;

  @TempDir static Path folder;
  private static Path good;

  @TempDir Path temp;

  /** A class like a deserialisation gadget: it acts when it is loaded, created or read. */
  static final class Trap implements Serializable {
    private static final long serialVersionUID = 1;

    static {
      sprung = true;
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      sprung = true;
    }
  }

  @BeforeAll
  static void save() throws IOException {
    Dl4jRuntime.configure(true, 1);
    good = folder.resolve("good.zip");
    ModelFiles.save(ModelZips.everyPiece(), good);
  }

  private Path with(String entry, byte[] content) throws IOException {
    return ModelZips.with(good, temp.resolve("model.zip"), Map.of(entry, content));
  }

  private static String configuration() throws IOException {
    return new String(ModelZips.entry(good, CONFIGURATION), StandardCharsets.UTF_8);
  }

  private Path withConfiguration(String json) throws IOException {
    return with(CONFIGURATION, json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsBackWhatItWrites() {
    ComputationGraph graph = ModelZips.everyPiece();
    ComputationGraph loaded = ModelFiles.load(good);
    // As text, because some objects of DL4J are equal only to themselves.
    assertThat(loaded.getConfiguration().toJson()).isEqualTo(graph.getConfiguration().toJson());
    assertThat(loaded.params()).isEqualTo(graph.params());
    assertThat(loaded.getUpdater().getStateViewArray())
        .isEqualTo(graph.getUpdater().getStateViewArray());
  }

  static Stream<Path> recorded() throws IOException {
    return Stream.of("task1", "task2-best", "task2-report", "task3-best")
        .map(run -> Path.of("results/reference", run, "model.zip"));
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void recordedModelsAreReadAsDl4jReadsThem(Path file) throws IOException {
    ComputationGraph expected = ModelSerializer.restoreComputationGraph(file.toFile(), true);
    ComputationGraph loaded = ModelFiles.load(file);
    assertThat(loaded.getConfiguration()).isEqualTo(expected.getConfiguration());
    assertThat(loaded.params()).isEqualTo(expected.params());
    assertThat(loaded.getUpdater().getStateViewArray())
        .isEqualTo(expected.getUpdater().getStateViewArray());
  }

  @Test
  void readsAModelWithoutOptimiserState() throws IOException {
    Path file = ModelZips.without(good, temp.resolve("model.zip"), STATE);
    assertThat(ModelFiles.load(file).params()).isEqualTo(ModelFiles.load(good).params());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "preprocessor.bin",
        "normalizer.bin",
        "PREPROCESSOR.BIN",
        "objects/labels",
        "notes.txt"
      })
  void serialisedObjectsAreRefusedByName(String entry) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(new Trap());
    }
    sprung = false;
    assertThatThrownBy(() -> ModelFiles.load(with(entry, bytes.toByteArray())))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("model.zip: entry '" + entry + "' is a serialised object");
    assertThat(sprung).isFalse();
  }

  @Test
  void ignoresOtherEntries() throws IOException {
    Path file = with("README.txt", "made in a hurry".getBytes(StandardCharsets.UTF_8));
    assertThat(ModelFiles.load(file).numParams()).isPositive();
  }

  /** Replaces each class name that Jackson would use, one at a time. */
  @Test
  void refusesAForeignClassInEveryPlace() throws IOException {
    String json = configuration();
    String trap = ModelFilesTest.class.getName() + "$Trap";
    Matcher named = NAMED.matcher(json);
    int places = 0;
    while (named.find()) {
      String bad = json.substring(0, named.start(1)) + trap + json.substring(named.end(1));
      // In files of other programs the key need not be the first.
      requireRefused(withConfiguration(bad), "is the class '" + trap);
      places++;
    }
    assertThat(places).isGreaterThan(40);
  }

  private static void requireRefused(Path file, String message) {
    assertThatThrownBy(() -> ModelFiles.load(file))
        .isInstanceOf(ModelFileException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.deeplearning4j.nn.conf.layers.samediff.SameDiffLambdaLayer",
        "org.apache.commons.collections4.functors.InvokerTransformer",
        "javax.swing.JEditorPane",
        "[Lorg.deeplearning4j.nn.conf.layers.DenseLayer;",
        "java.util.List<org.deeplearning4j.nn.conf.layers.DenseLayer>",
        "org.nd4j.linalg.activations.impl.ActivationReLU ",
        ""
      })
  void namesThatAreNotOnTheListAreRefused(String name) throws IOException {
    requireRefused(
        withConfiguration(
            configuration()
                .replaceFirst(
                    "org\\.nd4j\\.linalg\\.activations\\.impl\\.ActivationReLU\"", name + "\"")),
        "which is not read from model files");
  }

  /** DL4J before 1.0.0-beta named a class by the only key of an enclosing object. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "activationFn",
        "lossFn",
        "weightInitFn",
        "iupdater",
        "layer",
        "preProcessor",
        "idropout",
        "weightNoise",
        "distribution"
      })
  void namesAsWrappersAreRefused(String place) throws IOException {
    String bad =
        configuration()
            .replaceFirst(
                "(\"" + place + "\" : \\{)\\s*\"(?:@class|type)\" : \"[\\w.$]+\"(,?)",
                "$1 \"Trap\" : {}$2");
    assertThat(bad).isNotEqualTo(configuration());
    requireRefused(withConfiguration(bad), "is an object without \"@class\"");
  }

  @Test
  void refusesWrapperVertices() throws IOException {
    requireRefused(
        withConfiguration(
            configuration().replaceFirst("\"@class\" : \"[\\w.$]+LayerVertex\",", "")),
        "without \"@class\"");
  }

  /** The mapper also checks names, in case the scan misses a place. */
  @Test
  void theMapperRefusesToo() throws IOException {
    String bad =
        configuration()
            .replaceFirst(
                "org\\.nd4j\\.linalg\\.activations\\.impl\\.ActivationReLU\"",
                Matcher.quoteReplacement(ModelFilesTest.class.getName() + "$Trap\""));
    sprung = false;
    assertThatThrownBy(
            () -> ModelConfiguration.mapper().readValue(bad, ComputationGraphConfiguration.class))
        .hasMessageContaining("PolymorphicTypeValidator");
    assertThat(sprung).isFalse();
  }

  @Test
  void allowsExistingClassesIncludingThoseOfTheProject() {
    for (String name : AllowedClasses.NAMES) {
      Assertions.assertDoesNotThrow(() -> Class.forName(name), name);
    }
    List<Class<?>> pieces =
        List.of(IActivation.class, InputPreProcessor.class, Layer.class, ISchedule.class);
    List<String> ours =
        new ClassFileImporter()
            .importPackages("cnnlab.model").stream()
                .filter(c -> !c.getModifiers().contains(JavaModifier.ABSTRACT))
                .filter(c -> pieces.stream().anyMatch(c::isAssignableTo))
                .map(c -> c.getName())
                .toList();
    assertThat(AllowedClasses.NAMES).containsAll(new TreeSet<>(ours));
  }

  /** Version 0.1.0 had its layers and functions in the package cnnlab.model. */
  @Test
  void readsModelsThatNameThePackageOfVersion010() throws IOException {
    String now = configuration();
    String before = now.replace("\"cnnlab.model.layer.", "\"cnnlab.model.");
    assertThat(before)
        .contains("\"cnnlab.model.ChannelAffine\"", "\"cnnlab.model.RectifiedLinear\"");
    ComputationGraph graph =
        ModelFiles.load(with(CONFIGURATION, before.getBytes(StandardCharsets.UTF_8)));
    ComputationGraph same = ModelFiles.load(good);
    assertThat(graph.getConfiguration().toJson()).isEqualTo(same.getConfiguration().toJson());
    assertThat(graph.params()).isEqualTo(same.params());
  }

  @Test
  void hundredsOfMegabytesOfZerosAreNotUnpacked() throws IOException {
    for (String entry : List.of(PARAMETERS, STATE, CONFIGURATION, "notes.txt")) {
      Path file =
          ModelZips.withZeros(
              good,
              temp.resolve("model.zip"),
              entry,
              (entry.equals(PARAMETERS) ? 700L : 50L) << 20);
      Assertions.assertTimeout(
          Duration.ofSeconds(5),
          () -> {
            if (entry.equals("notes.txt")) {
              ModelFiles.load(file);
            } else {
              requireRefused(file, entry);
            }
          });
    }
  }

  /** A header with more values than the configuration has, and endless values. */
  @Test
  void doesNotUnpackMoreValuesThanExpected() throws IOException {
    byte[] parameters = ModelZips.entry(good, PARAMETERS);
    requireRefused(
        with(PARAMETERS, Arrays.copyOf(parameters, parameters.length + 4)),
        "is longer than the configuration requires");
    for (int at : new int[] {38, 38 + 7}) {
      byte[] huge = parameters.clone();
      huge[at] ^= 0x40;
      requireRefused(with(PARAMETERS, huge), PARAMETERS);
    }
    requireRefused(with(PARAMETERS, ModelZips.entry(good, STATE)), "they do not belong together");
    requireRefused(with(STATE, parameters), "they do not belong together");
  }

  @Test
  void namesTruncatedEntries() throws IOException {
    for (String entry : List.of(PARAMETERS, STATE)) {
      byte[] content = ModelZips.entry(good, entry);
      for (int length : new int[] {0, 1, 17, 100, content.length / 2, content.length - 1}) {
        requireRefused(
            with(entry, Arrays.copyOf(content, length)), "entry '" + entry + "' is truncated");
      }
    }
    byte[] json = ModelZips.entry(good, CONFIGURATION);
    requireRefused(with(CONFIGURATION, Arrays.copyOf(json, json.length / 2)), "is not JSON");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../evil.txt", "/etc/evil", "a/../../b", "..\\evil", "C:\\evil"})
  void pathsOutOfTheArchiveAreRefused(String entry) throws IOException {
    requireRefused(with(entry, new byte[] {1}), "absolute or parent path");
    assertThat(temp.resolve("../evil.txt")).doesNotExist();
  }

  @Test
  void refusesDuplicateEntries() throws IOException {
    requireRefused(
        ModelZips.renamed(
            with("configuration.jsox", new byte[] {'{', '}'}), "configuration.jsox", CONFIGURATION),
        "'configuration.json' occurs twice");
  }

  @Test
  void doesNotTrustSizesInTheArchive() throws IOException {
    Path zeros = ModelZips.withZeros(good, temp.resolve("model.zip"), CONFIGURATION, 100L << 20);
    ModelZips.lie(zeros, CONFIGURATION, 1000);
    requireRefused(zeros, CONFIGURATION);
    Path file = with("README.txt", new byte[0]);
    ModelZips.lie(file, PARAMETERS, 0x7fff_fff0L);
    assertThat(ModelFiles.load(file).params()).isEqualTo(ModelFiles.load(good).params());
  }

  @Test
  void detectsAFlippedBit() throws IOException {
    byte[] parameters = ModelZips.entry(good, PARAMETERS);
    Path file = ModelZips.stored(good, temp.resolve("model.zip"));
    byte[] zip = Files.readAllBytes(file);
    int at = ModelZips.indexOf(zip, Arrays.copyOfRange(parameters, 300, 400));
    zip[at] ^= 1;
    Files.write(file, zip);
    requireRefused(file, "its checksum is wrong");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"nout\" : 3=>\"nout\" : 2000000000",
        "\"nout\" : 3=>\"nout\" : -3",
        "\"nout\" : 3=>\"nout\" : 1e300",
        "\"nout\" : 3=>\"nout\" : 9223372036854775807",
        "\"kernelSize\" : [ 2, 2 ]=>\"kernelSize\" : [ 2000000000, 2000000000 ]",
        "\"kernelSize\" : [ 2, 2 ]=>\"kernelSize\" : [ 40000, 40000 ]"
      })
  void absurdSizesAreRefusedBeforeMemoryIsTaken(String change) throws IOException {
    String[] parts = change.split("=>");
    assertThat(configuration()).contains(parts[0]);
    requireRefused(withConfiguration(configuration().replace(parts[0], parts[1])), "model.zip: ");
  }

  @Test
  void refusesDeepNesting() throws IOException {
    for (String open : List.of("[", "{\"a\":")) {
      requireRefused(
          withConfiguration("{\"vertices\":" + open.repeat(1_000_000)), "nested deeper than");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "null",
        "[]",
        "",
        "{\"vertices\":null}",
        "{\"networkInputs\":[\"a\"],\"networkOutputs\":[\"a\"],\"vertices\":{},\"vertexInputs\":{}}",
        "{\"confs\":[]}",
        "{\"a\":1,\"a\":2}"
      })
  void otherJsonIsRefused(String json) throws IOException {
    requireRefused(withConfiguration(json), "model.zip: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"networkOutputs\" : [ \"out\" ]=>\"networkOutputs\" : [ \"nowhere\" ]",
        "\"topologicalOrder\" : [ 0, 1=>\"topologicalOrder\" : [ 0, 900000000",
        "\"topologicalOrder\" : [ 0, 1=>\"topologicalOrder\" : [ 0, 0",
        "\"topologicalOrder\" : [ 0, 1=>\"topologicalOrder\" : [ -1, 1"
      })
  void graphsThatDoNotHangTogetherAreRefused(String change) throws IOException {
    String[] parts = change.split("=>");
    assertThat(configuration()).contains(parts[0]);
    requireRefused(withConfiguration(configuration().replace(parts[0], parts[1])), "model.zip: ");
  }
}
