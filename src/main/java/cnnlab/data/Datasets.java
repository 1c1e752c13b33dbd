package cnnlab.data;

import cnnlab.data.file.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The places that are searched for data sets. A data set is a folder with at least one data file.
 * The first place with a folder of its name is used, so a place that has only PatchCamelyon does
 * not hide the embedded MNIST. Files named README... or SOURCE.txt, with a leading dot, or still
 * being written (.part, .tmp) are not data files.
 *
 * @param places the places, in the order in which they are searched
 */
public record Datasets(List<Place> places) {
  /** The environment variable that names a place. */
  public static final String VARIABLE = "CNNLAB_DATASETS";

  private static final Logger LOG = LoggerFactory.getLogger(Datasets.class);
  private static final String FOLDER = "datasets";
  private static final String GZ = ".gz";

  /** Descriptions of the data, and files that are still being written. */
  private static final String NO_DATA =
      "(?i)(readme.*|source\\.txt|\\..*|.*\\.(part|part\\.etag|tmp))";

  /**
   * A data set that the project knows.
   *
   * @param embedded whether it comes with the project, so that its absence is an error
   * @param sha256 the SHA-256 of its files: for names ending in .gz that of the file itself,
   *     otherwise that of the decompressed content
   * @param bytes lengths of the decompressed content, by the names without .gz of {@code sha256}
   */
  public record Known(
      String name,
      String description,
      boolean embedded,
      Map<String, String> sha256,
      Map<String, Long> bytes) {}

  /**
   * A place to search.
   *
   * @param origin where it was specified, such as {@code "--datasets"}
   * @param path the folder whose sub-folders are data sets; it need not exist
   */
  public record Place(String origin, Path path) {}

  /**
   * A line of {@code cnnlab datasets list}.
   *
   * @param name name of the data set and of its folder
   * @param description one line about it
   * @param folder the folder where it was found, or null
   * @param files number of its data files, 0 when not found
   * @param bytes their total size
   */
  public record Entry(String name, String description, Path folder, int files, long bytes) {
    public boolean found() {
      return folder != null;
    }
  }

  /**
   * @param places the places, in the order in which they are searched; copied
   */
  public Datasets {
    places = List.copyOf(places);
  }

  /**
   * The places in the order in which they are searched: the option, the environment variable
   * {@value #VARIABLE}, {@code datasets/} in CNN Lab's folder, and {@code datasets/} of the nearest
   * folder above that has {@code datasets/mnist}. Nothing is read yet. A folder that the option or
   * the variable names but that does not exist is skipped with a warning.
   *
   * @param option the value of {@code --datasets}, or null
   * @param env the environment
   * @param workingDir the folder that relative paths refer to
   * @param home CNN Lab's folder
   */
  public static Datasets locate(Path option, Map<String, String> env, Path workingDir, Path home) {
    Path base = workingDir.toAbsolutePath();
    Path own = home.toAbsolutePath().normalize();
    Map<Path, Place> places = new LinkedHashMap<>();
    if (option != null) {
      add(places, "--datasets", base.resolve(option));
    }
    String variable = env.getOrDefault(VARIABLE, "");
    if (!variable.isBlank()) {
      add(places, VARIABLE, base.resolve(variable.strip()));
    }
    places.values().stream()
        .filter(place -> !Files.isDirectory(place.path))
        .forEach(place -> LOG.warn("{} {}: no such folder", place.origin, place.path));
    add(places, "CNN Lab's folder", own.resolve(FOLDER));
    for (Path above = own; above != null; above = above.getParent()) {
      if (Files.isDirectory(above.resolve(FOLDER).resolve(Mnist.NAME))) {
        add(places, "a folder above", above.resolve(FOLDER));
        break;
      }
    }
    return new Datasets(new ArrayList<>(places.values()));
  }

  private static void add(Map<Path, Place> places, String origin, Path path) {
    Path normal = path.normalize();
    places.putIfAbsent(normal, new Place(origin, normal));
  }

  /**
   * The folder of a data set.
   *
   * @param dataset its name, such as {@code "mnist"}
   * @return the sub-folder of the first place that has it
   * @throws DataException when no place has it; the message lists all places searched
   */
  public Path folder(String dataset) {
    return find(dataset)
        .orElseThrow(
            () -> notFound(dataset, "The command `datasets list` shows the known data sets."));
  }

  private DataException notFound(String dataset, String known) {
    return new DataException(
        "data set \"%s\": not found. Searched for a folder of this name with files in it in:%n%s%n"
                .formatted(dataset, lines(dataset))
            + "Put it into one of them, or give the folder that contains it: --datasets DIR, or the"
            + " environment variable %s. %s".formatted(VARIABLE, known));
  }

  private String lines(String dataset) {
    return places.stream()
        .map(
            place ->
                "  %s (%s%s)"
                    .formatted(
                        place.path.resolve(dataset),
                        place.origin,
                        Files.isDirectory(place.path) ? "" : ": no such folder"))
        .collect(Collectors.joining(System.lineSeparator()));
  }

  /**
   * The folder of a data set that may have several names.
   *
   * @param names the names; if a place has several of them, the earliest is used
   * @return the sub-folder of the first place that has one of them
   */
  public Optional<Path> find(String... names) {
    return places.stream()
        .flatMap(place -> Arrays.stream(names).map(place.path::resolve))
        .filter(folder -> !files(folder).isEmpty())
        .findFirst();
  }

  /**
   * The destination of a data set that is fetched or prepared: the place that is searched first.
   */
  public Path destination(String dataset) {
    return places.get(0).path.resolve(dataset);
  }

  /** All places in one line, for messages. */
  public String describePlaces() {
    return places.stream()
        .map(place -> "%s (%s)".formatted(place.path, place.origin))
        .collect(Collectors.joining(", "));
  }

  /**
   * Known data sets, found or not.
   *
   * @param known the data sets to look for
   * @throws DataException when a folder cannot be read
   */
  public List<Entry> list(List<Known> known) {
    return known.stream()
        .map(
            one -> {
              Path folder = find(one.name).orElse(null);
              Map<String, Path> files = folder == null ? Map.of() : files(folder);
              long bytes = files.values().stream().mapToLong(DatasetCheck::size).sum();
              return new Entry(one.name, one.description, folder, files.size(), bytes);
            })
        .toList();
  }

  /**
   * Checks a data set's files, in the order of their names. Missing files also get rows, as do
   * those of an embedded data set that is not found at all.
   *
   * @param dataset its name
   * @param all the known data sets; for others no checksums are known
   * @throws DataException when the data set is neither found nor embedded
   */
  public List<DatasetCheck> verify(String dataset, List<Known> all) {
    Optional<Known> known = all.stream().filter(k -> k.name.equals(dataset)).findFirst();
    Map<String, String> expected = known.map(Known::sha256).orElse(Map.of());
    Map<String, Long> lengths = known.map(Known::bytes).orElse(Map.of());
    boolean embedded = known.map(Known::embedded).orElse(false);
    // If the data set is not found, its files are reported missing where a user would put them.
    Path folder =
        embedded && find(dataset).isEmpty()
            ? places.get(places.size() - 1).path.resolve(dataset)
            : find(dataset)
                .orElseThrow(
                    () ->
                        notFound(
                            dataset,
                            "Known data sets: %s."
                                .formatted(
                                    all.stream()
                                        .map(Known::name)
                                        .collect(Collectors.joining(", ")))));
    Map<String, DatasetCheck> checks = new TreeMap<>();
    files(folder)
        .forEach(
            (name, file) ->
                checks.put(name, DatasetCheck.of(dataset, name, file, expected, lengths)));
    expected.forEach(
        (name, sum) -> {
          String compressed = DatasetCheck.raw(name) + GZ;
          if (!checks.containsKey(DatasetCheck.raw(name)) && !checks.containsKey(compressed)) {
            Path file = folder.resolve(compressed);
            checks.put(compressed, DatasetCheck.missing(dataset, file, sum));
          }
        });
    return List.copyOf(checks.values());
  }

  /** Checks all known data sets that are found or embedded. */
  public List<DatasetCheck> verifyAll(List<Known> all) {
    return all.stream()
        .filter(known -> known.embedded || find(known.name).isPresent())
        .flatMap(known -> verify(known.name, all).stream())
        .toList();
  }

  /** The data files below a folder, by their path relative to it; none if it does not exist. */
  private static Map<String, Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Map.of();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      Map<String, Path> files = new TreeMap<>();
      all.filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().matches(NO_DATA))
          .forEach(file -> files.put(folder.relativize(file).toString(), file));
      return files;
    } catch (IOException | UncheckedIOException e) {
      throw new DataException(
          "%s: cannot be read (%s). Is the folder readable?".formatted(folder, e), e);
    }
  }
}
