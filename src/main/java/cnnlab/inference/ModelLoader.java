package cnnlab.inference;

import cnnlab.keras.KerasFile;
import cnnlab.keras.KerasModel;
import cnnlab.model.JoinedGraph;
import cnnlab.model.file.ModelFileException;
import cnnlab.model.file.ModelFiles;
import cnnlab.onnx.OnnxFile;
import cnnlab.onnx.OnnxModel;
import cnnlab.onnx.layer.Operators;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads model files of all supported formats, which are recognised by their content. */
public final class ModelLoader {
  private static final Logger LOG = LoggerFactory.getLogger(ModelLoader.class);

  /** The supported formats, for help texts. */
  public static final String FORMATS =
      "a model: .keras, .h5 or .json (with its .h5) from Keras, .onnx, .zip from DL4J (a ComputationGraph)";

  /** The number of axes of an image. */
  private static final int IMAGE = 3;

  private ModelLoader() {}

  /**
   * Reads a model. Notes on a Keras or ONNX file are logged.
   *
   * @param file a {@code .keras} or {@code .h5} file of Keras, an {@code .onnx} file, or a zip that
   *     DL4J wrote
   * @throws cnnlab.model.file.ModelFileException when it cannot be read
   */
  public static ComputationGraph load(Path file) {
    return open(file).graph();
  }

  /** As {@link #load}, with the layout of inputs and outputs if the file gives it. */
  public static LoadedModel open(Path file) {
    return open(file, () -> null);
  }

  /**
   * As {@link #open(Path)}, for a model whose input may be of unknown size.
   *
   * @param sizes gives the sizes of the only input's axes, in the order of the file; called if a
   *     Keras file does not give them. Null for none
   */
  public static LoadedModel open(Path file, Supplier<List<Integer>> sizes) {
    requireNoFolder(file);
    if (KerasFile.recognises(file)) {
      return keras(file, sizes);
    }
    return OnnxFile.recognises(file)
        ? onnx(file)
        : new LoadedModel(file, ModelFiles.load(file), null, null);
  }

  private static LoadedModel onnx(Path file) {
    OnnxModel model = OnnxFile.read(file);
    model.notes().forEach(note -> LOG.info("{}: {}", file, note));
    List<Part> inputs = model.inputs().stream().map(ModelLoader::part).toList();
    List<Part> outputs = model.outputs().stream().map(ModelLoader::part).toList();
    return loaded(file, model.graph(), model.joined(), inputs, outputs);
  }

  /** One input or output with its name. */
  private record Part(String name, ArrayLayout layout) {}

  private static Part part(Operators.End end) {
    return new Part(end.name(), new ArrayLayout(end.sizes(), end.channelsFirst()));
  }

  private static LoadedModel loaded(
      Path file,
      ComputationGraph graph,
      JoinedGraph joined,
      List<Part> inputs,
      List<Part> outputs) {
    return joined == null
        ? new LoadedModel(file, graph, inputs.get(0).layout, outputs.get(0).layout)
        : new LoadedModel(
            file,
            graph,
            new ModelEnds(
                ends(joined.inputs(), inputs), ends(joined.outputs(), outputs), joined.joining()));
  }

  private static List<ModelEnds.End> ends(List<JoinedGraph.End> joined, List<Part> parts) {
    return ModelEnds.of(
        joined, parts.stream().map(Part::name).toList(), parts.stream().map(Part::layout).toList());
  }

  private static LoadedModel keras(Path file, Supplier<List<Integer>> sizes) {
    KerasModel model = KerasFile.read(file, sizes);
    model.notes().forEach(note -> LOG.info("{}: {}", file, note));
    if (!model.augmentation().isEmpty()) {
      LOG.info(
          "{}: its augmentation layers, used in training only: {}", file, model.augmentation());
    }
    return loaded(
        file,
        model.graph(),
        model.joined(),
        parts(model.inputs(), model.channelsFirst()),
        parts(model.outputs(), model.channelsFirst()));
  }

  private static List<Part> parts(List<KerasModel.End> ends, boolean channelsFirst) {
    return ends.stream()
        .map(end -> new Part(end.name(), layout(end.sizes(), channelsFirst)))
        .toList();
  }

  private static ArrayLayout layout(List<Integer> sizes, boolean channelsFirst) {
    return new ArrayLayout(sizes, channelsFirst && sizes.size() == IMAGE);
  }

  /** Refuses folders, which Keras and TensorFlow also save, and tells how to get a file. */
  private static void requireNoFolder(Path file) {
    if (!Files.isDirectory(file)) {
      return;
    }
    String what =
        Files.exists(file.resolve("config.json")) && Files.exists(file.resolve("model.weights.h5"))
            ? "a folder with a Keras model saved with zipped=False; expected a file. Load it in Keras and save it with model.save('model.keras')"
            : Files.exists(file.resolve("saved_model.pb"))
                ? "a folder with a TensorFlow SavedModel, which is not supported; expected a file. Save the model in Keras with model.save('model.keras')"
                : "a folder; expected a file with " + FORMATS;
    throw new ModelFileException("%s: is %s".formatted(file, what), null);
  }
}
