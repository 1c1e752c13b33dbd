package cnnlab.inference;

import cnnlab.keras.KerasFile;
import cnnlab.keras.KerasModel;
import cnnlab.model.file.ModelFileException;
import cnnlab.model.file.ModelFiles;
import cnnlab.onnx.OnnxFile;
import cnnlab.onnx.OnnxModel;
import cnnlab.onnx.layer.Operators;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads model files of all supported formats, which are recognised by their content. */
public final class ModelLoader {
  private static final Logger LOG = LoggerFactory.getLogger(ModelLoader.class);

  /** The supported formats, for help texts. */
  public static final String FORMATS =
      "a model: .keras or .h5 from Keras, .onnx, .zip from DL4J (a ComputationGraph)";

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
    requireNoFolder(file);
    if (KerasFile.recognises(file)) {
      return keras(file);
    }
    return OnnxFile.recognises(file)
        ? onnx(file)
        : new LoadedModel(file, ModelFiles.load(file), null, null);
  }

  private static LoadedModel onnx(Path file) {
    OnnxModel model = OnnxFile.read(file);
    model.notes().forEach(note -> LOG.info("{}: {}", file, note));
    return new LoadedModel(file, model.graph(), layout(model.input()), layout(model.output()));
  }

  private static ArrayLayout layout(Operators.End end) {
    return new ArrayLayout(end.sizes(), end.channelsFirst());
  }

  private static LoadedModel keras(Path file) {
    KerasModel model = KerasFile.read(file);
    model.notes().forEach(note -> LOG.info("{}: {}", file, note));
    if (!model.augmentation().isEmpty()) {
      LOG.info(
          "{}: its augmentation layers, used in training only: {}", file, model.augmentation());
    }
    return new LoadedModel(
        file,
        model.graph(),
        layout(model.inputShape(), model.channelsFirst()),
        layout(model.outputShape(), model.channelsFirst()));
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
