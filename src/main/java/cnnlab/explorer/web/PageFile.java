package cnnlab.explorer.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * A file of the page. There are only these, so no path leads anywhere else.
 *
 * @param type its media type
 * @param content its bytes
 */
record PageFile(String type, byte[] content) {
  private static final String INDEX = "index.html";
  private static final Map<String, String> TYPES =
      Map.of(
          INDEX,
          "text/html; charset=utf-8",
          "explorer.css",
          "text/css; charset=utf-8",
          "explorer.js",
          "text/javascript; charset=utf-8");

  /** The file of a path below the token; empty if there is none. */
  static Optional<PageFile> of(String path) {
    String name = path.isEmpty() ? INDEX : path;
    String type = TYPES.get(name);
    return type == null ? Optional.empty() : Optional.of(new PageFile(type, read(name)));
  }

  private static byte[] read(String name) {
    try (InputStream in = PageFile.class.getResourceAsStream("/cnnlab/explorer/" + name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not part of this build");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The content as text. */
  String text() {
    return new String(content, StandardCharsets.UTF_8);
  }
}
