package cnnlab.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
   * @throws IllegalArgumentException when the file is not such a zip; names the file and what is
   *     wrong
   */
  public static ComputationGraph load(Path file) {
    try {
      requireModel(file);
      return ModelSerializer.restoreComputationGraph(file.toFile(), true);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(file + ": there is no such file", e);
    } catch (ZipException e) {
      throw new IllegalArgumentException(
          "%s: not a zip file (%s); expected a model that DL4J wrote"
              .formatted(file, e.getMessage()),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    } catch (RuntimeException e) {
      if (e instanceof IllegalArgumentException
          && String.valueOf(e.getMessage()).startsWith(file.toString())) {
        throw e;
      }
      throw new IllegalArgumentException(
          "%s: DL4J cannot read this model (%s); expected a ComputationGraph written by DL4J 1.0.0-M2.1"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private static void requireModel(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(file + ": is not a file; expected a model zip");
    }
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (String entry : new String[] {CONFIGURATION, PARAMETERS}) {
        if (zip.getEntry(entry) == null) {
          throw new IllegalArgumentException(
              "%s: has no entry '%s'; expected a model that DL4J wrote".formatted(file, entry));
        }
      }
    }
  }
}
