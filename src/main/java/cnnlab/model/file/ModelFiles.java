package cnnlab.model.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Reads and writes DL4J's zip files of graphs. */
public final class ModelFiles {
  private ModelFiles() {}

  /**
   * Writes a graph with its parameters and the state of its optimiser.
   *
   * @throws IOException when the file cannot be written
   */
  public static void save(ComputationGraph graph, Path file) throws IOException {
    ModelSerializer.writeModel(graph, file.toFile(), true);
  }

  /**
   * Reads a graph that DL4J or {@link #save} wrote, with the state of its optimiser if present.
   *
   * <p>Files are not trusted. Only the configuration, the parameters and the optimiser's state are
   * read, by this project's own readers. Serialised objects and classes that are not on a list are
   * refused before any object is created, and sizes are checked against the configuration before
   * memory is allocated.
   *
   * @throws ModelFileException when the file cannot be read or is not such a zip; the message gives
   *     the file and the fault
   */
  public static ComputationGraph load(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ModelFileException(
          "%s: %s; expected a model zip that DL4J wrote. Check the path."
              .formatted(file, Files.exists(file) ? "is not a file" : "no such file"),
          null);
    }
    try (ModelArchive archive = ModelArchive.open(file)) {
      return read(archive);
    } catch (ModelFileException e) {
      throw new ModelFileException(file + ": " + e.getMessage(), e);
    } catch (OutOfMemoryError e) {
      throw new ModelFileException(
          "%s: the model does not fit into Java's memory (%s). Give it more: JDK_JAVA_OPTIONS=-Xmx8g"
              .formatted(file, e.getMessage()),
          e);
    } catch (IOException e) {
      throw new ModelFileException("%s: cannot be read (%s)".formatted(file, e), e);
    } catch (RuntimeException | StackOverflowError e) {
      throw new ModelFileException(
          "%s: DL4J cannot read this model (%s); expected a ComputationGraph written by DL4J 1.0.0-M2.1"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private static ComputationGraph read(ModelArchive archive) {
    ComputationGraphConfiguration configuration =
        ModelConfiguration.read(
            archive.bytes(ModelArchive.CONFIGURATION, ModelConfiguration.MOST_BYTES));
    long count = ModelConfiguration.parameters(configuration);
    DataType type = configuration.getDataType();
    if (type != DataType.FLOAT && type != DataType.DOUBLE) {
      throw ModelArchive.fault("the network computes in %s, expected FLOAT or DOUBLE", type);
    }
    ComputationGraph graph = new ComputationGraph(configuration);
    if (count == 0) {
      // For example a graph of pooling layers only: the zip then has no weights either.
      graph.init();
      return graph;
    }
    INDArray parameters = array(archive, ModelArchive.PARAMETERS, count, type);
    graph.init(parameters, false);
    if (archive.has(ModelArchive.UPDATER_STATE)) {
      INDArray state = graph.getUpdater().getStateViewArray();
      if (state == null || state.isEmpty()) {
        throw ModelArchive.fault(
            "has an entry '%s', but its optimiser has no state", ModelArchive.UPDATER_STATE);
      }
      graph
          .getUpdater()
          .setStateViewArray(array(archive, ModelArchive.UPDATER_STATE, state.length(), type));
    }
    return graph;
  }

  private static INDArray array(ModelArchive archive, String entry, long length, DataType type) {
    return archive.read(entry, in -> ParameterArray.read(in, entry, length, type));
  }
}
