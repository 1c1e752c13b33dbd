package cnnlab.inference;

import cnnlab.config.ConfigLoader;
import cnnlab.config.UsageException;
import cnnlab.data.Mnist;
import cnnlab.data.patch.PatchCamelyon;
import cnnlab.io.Sha256;
import cnnlab.model.LymphNodeCnn;
import cnnlab.model.MnistCnn;
import cnnlab.model.file.ModelFiles;
import cnnlab.store.Json;
import cnnlab.store.RunDirectory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * What made a model: {@code model.json} beside {@code model.zip}. {@code predict} prepares images
 * as it says, and notices when the zip is not the one that it was written for.
 *
 * @param format {@link #FORMAT}
 * @param sha256 of the zip, 64 lower-case hexadecimal digits
 * @param training what was trained
 * @param images what it was trained on, and so what it expects
 * @param configuration of the variant, resolved: the task's keys with their values
 */
public record ModelRecord(
    String format,
    String sha256,
    Trained training,
    Images images,
    Map<String, Object> configuration) {
  /** Of this version; later ones that an older reader would misread have another number. */
  static final String FORMAT = "cnnlab model 1";

  private static final String JSON = ".json";
  private static final String ZIP = ".zip";

  /** A few KB are usual; nobody writes so much by hand. */
  private static final long MOST_BYTES = 1 << 20;

  /**
   * @param task such as {@code task2}
   * @param experiment its name
   * @param variant name of the variant; the experiment's where it has none
   * @param repetition 1, 2, ...
   * @param seed from which the training's random streams are derived
   * @param engine which trained, {@code scratch} or {@code dl4j}
   * @param keptEpoch whose weights these are
   */
  public record Trained(
      String task,
      String experiment,
      String variant,
      int repetition,
      long seed,
      String engine,
      int keptEpoch) {}

  /**
   * @param dataSet its name and, where it is known, where it comes from
   * @param sha256 of each of its files
   * @param height H, pixels
   * @param width W, pixels
   * @param channels C
   * @param preprocessing fixed transforms of the 8-bit images, as in a configuration
   * @param normalisation from 8-bit values to what the network takes, after the preprocessing
   * @param classes names of the outputs, in order
   */
  public record Images(
      String dataSet,
      Map<String, String> sha256,
      int height,
      int width,
      int channels,
      List<Object> preprocessing,
      String normalisation,
      List<String> classes) {
    /** Of all image sets here; see {@link cnnlab.data.ImageSet#batch}. */
    private static final String NORMALISATION = "2x/255 - 1";

    /** MNIST. */
    public static Images digits(List<Object> preprocessing) {
      return new Images(
          Mnist.NAME,
          Mnist.SHA256,
          MnistCnn.HEIGHT,
          MnistCnn.WIDTH,
          1,
          preprocessing,
          NORMALISATION,
          IntStream.range(0, MnistCnn.CLASSES).mapToObj(String::valueOf).toList());
    }

    /** Patches of lymph nodes, or what stands for them. */
    public static Images patches(PatchCamelyon data, List<Object> preprocessing) {
      return new Images(
          data.source(),
          data.checksums(),
          LymphNodeCnn.HEIGHT,
          LymphNodeCnn.WIDTH,
          LymphNodeCnn.CHANNELS,
          preprocessing,
          NORMALISATION,
          PatchCamelyon.CLASSES);
    }
  }

  /**
   * Writes a model and its record.
   *
   * @param name of both, without the ending; a path in the directory
   * @param config of the variant
   */
  public static void save(
      RunDirectory directory,
      String name,
      ComputationGraph graph,
      Trained training,
      Images images,
      Record config)
      throws IOException {
    Path zip = directory.write(name + ZIP, file -> ModelFiles.save(graph, file));
    directory.writeJson(
        name + JSON,
        new ModelRecord(FORMAT, sha256(zip), training, images, ConfigLoader.toMap(config)));
  }

  /**
   * Copies a model inside a run directory, and its record; a model that an older version wrote has
   * none.
   *
   * @param from name without the ending
   * @param to name without the ending
   */
  public static void copy(RunDirectory directory, String from, String to) throws IOException {
    for (String ending : List.of(ZIP, JSON)) {
      Path source = directory.path(from + ending);
      if (ending.equals(ZIP) || Files.exists(source)) {
        directory.write(to + ending, file -> Files.copy(source, file));
      }
    }
  }

  /** Where the record of a model is, if it has one. */
  private static Path fileBeside(Path model) {
    String name = model.getFileName().toString();
    return model.resolveSibling(name.replaceFirst("\\.[^.]*$", "") + JSON);
  }

  /**
   * The file with a model's record, also where it is damaged or of another zip; none where what
   * bears its name is something else, such as an older comparison.
   */
  static Optional<Path> recordBeside(Path model) {
    Path file = fileBeside(model);
    try {
      return read(file, model).map(record -> file);
    } catch (UsageException | JsonProcessingException e) {
      return Optional.of(file);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * The record beside a model.
   *
   * @param model {@code X.zip}; its record is {@code X.json}
   * @return none where there is no such file, or one that is no record of ours
   * @throws UsageException when the record is damaged, of a later version, or of another model;
   *     names the file and what to do
   */
  public static Optional<ModelRecord> beside(Path model) {
    Path file = fileBeside(model);
    if (file.equals(model) || !Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return read(file, model);
    } catch (JsonProcessingException e) {
      throw unusable(file, "is not JSON of a model's record (" + e.getOriginalMessage() + ")", e);
    } catch (IOException e) {
      throw unusable(file, "cannot be read (" + e + ")", e);
    }
  }

  private static Optional<ModelRecord> read(Path file, Path model) throws IOException {
    if (Files.size(file) > MOST_BYTES) {
      throw unusable(file, "has " + Files.size(file) + " bytes, too many for a record", null);
    }
    JsonNode json = Json.reader().readTree(Files.readString(file));
    String format = json.path("format").asText();
    if (!format.startsWith("cnnlab model")) {
      return Optional.empty();
    }
    if (!format.equals(FORMAT)) {
      throw unusable(file, "has format '" + format + "', '" + FORMAT + "' expected", null);
    }
    ModelRecord found =
        Json.reader()
            .without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .treeToValue(json, ModelRecord.class);
    if (found.images == null || found.images.preprocessing == null || found.sha256 == null) {
      throw unusable(file, "lacks sha256 or images.preprocessing", null);
    }
    if (Files.isRegularFile(model) && !found.sha256.equals(sha256(model))) {
      throw unusable(
          file,
          "is the record of another model than %s (SHA-256 %s there, %s found)"
              .formatted(model.getFileName(), found.sha256, sha256(model)),
          null);
    }
    return Optional.of(found);
  }

  private static UsageException unusable(Path file, String what, Exception cause) {
    return new UsageException(
        "%s %s. Use the model with the record that it was written with, or say with --preprocessing what its images had ([] for nothing)"
            .formatted(file, what),
        cause);
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Sha256.hex(in);
    }
  }
}
