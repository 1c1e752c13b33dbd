package cnnlab.run.history;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Two runs side by side.
 *
 * @param a one run
 * @param b the other
 * @param settings keys of their configurations
 * @param metrics numbers of their results
 */
public record RunDiff(RunSummary a, RunSummary b, List<Setting> settings, List<Metric> metrics) {

  /**
   * A key of the configurations.
   *
   * @param key the dotted key
   * @param a its value in one run, null if the run has no such key
   * @param b its value in the other
   */
  public record Setting(String key, String a, String b) {}

  /**
   * A number of the results.
   *
   * @param name the dotted key
   * @param a its value in one run, null if there is none
   * @param b its value in the other
   * @param difference b − a, null if one is missing
   */
  public record Metric(String name, Double a, Double b, Double difference) {}

  /**
   * Compares two run directories. Lists of numbers, such as the accuracies of all repetitions, are
   * left out of the metrics, which include their means and intervals.
   *
   * @param all whether to keep keys with the same value in both runs
   * @throws IOException if a file cannot be read
   */
  public static RunDiff of(Path a, Path b, boolean all, Instant now) throws IOException {
    Map<String, JsonNode> configA = RunFiles.leaves(RunFiles.config(a));
    Map<String, JsonNode> configB = RunFiles.leaves(RunFiles.config(b));
    List<Setting> settings = new ArrayList<>();
    for (String key : union(configA, configB)) {
      Setting s = new Setting(key, text(configA.get(key)), text(configB.get(key)));
      if (all || !Objects.equals(s.a, s.b)) {
        settings.add(s);
      }
    }
    Map<String, JsonNode> resultA = RunFiles.leaves(RunFiles.result(a));
    Map<String, JsonNode> resultB = RunFiles.leaves(RunFiles.result(b));
    List<Metric> metrics = new ArrayList<>();
    for (String key : union(resultA, resultB)) {
      Double x = number(resultA.get(key));
      Double y = number(resultB.get(key));
      if (!key.endsWith("]") && !key.equals("seed") && (x != null || y != null)) {
        metrics.add(new Metric(key, x, y, x == null || y == null ? null : (Double) (y - x)));
      }
    }
    return new RunDiff(RunSummary.read(a, now), RunSummary.read(b, now), settings, metrics);
  }

  private static Set<String> union(Map<String, JsonNode> a, Map<String, JsonNode> b) {
    Set<String> keys = new LinkedHashSet<>(a.keySet());
    keys.addAll(b.keySet());
    return keys;
  }

  private static String text(JsonNode value) {
    return value == null ? null : value.isTextual() ? value.textValue() : value.toString();
  }

  private static Double number(JsonNode value) {
    return value == null || !value.isNumber() ? null : (Double) value.doubleValue();
  }
}
