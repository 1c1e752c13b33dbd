package cnnlab.keras.file;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finds the other file of a model whose architecture ({@code model.to_json()}) and weights ({@code
 * model.save_weights}) are stored apart. It is in the same folder and has the same name or a usual
 * one, or is the only one there that it can be; links are not followed.
 */
public final class Companion {
  private static final String JSON = ".json";
  private static final List<String> HDF5 = List.of(".h5", ".hdf5");

  /** Endings of names, before the suffix, that say what the file holds. */
  private static final String PART = "[._-]?(weights?|architecture|arch|config|structure|json)$";

  private static final int MOST_SHOWN = 5;

  private Companion() {}

  /** Whether a configuration is that of a Keras model. */
  public static boolean isArchitecture(JsonNode json) {
    return json.path("class_name").isTextual() && json.has("config");
  }

  /**
   * The file with the weights of an architecture.
   *
   * @throws KerasFault when none is found, or several are
   */
  public static Path weights(Path architecture) {
    return find(architecture, Companion::isHdf5)
        .orElseThrow(
            () ->
                new KerasFault(
                    "an architecture without weights, and %s. Put the weights beside it as %s.weights.h5, or save the complete model in Keras with model.save"
                        .formatted(
                            found(architecture, Companion::isHdf5, ".h5"), stem(architecture))));
  }

  /** The file with the architecture of weights; empty if none is found, or several are. */
  public static Optional<Path> architecture(Path weights) {
    return find(weights, file -> file.toString().toLowerCase(Locale.ROOT).endsWith(JSON));
  }

  private static boolean isHdf5(Path file) {
    return HDF5.stream().anyMatch(file.toString().toLowerCase(Locale.ROOT)::endsWith);
  }

  private static Optional<Path> find(Path file, Predicate<Path> kind) {
    List<Path> all = beside(file, kind);
    List<Path> same = all.stream().filter(other -> stem(other).equals(stem(file))).toList();
    if (same.size() == 1) {
      return Optional.of(same.get(0));
    }
    return all.size() == 1 ? Optional.of(all.get(0)) : Optional.empty();
  }

  /** The name without suffix and without the part that says what the file holds. */
  private static String stem(Path file) {
    return file.getFileName()
        .toString()
        .replaceFirst("(?i)\\.(json|h5|hdf5)$", "")
        .replaceFirst("(?i)(?<=.)" + PART, "");
  }

  private static List<Path> beside(Path file, Predicate<Path> kind) {
    try (Stream<Path> files = Files.list(file.toAbsolutePath().getParent())) {
      List<Path> found = new ArrayList<>();
      files
          .filter(other -> kind.test(other.getFileName()))
          .filter(other -> Files.isRegularFile(other, LinkOption.NOFOLLOW_LINKS))
          .sorted()
          .forEach(other -> found.add(file.resolveSibling(other.getFileName())));
      return found;
    } catch (IOException e) {
      throw new KerasFault("the files beside it cannot be listed (" + e + ")", e);
    }
  }

  private static String found(Path file, Predicate<Path> kind, String suffix) {
    List<Path> all = beside(file, kind);
    if (all.isEmpty()) {
      return "no %s file is beside it".formatted(suffix);
    }
    List<String> names = all.stream().map(p -> p.getFileName().toString()).toList();
    return "%s files are beside it (%s%s), none of them with its name"
        .formatted(
            names.size(),
            String.join(", ", names.subList(0, Math.min(MOST_SHOWN, names.size()))),
            names.size() > MOST_SHOWN ? ", …" : "");
  }
}
