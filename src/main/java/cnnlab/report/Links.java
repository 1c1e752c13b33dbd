package cnnlab.report;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;

/**
 * Relative links from a folder to files.
 *
 * @param folder the folder of the document that contains the links
 */
public record Links(Path folder) {

  /** A relative, percent-encoded address; absolute if the file is on another disk. */
  public String to(Path file) {
    Path from = folder.toAbsolutePath().normalize();
    Path target = file.toAbsolutePath().normalize();
    if (!from.getRoot().equals(target.getRoot())) {
      return target.toUri().toString();
    }
    String path = from.relativize(target).toString().replace('\\', '/');
    try {
      // "./", so that a colon in the first name is not taken for a scheme.
      return new URI(null, null, "./" + path, null).toASCIIString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(path, e);
    }
  }
}
