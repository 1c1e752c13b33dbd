package cnnlab.inference;

import cnnlab.config.ConfigLoader;
import cnnlab.config.UsageException;
import cnnlab.keras.write.KerasExport;
import cnnlab.keras.write.Preparation;
import cnnlab.model.file.ModelFileException;
import cnnlab.onnx.write.OnnxExport;
import cnnlab.run.Run;
import cnnlab.scratch.Network;
import cnnlab.scratch.dl4j.UnsupportedGraphException;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.layer.Shape;
import cnnlab.store.Json;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Writes a loaded model in a format of other libraries. */
public final class ModelExport {
  /** The names of files that can be written, for messages. */
  public static final String NAMES = ".keras, .h5 or " + OnnxExport.NAME;

  private static final String AUGMENTATION = "augmentation";
  private static final TypeReference<List<Object>> LIST = new TypeReference<>() {};

  private ModelExport() {}

  /** Whether a file has a name of a format that can be written. */
  public static boolean writes(Path file) {
    return KerasExport.writes(file) || OnnxExport.writes(file);
  }

  /**
   * Writes a model atomically.
   *
   * @param file created or replaced
   * @param input the layout of one input
   * @param prepared whether the preparation of images in the model's run becomes part of the model
   * @return notes on what was left out, one sentence each
   * @throws UsageException when the model does not fit such inputs, or {@code prepared} and nothing
   *     tells how its images were prepared
   * @throws ModelFileException when the format cannot express the model; the message names the
   *     layer
   * @throws IOException when it cannot be written
   */
  public static List<String> write(
      LoadedModel model, ArrayLayout input, Path file, boolean prepared) throws IOException {
    if (model.ends() != null) {
      throw new UsageException(
          "%s has the inputs %s and the outputs %s; only models with one input and one output can be exported"
              .formatted(
                  model.file(),
                  ModelEnds.text(model.ends().inputs()),
                  ModelEnds.text(model.ends().outputs())));
    }
    Network network;
    try {
      network = model.compile(input.shape(), "--input", new ReferenceKernels());
    } catch (UnsupportedGraphException e) {
      throw new ModelFileException(model.file() + ": " + e.getMessage(), e);
    }
    if (OnnxExport.writes(file) && prepared) {
      throw new UsageException(
          "--with-preprocessing: ONNX files hold the network alone; leave the option out, or write a .keras file");
    }
    try {
      if (OnnxExport.writes(file)) {
        // As the model has them: Keras' images are channels last, DL4J's channels first.
        boolean channelsFirst = model.input() == null;
        OnnxExport.write(
            file,
            new OnnxExport.Source(
                network, channelsFirst ? channelsFirst(input) : input.sizes(), channelsFirst));
        return List.of();
      }
      return KerasExport.write(
          file,
          new KerasExport.Source(
              model.graph(), network, input.sizes(), prepared ? preparation(model) : null));
    } catch (ModelFileException e) {
      throw new ModelFileException(model.file() + ": " + e.getMessage(), e);
    }
  }

  private static List<Integer> channelsFirst(ArrayLayout input) {
    Shape shape = input.shape();
    return input.sizes().size() == 1
        ? input.sizes()
        : List.of(shape.channels(), shape.height(), shape.width());
  }

  /** How the images of the model's run were prepared. */
  private static Preparation preparation(LoadedModel model) throws IOException {
    Path file = model.file();
    Optional<ModelRecord> record = ModelRecord.beside(file);
    Path config = file.resolveSibling(Run.CONFIG);
    Object augmentation;
    if (record.isPresent()) {
      augmentation = record.get().configuration().get(AUGMENTATION);
    } else if (Files.isRegularFile(config)) {
      JsonNode tree = Json.yamlReader().readTree(ConfigLoader.text(config));
      if (!tree.path("variants").isEmpty()) {
        throw new UsageException(
            "--with-preprocessing: %s has variants, and no record beside %s tells which one it is"
                .formatted(config, file));
      }
      augmentation = Json.reader().treeToValue(tree.path(AUGMENTATION), Object.class);
    } else {
      throw new UsageException(
          "--with-preprocessing: %s is not in a run directory, so the preparation of its images is not known; leave the option out"
              .formatted(file));
    }
    List<Object> list =
        augmentation instanceof List<?>
            ? Json.reader().forType(LIST).readValue(Json.tree(augmentation))
            : List.of();
    return new Preparation(
        ModelPreprocessing.of(null, file).names(), list, Preparation.SCALE, Preparation.OFFSET);
  }
}
