package cnnlab.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * The word that marks all that comes of a run which only tries something out: {@code QUICK} for one
 * with {@code --quick}, {@code SYNTHETIC} for one on data made by the program, both, or nothing for
 * a full run. What it stands on is never a result.
 */
public final class TrialMark {
  /** Of runs with {@code --quick}. */
  public static final String QUICK = "QUICK";

  /** Of runs on data that the program made. */
  public static final String SYNTHETIC = "SYNTHETIC";

  private TrialMark() {}

  /** Empty for a full run. */
  public static String of(boolean quick, boolean synthetic) {
    StringJoiner mark = new StringJoiner(" ");
    if (synthetic) {
      mark.add(SYNTHETIC);
    }
    if (quick) {
      mark.add(QUICK);
    }
    return mark.toString();
  }

  /**
   * What the files of a run say. Runs from before the mark was recorded are known by their command
   * line and their data.
   *
   * @param config {@code config.yaml}, or a missing node
   * @param result {@code result.json}, or a missing node
   * @param provenance {@code provenance.json}, or a missing node
   */
  public static String of(JsonNode config, JsonNode result, JsonNode provenance) {
    String recorded = result.path("trial").asText("") + " " + provenance.path("trial").asText("");
    return of(
        has(recorded, QUICK) || hasArgument(provenance, "--quick"),
        has(recorded, SYNTHETIC)
            || isSynthetic(config)
            || isSynthetic(config.path("set"))
            || has(result.path("data").asText(""), SYNTHETIC));
  }

  /**
   * What a run directory says, whatever it has by now; a file that is missing or damaged says
   * nothing.
   */
  public static String ofRun(Path run) {
    return of(
        tree(Json.yamlReader(), run.resolve("config.yaml")),
        tree(Json.reader(), run.resolve("result.json")),
        tree(Json.reader(), run.resolve("provenance.json")));
  }

  /** Of a new run, by its resolved configuration. */
  public static String ofNew(boolean quick, String configYaml) {
    JsonNode config;
    try {
      config = Json.yamlReader().readTree(configYaml);
    } catch (IOException e) {
      throw new IllegalArgumentException("a configuration that is no YAML", e);
    }
    return of(quick, isSynthetic(config) || isSynthetic(config.path("set")));
  }

  private static JsonNode tree(ObjectReader reader, Path file) {
    try {
      return Files.isRegularFile(file)
          ? reader.readTree(Files.readString(file))
          : MissingNode.getInstance();
    } catch (IOException damaged) {
      return MissingNode.getInstance();
    }
  }

  /** The mark as JSON files have it: {@code quick}, {@code synthetic quick}; null for none. */
  public static String json(String mark) {
    return mark.isEmpty() ? null : mark.toLowerCase(Locale.ROOT);
  }

  /** What the mark means, in a sentence; empty for none. */
  public static String meaning(String mark) {
    if (mark.contains(SYNTHETIC)) {
      return "Data made by the program: its scores mean nothing.";
    }
    return mark.isEmpty() ? "" : "A run cut short by --quick: its scores are no result.";
  }

  /** A title, with the mark before it where there is one. */
  public static String title(String mark, String text) {
    return mark.isEmpty() ? text : mark + ": " + text;
  }

  /**
   * Markdown with the mark on every line of words: after the signs that make a line a heading, a
   * row or a picture. Lines of pure layout and of code stay as they are.
   */
  public static String markdown(String mark, String markdown) {
    if (mark.isEmpty()) {
      return markdown;
    }
    StringBuilder out = new StringBuilder();
    boolean code = false;
    for (String line : markdown.lines().toList()) {
      boolean fence = line.startsWith("```");
      // What stands between fences is to be copied into a shell.
      out.append(code || fence ? line : marked(mark, line)).append('\n');
      code ^= fence;
    }
    return out.toString();
  }

  private static String marked(String mark, String line) {
    return line.isBlank() || line.startsWith("| --")
        ? line
        : line.replaceFirst("^(#+ |\\| |!\\[)?", "$1" + mark + " ");
  }

  /**
   * A CSV table with a last column {@code mark} that holds the mark in every row.
   *
   * @param csv without line breaks inside cells
   */
  public static String csv(String mark, String csv) {
    if (mark.isEmpty()) {
      return csv;
    }
    StringBuilder out = new StringBuilder();
    for (String line : csv.split("\n")) {
      String last = out.length() == 0 ? "mark" : mark;
      out.append(line).append(',').append(last).append('\n');
    }
    return out.toString();
  }

  private static boolean isSynthetic(JsonNode config) {
    return has(config.path("data").asText(""), SYNTHETIC);
  }

  private static boolean has(String text, String mark) {
    return text.toUpperCase(Locale.ROOT).contains(mark);
  }

  private static boolean hasArgument(JsonNode provenance, String argument) {
    for (JsonNode given : provenance.path("arguments")) {
      if (given.asText().equals(argument)) {
        return true;
      }
    }
    return false;
  }
}
