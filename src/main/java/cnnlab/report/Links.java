package cnnlab.report;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;

/**
 * Addresses of files relative to a folder.
 *
 * @param folder where the document that names them is
 */
public record Links(Path folder) {

  /** Relative, with what addresses may not hold percent-encoded; absolute from another disk. */
  public String to(Path file) {
    Path from = folder.toAbsolutePath().normalize();
    Path target = file.toAbsolutePath().normalize();
    if (!from.getRoot().equals(target.getRoot())) {
      return target.toUri().toString();
    }
    String path = from.relativize(target).toString().replace('\\', '/');
    try {
      // "./" so that a colon in the first name does not make it a scheme.
      return new URI(null, null, "./" + path, null).toASCIIString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(path, e);
    }
  }
}
