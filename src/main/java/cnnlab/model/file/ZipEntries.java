package cnnlab.model.file;

import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The entries of a model file that is a zip, and that is not trusted. */
public final class ZipEntries {
  private static final Pattern OUTSIDE =
      Pattern.compile("[/\\\\].*|[A-Za-z]:.*|(.*[/\\\\])?\\.\\.([/\\\\].*)?", Pattern.DOTALL);

  private ZipEntries() {}

  /**
   * Looks at their names; unpacks nothing.
   *
   * @param most entries that there may be
   * @param fault makes what is thrown when there are more, one is there twice, or has a path that
   *     leads out of the archive
   * @return in their order, by name
   */
  public static Map<String, ZipEntry> of(
      ZipFile zip, int most, Function<String, ? extends RuntimeException> fault) {
    if (zip.size() > most) {
      throw fault.apply(
          "a zip of %s entries; expected a model's, which has three".formatted(zip.size()));
    }
    Map<String, ZipEntry> entries = new LinkedHashMap<>();
    for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
      ZipEntry entry = all.nextElement();
      String name = entry.getName();
      if (OUTSIDE.matcher(name).matches()) {
        throw fault.apply(
            "entry '%s' has an absolute or parent path, which no model file has; do not trust this file"
                .formatted(name));
      }
      if (entries.put(name, entry) != null) {
        throw fault.apply("entry '%s' is there twice; save the model again".formatted(name));
      }
    }
    return entries;
  }
}
