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

/** JSON files that contain the SHA-256 of their own content, so that changes are noticed. */
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
   * Reads a sealed file.
   *
   * @return the object without its seal
   * @throws IOException if it is missing or damaged; the message does not name the file
   */
  static ObjectNode read(Path file) throws IOException {
    if (Json.parse(text(file)) instanceof ObjectNode node) {
      JsonNode seal = node.remove(SEAL);
      if (seal != null && seal.asText().equals(seal(node))) {
        return node;
      }
    }
    throw new IOException("its content does not match its checksum");
  }

  private static String text(Path file) throws IOException {
    // Not Files.readString, whose message for a byte that is not UTF-8 is "Input length = 1".
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  private static String seal(JsonNode node) {
    return Sha256.hex(node.toString().getBytes(StandardCharsets.UTF_8));
  }
}
