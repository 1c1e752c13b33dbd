package cnnlab.run;

import cnnlab.io.Sha256;
import cnnlab.store.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * JSON files that carry the SHA-256 of their own content, so that a change does not go unnoticed.
 */
final class SealedJson {
  private static final String SEAL = "sha256";

  private SealedJson() {}

  /** The text of an object with its seal. */
  static String text(Map<String, ?> object) throws IOException {
    ObjectNode node = (ObjectNode) Json.tree(object);
    node.put(SEAL, seal(node));
    return Json.exact(node);
  }

  /**
   * Reads such a file.
   *
   * @return the object without its seal
   * @throws IOException when there is none, or it is damaged; says so without the file's name
   */
  static ObjectNode read(Path file) throws IOException {
    if (Json.parse(text(file)) instanceof ObjectNode node) {
      JsonNode seal = node.remove(SEAL);
      if (seal != null && seal.asText().equals(seal(node))) {
        return node;
      }
    }
    throw new IOException("its content is not what was written");
  }

  private static String text(Path file) throws IOException {
    // Not readString, whose error for a changed byte is "Input length = 1".
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  private static String seal(JsonNode node) {
    return Sha256.hex(node.toString().getBytes(StandardCharsets.UTF_8));
  }
}
