package cnnlab.run;

import cnnlab.io.Sha256;
import cnnlab.store.RunDirectory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files of a finished piece of work with their SHA-256 checksums, and the inputs they were made
 * from. It is kept as a sealed file ({@link SealedJson}).
 *
 * @param origin the inputs
 * @param files SHA-256 by file name in the run directory
 */
public record Manifest(Origin origin, Map<String, String> files) {
  /** The ending of the names of manifest files. */
  public static final String ENDING = "manifest.json";

  private static final String ORIGIN = "origin";
  private static final String FILES = "files";

  /**
   * Computes the checksums of files.
   *
   * @param files their names in the run directory
   * @param texts the contents of files that are not written yet, by name
   * @throws IOException if a file cannot be read
   */
  public static Manifest of(
      Origin origin, RunDirectory directory, List<String> files, Map<String, String> texts)
      throws IOException {
    Map<String, String> sums = new LinkedHashMap<>();
    for (String file : files) {
      String text = texts.get(file);
      sums.put(
          file,
          text == null
              ? checksum(directory.path(file))
              : Sha256.hex(text.getBytes(StandardCharsets.UTF_8)));
    }
    return new Manifest(origin, sums);
  }

  /** The text of the sealed file. */
  public String text() throws IOException {
    return SealedJson.text(Map.of(ORIGIN, origin.tree(), FILES, files));
  }

  /**
   * Reads a manifest.
   *
   * @throws IOException if it is missing or damaged
   */
  public static Manifest read(Path file) throws IOException {
    ObjectNode node = SealedJson.read(file);
    Map<String, String> files = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.path(FILES).properties()) {
      files.put(entry.getKey(), entry.getValue().asText());
    }
    return new Manifest(new Origin(node.path(ORIGIN)), files);
  }

  /**
   * Compares the files with their checksums.
   *
   * @return the first file that differs, with the reason; empty if none does
   */
  public Optional<String> damage(RunDirectory directory) {
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = directory.path(file.getKey());
      try {
        if (!Files.exists(path)) {
          return Optional.of(path + " is missing");
        }
        if (!checksum(path).equals(file.getValue())) {
          return Optional.of(
              path + " is damaged or was changed: its checksum differs from the recorded one");
        }
      } catch (IOException e) {
        return Optional.of("%s cannot be read (%s)".formatted(path, e.getMessage()));
      }
    }
    return Optional.empty();
  }

  private static String checksum(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Sha256.hex(in);
    }
  }
}
