package cnnlab.report;

import cnnlab.store.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The configuration that an experiment has: its file in {@code experiments/} over that of its task,
 * which names every key. A run with other values, such as {@code --set epochs=1}, is another
 * experiment, whatever its name, and answers no claim.
 */
public final class ExperimentDesign {
  private static final String FOLDER = "experiments";

  /** Has no file. */
  private static final Map<String, String> WITHOUT_FILE = Map.of("parity", "{steps: 100}");

  /**
   * Keys that may differ: they name the run, choose the draws and how many (the width of an
   * interval speaks of that), or how it is computed; or ask for more to be reported beside the
   * result.
   */
  private static final Set<String> FREE =
      Set.of(
          "experiment",
          "seed",
          "repetitions",
          "threads",
          "engine",
          "kernels",
          "dl4j",
          "claims",
          "testTimeShift",
          "testTimeSymmetries",
          "testTimeNormalisation");

  private ExperimentDesign() {}

  /**
   * Where a run's configuration is not its experiment's.
   *
   * @param kind of the run
   * @param experiment its name
   * @param config its {@code config.yaml}; what it does not name is taken to be right, since older
   *     runs lack younger keys
   * @param home the project's folder
   * @return such as {@code epochs 1 instead of 200}; empty where there is nothing to compare
   */
  public static List<String> deviations(
      RunKind kind, String experiment, JsonNode config, Path home) {
    List<String> found = new ArrayList<>();
    if (config.isObject()) {
      of(kind, experiment, home).ifPresent(design -> compare("", design, config, found));
    }
    return found;
  }

  private static Optional<JsonNode> of(RunKind kind, String experiment, Path home) {
    if (WITHOUT_FILE.containsKey(experiment)) {
      return Optional.of(read(WITHOUT_FILE.get(experiment)));
    }
    String base =
        switch (kind) {
          case TASK1 -> "task1";
          case TASK2 -> "task2-report";
          case TASK3 -> "task3-report";
          default -> "";
        };
    if (base.isEmpty() || !experiment.matches("[A-Za-z0-9_-]+")) {
      return Optional.empty();
    }
    Optional<JsonNode> own = file(home, experiment);
    return own.flatMap(file -> file(home, base).map(all -> merged(all, file)));
  }

  private static Optional<JsonNode> file(Path home, String experiment) {
    Path file = home.resolve(FOLDER).resolve(experiment + ".yaml");
    try {
      return Files.isRegularFile(file)
          ? Optional.of(read(Files.readString(file))).filter(JsonNode::isObject)
          : Optional.empty();
    } catch (IOException notReadable) {
      return Optional.empty();
    }
  }

  private static JsonNode read(String yaml) {
    try {
      return Json.yamlReader().readTree(yaml);
    } catch (JsonProcessingException notYaml) {
      return MissingNode.getInstance();
    }
  }

  /** Sections key by key; lists as a whole. */
  private static JsonNode merged(JsonNode below, JsonNode above) {
    if (!below.isObject() || !above.isObject()) {
      return above;
    }
    ObjectNode all = below.deepCopy();
    above
        .properties()
        .forEach(e -> all.set(e.getKey(), merged(all.path(e.getKey()), e.getValue())));
    return all;
  }

  private static void compare(String prefix, JsonNode design, JsonNode run, List<String> found) {
    for (Map.Entry<String, JsonNode> entry : design.properties()) {
      String key = prefix + entry.getKey();
      JsonNode expected = entry.getValue();
      JsonNode actual = run.path(entry.getKey());
      if (FREE.contains(key) || actual.isMissingNode()) {
        continue;
      }
      if (expected.isObject() && actual.isObject()) {
        compare(key + ".", expected, actual, found);
      } else if (!same(expected, actual)) {
        found.add(
            expected.isValueNode() && actual.isValueNode()
                ? "%s %s instead of %s".formatted(key, actual.asText(), expected.asText())
                : key + " differs");
      }
    }
  }

  /** Whether two values are the same, whatever their notation: 0 and 0.0, [a] and ["a"]. */
  private static boolean same(JsonNode a, JsonNode b) {
    if (a.isArray() && b.isArray() || a.isObject() && b.isObject()) {
      if (a.size() != b.size()) {
        return false;
      }
      if (a.isObject()) {
        return a.properties().stream().allMatch(e -> same(e.getValue(), b.path(e.getKey())));
      }
      Iterator<JsonNode> other = b.elements();
      for (JsonNode element : a) {
        if (!same(element, other.next())) {
          return false;
        }
      }
      return true;
    }
    Double number = number(a);
    return number != null && number(b) != null
        ? number.equals(number(b))
        : a.asText().equalsIgnoreCase(b.asText());
  }

  /** YAML 1.1 takes 1e-7 for a word; the loader of configurations takes it for a number. */
  private static Double number(JsonNode node) {
    try {
      return node.isNumber() || node.isTextual() ? Double.valueOf(node.asText()) : null;
    } catch (NumberFormatException word) {
      return null;
    }
  }
}
