package cnnlab.model.file;

import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Reads the directory of an untrusted zip file with a model. */
public final class ZipEntries {
  private static final Pattern OUTSIDE =
      Pattern.compile("[/\\\\].*|[A-Za-z]:.*|(.*[/\\\\])?\\.\\.([/\\\\].*)?", Pattern.DOTALL);

  private ZipEntries() {}

  /**
   * Lists the entries and checks their names; unpacks nothing.
   *
   * @param most upper limit on their number
   * @param fault creates the exception that is thrown when there are more, or when an entry occurs
   *     twice or has a path that leads out of the archive
   * @return the entries by name, in their order
   */
  public static Map<String, ZipEntry> of(
      ZipFile zip, int most, Function<String, ? extends RuntimeException> fault) {
    if (zip.size() > most) {
      throw fault.apply(
          "a zip of %s entries; expected a model, which has three".formatted(zip.size()));
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
        throw fault.apply("entry '%s' occurs twice; save the model again".formatted(name));
      }
    }
    return entries;
  }
}
