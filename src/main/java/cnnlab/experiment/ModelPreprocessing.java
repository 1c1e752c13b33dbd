package cnnlab.experiment;

import cnnlab.augment.Preprocessing;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The fixed transforms that a model's images had when it was trained. */
final class ModelPreprocessing {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final String KEY = "preprocessing";
  private static final TypeReference<List<Object>> LIST = new TypeReference<>() {};

  private ModelPreprocessing() {}

  /**
   * What a user asks for, or what the run that made the model had.
   *
   * @param list the list as YAML, such as {@code [{stainNormalise: {strength: 0.5}}]}; null for
   *     what {@code config.yaml} beside the model says, and nothing where there is no such file
   * @throws UsageException when it is no such list
   */
  static Preprocessing of(String list, Path model) {
    Path config = model.resolveSibling("config.yaml");
    if (list == null && !Files.isRegularFile(config)) {
      return Preprocessing.NONE;
    }
    String source = list == null ? config + ": " + KEY : "--" + KEY;
    try {
      JsonNode node =
          list == null ? YAML.readTree(ConfigLoader.text(config)).path(KEY) : YAML.readTree(list);
      return node.isMissingNode()
          ? Preprocessing.NONE
          : Preprocessing.of(YAML.convertValue(node, LIST));
    } catch (IOException | IllegalArgumentException e) {
      throw new UsageException(
          "%s: %s. Expected a list of transforms, such as [{stainNormalise: {strength: 0.5}}], or [] for none"
              .formatted(source, e.getMessage()),
          e);
    }
  }
}
