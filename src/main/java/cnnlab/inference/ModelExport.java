package cnnlab.inference;

import cnnlab.config.ConfigLoader;
import cnnlab.config.UsageException;
import cnnlab.keras.write.KerasExport;
import cnnlab.keras.write.Preparation;
import cnnlab.model.file.ModelFileException;
import cnnlab.onnx.OnnxFile;
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
import java.util.ArrayList;
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
        OnnxExport.write(file, onnx(model, network, input));
        return List.of();
      }
      return KerasExport.write(
          file,
          new KerasExport.Source(
              model.graph(),
              network,
              channelsLast(input),
              model.output() == null ? null : channelsLast(model.output()),
              prepared ? preparation(model) : null));
    } catch (ModelFileException e) {
      throw new ModelFileException(model.file() + ": " + e.getMessage(), e);
    }
  }

  /** Whether a file is an ONNX file, by its content. */
  public static boolean isOnnx(Path file) {
    return OnnxFile.recognises(file);
  }

  /**
   * The layout of one input of the ONNX file that {@link #write} writes of a model.
   *
   * @param input as given to it
   */
  public static ArrayLayout onnxInput(LoadedModel model, ArrayLayout input) {
    if (model.input() != null || input.sizes().size() == 1) {
      return input;
    }
    Shape shape = input.shape();
    return new ArrayLayout(List.of(shape.channels(), shape.height(), shape.width()), true);
  }

  /** As the file has them: channels last in Keras, channels first in DL4J, either in ONNX. */
  private static OnnxExport.Source onnx(LoadedModel model, Network network, ArrayLayout input) {
    if (model.input() != null) {
      ArrayLayout output = model.outputLayout(network);
      return new OnnxExport.Source(network, end(input), end(output));
    }
    List<Integer> sizes = onnxInput(model, input).sizes();
    return new OnnxExport.Source(network, new OnnxExport.End(sizes, true), null);
  }

  private static OnnxExport.End end(ArrayLayout layout) {
    return new OnnxExport.End(layout.sizes(), layout.channelsFirst());
  }

  /** Keras' order: [H, W, C], [H, W] or [F]; [W, C] for signals of ONNX, [C, W]. */
  private static List<Integer> channelsLast(ArrayLayout layout) {
    List<Integer> sizes = layout.sizes();
    if (!layout.channelsFirst() || sizes.size() == 1) {
      return sizes;
    }
    List<Integer> last = new ArrayList<>(sizes.subList(1, sizes.size()));
    last.add(sizes.get(0));
    return last;
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
