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
 * The intended configuration of an experiment: its file in {@code experiments/}, which overrides
 * the file of its task, which contains every key. A run with other values, such as {@code --set
 * epochs=1}, is another experiment, whatever its name, and is not evidence for any claim.
 */
public final class ExperimentDesign {
  private static final String FOLDER = "experiments";

  /** Experiments without a file, with their configurations. */
  private static final Map<String, String> WITHOUT_FILE = Map.of("parity", "{steps: 100}");

  /**
   * Keys that may differ: they name the run, select the draws and their number (which the width of
   * the intervals reflects), determine how the run is computed, or request additional results.
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
          "keepWeightsEvery",
          "testTimeShift",
          "testTimeSymmetries",
          "testTimeNormalisation");

  private ExperimentDesign() {}

  /**
   * The differences between a run's configuration and that of its experiment.
   *
   * @param kind the kind of the run
   * @param experiment the experiment's name
   * @param config the run's {@code config.yaml}; keys that it lacks count as equal, because older
   *     runs lack newer keys
   * @param home the project's folder
   * @return texts such as {@code epochs 1 instead of 200}; empty if there is nothing to compare
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

  /** Merges two configurations: sections key by key, lists as a whole. */
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

  /** Whether two values are equal, regardless of notation: 0 and 0.0, [a] and ["a"]. */
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

  /** YAML 1.1 reads 1e-7 as a string; the configuration loader reads it as a number. */
  private static Double number(JsonNode node) {
    try {
      return node.isNumber() || node.isTextual() ? Double.valueOf(node.asText()) : null;
    } catch (NumberFormatException word) {
      return null;
    }
  }
}
