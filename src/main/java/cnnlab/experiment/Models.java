package cnnlab.experiment;

import cnnlab.keras.KerasFile;
import cnnlab.keras.KerasModel;
import cnnlab.model.ModelFiles;
import java.nio.file.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Model files of every format that is read, known by what is in them. */
public final class Models {
  private static final Logger LOG = LoggerFactory.getLogger(Models.class);

  /** How help calls them. */
  public static final String FORMATS =
      "a model: .keras or .h5 from Keras, .zip from DL4J (a ComputationGraph)";

  private Models() {}

  /**
   * Reads a model. What is worth knowing about a Keras file is logged.
   *
   * @param file a {@code .keras} or {@code .h5} file of Keras, or a zip that DL4J wrote
   * @throws cnnlab.model.ModelFileException when it cannot be read
   */
  public static ComputationGraph load(Path file) {
    if (!KerasFile.recognises(file)) {
      return ModelFiles.load(file);
    }
    KerasModel model = KerasFile.read(file);
    model.notes().forEach(note -> LOG.info("{}: {}", file, note));
    if (!model.augmentation().isEmpty()) {
      LOG.info("{}: for training it has augmentation: {}", file, model.augmentation());
    }
    return model.graph();
  }
}
