package cnnlab.inference;

import cnnlab.config.UsageException;
import cnnlab.data.file.NpyArray;
import cnnlab.data.file.NpyFile;
import cnnlab.data.file.NpzFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An array that the user gives for an input or expects of an output.
 *
 * @param what where it is, for messages
 * @param array its values
 */
public record NamedArray(String what, NpyArray array) {
  /** How several are given, for help texts. */
  public static final String HELP =
      "of models with several give one for each, in their order or as NAME=FILE, or one .npz file with their names";

  private static final String NPZ = ".npz";
  private static final String UNNAMED = "arr_";

  /** The files that an option may name: the whole text, and what stands behind a name. */
  public static List<Path> files(List<String> given) {
    return given.stream()
        .flatMap(
            text ->
                text.indexOf('=') < 0
                    ? Stream.of(text)
                    : Stream.of(text, text.substring(text.indexOf('=') + 1)))
        .map(Path::of)
        .toList();
  }

  /** Whether all files are {@code .npz} or {@code .npy}. */
  public static boolean areArrays(List<String> given) {
    return given.stream()
        .map(text -> text.toLowerCase(Locale.ROOT))
        .allMatch(text -> text.endsWith(".npy") || text.endsWith(NPZ));
  }

  /**
   * Reads the arrays for all inputs or outputs.
   *
   * @param option the option that names the files, for messages
   * @param given for each {@code FILE} in their order or {@code NAME=FILE}; or one {@code .npz}
   * @param names the names of the inputs or outputs
   * @param owner what has them, such as {@code "the inputs of m.keras"}, for messages
   * @return one for each name
   * @throws UsageException when there are others than these
   * @throws cnnlab.data.file.DataException when a file cannot be read
   */
  public static List<NamedArray> read(
      String option, List<String> given, List<String> names, String owner) {
    String wanted = names.size() == 1 ? "one file" : "%s: %s".formatted(owner, names);
    if (given.size() == 1 && given.get(0).toLowerCase(Locale.ROOT).endsWith(NPZ)) {
      return archive(option, Path.of(given.get(0)), names, owner);
    }
    Map<String, String> byName = new LinkedHashMap<>();
    List<String> plain = new ArrayList<>();
    for (String text : given) {
      int at = names.size() == 1 ? -1 : text.indexOf('=');
      if (at < 0) {
        plain.add(text);
        continue;
      }
      String name = text.substring(0, at);
      if (!names.contains(name)) {
        throw new UsageException(
            "%s %s: there is no '%s' among %s: %s".formatted(option, text, name, owner, names));
      }
      if (byName.put(name, text.substring(at + 1)) != null) {
        throw new UsageException("%s: '%s' is given twice; give it once".formatted(option, name));
      }
    }
    if (!plain.isEmpty() && !byName.isEmpty()) {
      throw new UsageException(
          "%s: %s has no name, others have; give all as NAME=FILE, or none"
              .formatted(option, plain));
    }
    int count = plain.size() + byName.size();
    if (count != names.size()) {
      throw new UsageException(
          "%s: %s found, expected %s%s"
              .formatted(
                  option,
                  count == 1 ? "one file" : count + " files",
                  wanted,
                  names.size() == 1
                      ? ", because there is one in " + owner
                      : "; give one file for each: "
                          + names.stream()
                              .map(name -> "%s %s=FILE".formatted(option, name))
                              .collect(Collectors.joining(" "))));
    }
    List<NamedArray> arrays = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      Path file = Path.of(byName.isEmpty() ? plain.get(i) : byName.get(names.get(i)));
      arrays.add(new NamedArray(file.toString(), NpyFile.read(file)));
    }
    return arrays;
  }

  private static List<NamedArray> archive(
      String option, Path file, List<String> names, String owner) {
    Map<String, NpyArray> arrays = NpzFile.read(file);
    List<String> keys = new ArrayList<>(names);
    if (!arrays.isEmpty() && arrays.keySet().stream().allMatch(key -> key.startsWith(UNNAMED))) {
      // np.savez without names; arr_10 comes after arr_9.
      keys.clear();
      for (int i = 0; i < names.size(); i++) {
        keys.add(UNNAMED + i);
      }
    }
    if (arrays.size() != names.size() || !arrays.keySet().containsAll(keys)) {
      throw new UsageException(
          "%s: %s has the arrays %s; expected %s: %s"
              .formatted(option, file, arrays.keySet(), owner, names));
    }
    return keys.stream().map(key -> new NamedArray(file + ":" + key, arrays.get(key))).toList();
  }

  /**
   * Requires that all have the same number of examples.
   *
   * @throws UsageException when two differ
   */
  static int count(List<NamedArray> arrays) {
    NamedArray first = arrays.get(0);
    for (NamedArray other : arrays) {
      if (other.examples() != first.examples()) {
        throw new UsageException(
            "%s has %s examples (shape %s), %s has %s (shape %s); all inputs must have the same number"
                .formatted(
                    first.what,
                    first.examples(),
                    Arrays.toString(first.array.shape()),
                    other.what,
                    other.examples(),
                    Arrays.toString(other.array.shape())));
      }
    }
    return first.examples();
  }

  private int examples() {
    return array.shape().length == 0 ? 0 : array.shape()[0];
  }
}
