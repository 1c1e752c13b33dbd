package cnnlab.run.history;

import cnnlab.store.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Reads the files that all run directories have. A missing file is read as empty. */
public final class RunFiles {

  private RunFiles() {}

  /** The resolved configuration, {@code config.yaml}. */
  public static JsonNode config(Path run) throws IOException {
    return read(run.resolve("config.yaml"), Json.yamlReader());
  }

  /** The result, {@code result.json}. */
  public static JsonNode result(Path run) throws IOException {
    return read(run.resolve("result.json"), Json.reader());
  }

  /** The provenance, {@code provenance.json}. */
  public static JsonNode provenance(Path run) throws IOException {
    return read(run.resolve("provenance.json"), Json.reader());
  }

  /** The rows of a CSV file, each as a map from column to cell. */
  public static List<Map<String, String>> rows(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return List.of();
    }
    CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
    try (CSVParser parser = CSVParser.parse(Files.readString(file), format)) {
      return parser.stream().map(CSVRecord::toMap).toList();
    }
  }

  private static JsonNode read(Path file, ObjectReader reader) throws IOException {
    if (!Files.isRegularFile(file)) {
      return MissingNode.getInstance();
    }
    try {
      JsonNode node = reader.readTree(Files.readString(file));
      return node == null ? MissingNode.getInstance() : node;
    } catch (IOException e) {
      throw new IOException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * The values of a tree by dotted keys, in its order: {@code optimizer.learningRate}. An element
   * of a list is denoted by its name if it has one, else by its number from 0: {@code
   * variants[none].set}, {@code augmentation[0].rotate.degrees}. Empty sections and lists count as
   * values.
   */
  public static Map<String, JsonNode> leaves(JsonNode tree) {
    Map<String, JsonNode> leaves = new LinkedHashMap<>();
    add("", tree, leaves);
    return leaves;
  }

  private static void add(String key, JsonNode node, Map<String, JsonNode> leaves) {
    if (node.isObject() && !node.isEmpty()) {
      String prefix = key.isEmpty() ? "" : key + ".";
      node.properties().forEach(f -> add(prefix + f.getKey(), f.getValue(), leaves));
    } else if (node.isArray() && !node.isEmpty()) {
      for (int i = 0; i < node.size(); i++) {
        add("%s[%s]".formatted(key, node.get(i).path("name").asText("" + i)), node.get(i), leaves);
      }
    } else if (!node.isMissingNode()) {
      leaves.put(key, node);
    }
  }
}
