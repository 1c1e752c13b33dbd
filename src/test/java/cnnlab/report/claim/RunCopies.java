package cnnlab.report.claim;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Copies of recorded runs that tests may change. */
public final class RunCopies {
  public static final Path HOME = Path.of("").toAbsolutePath();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path RECORDED = HOME.resolve("results/reference");

  private RunCopies() {}

  /** Copies a recorded run, all files except the model, into a folder of that name. */
  public static Path copy(String run, Path folder) throws IOException {
    Files.createDirectories(folder);
    try (Stream<Path> files = Files.list(RECORDED.resolve(run))) {
      for (Path file :
          files.filter(f -> Files.isRegularFile(f) && !f.endsWith("model.zip")).toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    return folder;
  }

  /** Changes a JSON file of a run. */
  public static void change(Path run, String file, Consumer<ObjectNode> change) throws IOException {
    ObjectNode node = (ObjectNode) JSON.readTree(run.resolve(file).toFile());
    change.accept(node);
    JSON.writeValue(run.resolve(file).toFile(), node);
  }
}
