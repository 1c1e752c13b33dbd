package cnnlab.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;

/** DL4J's zip files of graphs. */
public final class ModelFiles {
  private static final String CONFIGURATION = "configuration.json";
  private static final String PARAMETERS = "coefficients.bin";

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
   * Reads a graph that DL4J (or {@link #save}) wrote.
   *
   * @throws ModelFileException when the file cannot be read or is not such a zip; names the file
   *     and what is wrong
   */
  public static ComputationGraph load(Path file) {
    requireModel(file);
    try {
      return ModelSerializer.restoreComputationGraph(file.toFile(), true);
    } catch (IOException | RuntimeException e) {
      throw new ModelFileException(
          "%s: DL4J cannot read this model (%s); expected a ComputationGraph written by DL4J 1.0.0-M2.1"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  /** DL4J's own messages for these faults name neither the file nor the fault. */
  private static void requireModel(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ModelFileException(
          "%s: %s; expected a model zip that DL4J wrote. Check the path."
              .formatted(file, Files.exists(file) ? "is not a file" : "no such file"),
          null);
    }
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (String entry : new String[] {CONFIGURATION, PARAMETERS}) {
        if (zip.getEntry(entry) == null) {
          throw new ModelFileException(
              "%s: has no entry '%s'; expected a model zip that DL4J wrote".formatted(file, entry),
              null);
        }
      }
    } catch (ZipException e) {
      throw new ModelFileException(
          "%s: not a zip file, or a truncated one (%s); expected a model zip that DL4J wrote"
              .formatted(file, e.getMessage()),
          e);
    } catch (IOException e) {
      throw new ModelFileException("%s: cannot be read (%s)".formatted(file, e), e);
    }
  }
}
