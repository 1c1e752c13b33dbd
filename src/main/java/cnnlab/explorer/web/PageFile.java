package cnnlab.explorer.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A file of the page. There are only these, so no path leads anywhere else.
 *
 * @param type its media type
 * @param content its bytes
 */
record PageFile(String type, byte[] content) {
  private static final String INDEX = "index.html";
  private static final String STYLE = "explorer.css";

  /** The scripts in the order in which they are read; they share one scope. */
  static final List<String> SCRIPTS =
      List.of(
          "ask.js",
          "examine.js",
          "layers.js",
          "story.js",
          "drawing.js",
          "training.js",
          "models.js");

  /** The file of a path below the token; empty if there is none. */
  static Optional<PageFile> of(String path) {
    String name = path.isEmpty() ? INDEX : path;
    return type(name).map(type -> new PageFile(type + "; charset=utf-8", read(name)));
  }

  private static Optional<String> type(String name) {
    if (name.equals(INDEX)) {
      return Optional.of("text/html");
    }
    if (name.equals(STYLE)) {
      return Optional.of("text/css");
    }
    return SCRIPTS.contains(name) ? Optional.of("text/javascript") : Optional.empty();
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
