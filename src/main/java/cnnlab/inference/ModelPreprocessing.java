package cnnlab.inference;

import cnnlab.augment.Preprocessing;
import cnnlab.config.ConfigLoader;
import cnnlab.config.UsageException;
import cnnlab.keras.KerasFile;
import cnnlab.run.Run;
import cnnlab.store.Json;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The fixed transforms that were applied to a model's images in training. */
public final class ModelPreprocessing {
  private static final String KEY = "preprocessing";
  private static final TypeReference<List<Object>> LIST = new TypeReference<>() {};

  private ModelPreprocessing() {}

  /**
   * The transforms that the user gives or, otherwise, those of the model's training: from the
   * {@link ModelRecord} beside the model or, for a run of an older version, from the {@code
   * config.yaml} beside it.
   *
   * @param list the list as YAML, such as {@code [{stainNormalise: {strength: 0.5}}]}; null to use
   *     the files beside the model, or no transforms if there are none
   * @throws UsageException when it is not such a list, the record belongs to another model, or
   *     {@code config.yaml} has variants with different transforms
   */
  public static Preprocessing of(String list, Path model) {
    if (list != null) {
      return parse("--" + KEY, () -> Json.yamlReader().readTree(list));
    }
    Optional<ModelRecord> record = ModelRecord.beside(model);
    if (record.isPresent()) {
      return parse(
          "the record of " + model + ": " + KEY,
          () -> Json.tree(record.get().images().preprocessing()));
    }
    Path config = model.resolveSibling(Run.CONFIG);
    return Files.isRegularFile(config)
        ? parse(config + ": " + KEY, () -> ofConfiguration(config))
        : Preprocessing.NONE;
  }

  /** The files beside a model that are read with it; no command may overwrite them. */
  public static List<Path> filesBeside(Path model) {
    return Stream.concat(
            Stream.concat(
                ModelRecord.recordBeside(model).stream(), KerasFile.companion(model).stream()),
            Stream.of(model.resolveSibling(Run.CONFIG)))
        .filter(Files::isRegularFile)
        .toList();
  }

  /** The transforms in a configuration; they must be the same in all variants. */
  private static JsonNode ofConfiguration(Path file) throws IOException {
    JsonNode config = Json.yamlReader().readTree(ConfigLoader.text(file));
    JsonNode base = config.path(KEY);
    Set<JsonNode> found = new LinkedHashSet<>();
    for (JsonNode variant : config.path("variants")) {
      JsonNode own = variant.path("set").path(KEY);
      found.add(own.isMissingNode() ? base : own);
    }
    if (found.size() > 1) {
      throw new UsageException(
          "%s: its variants differ in %s, and no record beside the model tells which variant it is. Give them with --%s ([] for none)"
              .formatted(file, KEY, KEY));
    }
    return found.isEmpty() ? base : found.iterator().next();
  }

  /** Reads a list. */
  @FunctionalInterface
  private interface Source {
    JsonNode read() throws IOException;
  }

  private static Preprocessing parse(String source, Source list) {
    try {
      JsonNode node = list.read();
      return node.isMissingNode()
          ? Preprocessing.NONE
          : Preprocessing.of(Json.reader().forType(LIST).<List<Object>>readValue(node));
    } catch (UsageException e) {
      throw e;
    } catch (IOException | IllegalArgumentException e) {
      throw new UsageException(
          "%s: %s. Expected a list of transforms, such as [{stainNormalise: {strength: 0.5}}], or [] for none"
              .formatted(source, e.getMessage()),
          e);
    }
  }
}
