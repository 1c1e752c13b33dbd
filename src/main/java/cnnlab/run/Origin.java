package cnnlab.run;

import cnnlab.config.ConfigLoader;
import cnnlab.config.UsageException;
import cnnlab.io.Sha256;
import cnnlab.store.Json;
import cnnlab.store.Provenance;
import cnnlab.store.RunDirectory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that determines the bits of a run's trainings: the resolved configuration, the data
 * files and the program. It is kept with every finished training and every checkpoint, so that a
 * resumed run never mixes results of different origins.
 *
 * @param tree the three parts, each an object
 */
public record Origin(JsonNode tree) {
  /** Keys that change no result, only the speed or when a sweep gives up. */
  static final Set<String> FREE = Set.of("threads", "maxFailures");

  private static final String CONFIGURATION = "configuration";
  private static final String DATA = "data";
  private static final String PROGRAM = "program";
  private static final Logger LOG = LoggerFactory.getLogger(Origin.class);

  /** Manifests are in the run's folder, or one or two levels below. */
  private static final int DEPTH = 3;

  private static final int SHOWN = 3;
  private static final int WIDTH = 60;

  /**
   * The origin of a run that is about to train.
   *
   * @param config its resolved configuration
   * @param inputs the engine's settings and the checksums of the data
   * @throws IOException if a model file with initial weights cannot be read
   */
  public static Origin of(Record config, Provenance.Inputs inputs) throws IOException {
    Map<String, Object> configuration = new LinkedHashMap<>(ConfigLoader.toMap(config));
    configuration.keySet().removeAll(FREE);
    Map<String, String> data = new TreeMap<>(inputs.datasets());
    for (String model : models(Json.tree(configuration))) {
      data.put("init " + model, checksum(Path.of(model)));
    }
    Map<String, Object> program = new TreeMap<>();
    program.put("version", inputs.projectVersion());
    program.put("dl4j", inputs.dl4jVersion());
    inputs
        .engine()
        .forEach(
            (key, value) -> {
              if (key.startsWith("dl4j.")
                  || key.equals("scratch.lanes")
                  || key.contains("ernels")) {
                program.put(key, value);
              }
            });
    Map<String, Object> parts = new LinkedHashMap<>();
    parts.put(CONFIGURATION, configuration);
    parts.put(DATA, data);
    parts.put(PROGRAM, program);
    return new Origin(Json.tree(parts));
  }

  /** The values of all keys {@code init}, alone or in lists, that are files. */
  private static Set<String> models(JsonNode tree) {
    Set<String> models = new TreeSet<>();
    tree.findValues("init").stream()
        .flatMap(
            value ->
                value.isArray()
                    ? StreamSupport.stream(value.spliterator(), false)
                    : Stream.of(value))
        .filter(value -> value.isTextual() && !value.asText().isEmpty())
        .map(JsonNode::asText)
        .filter(name -> Files.isRegularFile(Path.of(name)))
        .forEach(models::add);
    return models;
  }

  private static String checksum(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Sha256.hex(in);
    }
  }

  /**
   * The differences between this origin and another, in words.
   *
   * @return such as {@code epochs was 20, is 1}; empty if they are equal
   */
  public List<String> changes(Origin now) {
    List<String> changes = new ArrayList<>();
    for (String part : List.of(CONFIGURATION, DATA, PROGRAM)) {
      String name = part.equals(CONFIGURATION) ? "" : part + " ";
      compare(name, tree.path(part), now.tree.path(part), changes);
    }
    return changes;
  }

  private static void compare(String name, JsonNode was, JsonNode is, List<String> changes) {
    if (was instanceof ObjectNode a && is instanceof ObjectNode b) {
      String prefix = name.isEmpty() || name.endsWith(" ") ? name : name + ".";
      Set<String> keys = new TreeSet<>();
      a.fieldNames().forEachRemaining(keys::add);
      b.fieldNames().forEachRemaining(keys::add);
      keys.forEach(key -> compare(prefix + key, a.path(key), b.path(key), changes));
    } else if (!was.equals(is)) {
      changes.add("%s was %s, is %s".formatted(name, show(was), show(is)));
    }
  }

  private static String show(JsonNode value) {
    String text = value.isMissingNode() ? "not there" : value.toString();
    return text.length() <= WIDTH ? text : text.substring(0, WIDTH) + "...";
  }

  /**
   * Refuses to use an object of this origin under another one.
   *
   * @param what the object of this origin, such as a file
   * @throws UsageException if the origins differ; the message names the differences and the remedy
   */
  public void require(Origin now, Path what) {
    List<String> changes = changes(now);
    if (!changes.isEmpty()) {
      String rest = changes.size() > SHOWN ? " and %s more".formatted(changes.size() - SHOWN) : "";
      throw new UsageException(
          "--resume: %s was made under other conditions: %s%s. Restore them or start a new run: results of both cannot be combined"
              .formatted(
                  what,
                  String.join("; ", changes.subList(0, Math.min(SHOWN, changes.size()))),
                  rest));
    }
  }

  /**
   * Refuses to resume a run of another origin. If the run's own record is missing or damaged, the
   * manifest of the first training found decides.
   *
   * @param record name of the run's own record
   * @throws UsageException if the run is of another origin
   */
  void requireOf(RunDirectory run, String record) throws IOException {
    Path file = run.path(record);
    try {
      if (Files.exists(file)) {
        read(file).require(this, run.directory());
        return;
      }
    } catch (IOException e) {
      LOG.warn(
          "{} is damaged ({}); the manifests of the trainings are used instead",
          file,
          e.getMessage());
      run.delete(record);
    }
    for (Path manifest : manifests(run.directory())) {
      try {
        Manifest.read(manifest).origin().require(this, manifest);
        return;
      } catch (IOException damaged) {
        LOG.debug("{} is damaged", manifest, damaged);
      }
    }
  }

  private static List<Path> manifests(Path run) throws IOException {
    try (Stream<Path> files =
        Files.find(run, DEPTH, (file, about) -> file.toString().endsWith(Manifest.ENDING))) {
      return files.sorted().toList();
    }
  }

  /** The text of a sealed file that {@link #read} reads. */
  String sealed() throws IOException {
    return SealedJson.text(Map.of("origin", tree));
  }

  /**
   * Reads an origin.
   *
   * @throws IOException if it is missing or damaged
   */
  static Origin read(Path file) throws IOException {
    return new Origin(SealedJson.read(file).path("origin"));
  }
}
