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
 * How a model was made: {@code model.json} beside {@code model.zip}. {@code predict} prepares
 * images accordingly, and detects a zip other than the one that the record describes.
 *
 * @param format {@link #FORMAT}
 * @param sha256 of the zip, 64 lower-case hexadecimal digits
 * @param training the training
 * @param images the images it was trained on, and therefore expects
 * @param configuration the resolved configuration of the variant: the task's keys with their values
 */
public record ModelRecord(
    String format,
    String sha256,
    Trained training,
    Images images,
    Map<String, Object> configuration) {
  /** The format of this version; a format that older readers would misread gets another number. */
  static final String FORMAT = "cnnlab model 1";

  private static final String JSON = ".json";
  private static final String ZIP = ".zip";

  /** Upper limit on the size of a record; a few KB are usual. */
  private static final long MOST_BYTES = 1 << 20;

  /**
   * The training of a model.
   *
   * @param task the task, such as {@code task2}
   * @param experiment name of the experiment
   * @param variant name of the variant; the experiment's if it has no variants
   * @param repetition 1, 2, ...
   * @param seed from which the training's random streams are derived
   * @param engine the engine that trained, {@code scratch} or {@code dl4j}
   * @param keptEpoch the epoch whose weights were kept
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
   * The images of a model.
   *
   * @param dataSet name of the data set and, if known, its source
   * @param sha256 of each of its files
   * @param height H, pixels
   * @param width W, pixels
   * @param channels C
   * @param preprocessing fixed transforms of the 8-bit images, as in a configuration
   * @param normalisation from 8-bit values to the inputs of the network, after the preprocessing
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
    /** The normalisation of all image sets; see {@link cnnlab.data.ImageSet#batch}. */
    private static final String NORMALISATION = "2x/255 - 1";

    /** The images of MNIST. */
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

    /** Lymph node patches, real or synthetic. */
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
   * @param name name of both without the ending; a path in the directory
   * @param config the configuration of the variant
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
   * Copies a model inside a run directory, with its record if it has one; models of older versions
   * have none.
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

  /** The path of a model's record; the file need not exist. */
  private static Path fileBeside(Path model) {
    String name = model.getFileName().toString();
    return model.resolveSibling(name.replaceFirst("\\.[^.]*$", "") + JSON);
  }

  /**
   * The file with a model's record, even if it is damaged or belongs to another zip. Empty if a
   * file of that name is something else, such as an older comparison.
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
   * @return empty if there is no such file, or if it is not a record of a model
   * @throws UsageException when the record is damaged, of a later version, or of another model; the
   *     message names the file and a remedy
   */
  public static Optional<ModelRecord> beside(Path model) {
    Path file = fileBeside(model);
    if (file.equals(model) || !Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return read(file, model);
    } catch (JsonProcessingException e) {
      throw unusable(file, "is not the JSON of a model record (" + e.getOriginalMessage() + ")", e);
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
        "%s %s. Use the model with the record that it was written with, or give the transforms of its images with --preprocessing ([] for none)"
            .formatted(file, what),
        cause);
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Sha256.hex(in);
    }
  }
}
