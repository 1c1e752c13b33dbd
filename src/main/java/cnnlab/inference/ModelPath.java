package cnnlab.inference;

import cnnlab.config.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The model file that the user means: a file, or the model of a run. */
public final class ModelPath {
  private static final String MODEL = "model.zip";
  private static final String MODELS = "models";
  private static final int MOST_SHOWN = 5;

  private ModelPath() {}

  /**
   * The model file at a path.
   *
   * @param path a file, or a run directory, which stands for its {@code model.zip}
   * @return the file; it may not exist, unless {@code path} is a directory
   * @throws UsageException when the run directory has no {@code model.zip}; the message lists the
   *     models that it has
   */
  public static Path of(Path path) {
    if (!isRun(path)) {
      return path;
    }
    Path model = path.resolve(MODEL);
    if (Files.isRegularFile(model)) {
      return model;
    }
    List<Path> others = models(path.resolve(MODELS));
    throw new UsageException(
        others.isEmpty()
            ? "%s: a run directory without %s; the run kept no model".formatted(path, MODEL)
            : "%s: a run directory without %s; name one of its models: %s%s"
                .formatted(
                    path,
                    MODEL,
                    others.subList(0, Math.min(MOST_SHOWN, others.size())),
                    others.size() > MOST_SHOWN ? ", …" : ""));
  }

  private static boolean isRun(Path path) {
    return Files.isDirectory(path)
        && Stream.of(MODEL, MODELS, "config.yaml", "status.json")
            .anyMatch(name -> Files.exists(path.resolve(name)));
  }

  private static List<Path> models(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".zip")).sorted().toList();
    } catch (IOException e) {
      throw new UsageException("%s: cannot be read (%s)".formatted(folder, e), e);
    }
  }
}
