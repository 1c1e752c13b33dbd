package cnnlab.keras.file;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The weights of a nested model in a legacy {@code .h5} file: one list for all its layers,
 * trainable ones first. An array is found by the end of its name, {@code .../layer/variable},
 * followed by {@code :0} in Keras 2.
 *
 * @param path the names of the models, the outermost first, separated by slashes
 * @param arrays arrays by the names that the file lists
 */
record LegacyNestedWeights(String path, Map<String, WeightArray> arrays) implements WeightGroup {

  /** Names of Keras 2 for variables of Keras 3. */
  private static final Map<String, String> KERAS_2 = Map.of("kernel", "depthwise_kernel");

  @Override
  public WeightGroup nested(LayerConfig model, List<LayerConfig> layers) {
    return new LegacyNestedWeights(path + "/" + model.name(), arrays);
  }

  @Override
  public List<WeightArray> arrays(LayerConfig layer, List<String> variables) {
    WeightGroup.requireNoLora(layer);
    List<WeightArray> found = new ArrayList<>();
    for (String variable : variables) {
      List<String> names = candidates(layer.name(), variable);
      if (names.isEmpty() && KERAS_2.containsKey(variable)) {
        names = candidates(layer.name(), KERAS_2.get(variable));
      }
      if (names.size() > 1) {
        // If several models contain the name, the innermost one's array is used.
        String model = path.substring(path.lastIndexOf('/') + 1);
        names = names.stream().filter(name -> ("/" + name).contains("/" + model + "/")).toList();
      }
      if (names.size() != 1) {
        throw WeightGroup.others(layer, path, arrays.keySet(), variables);
      }
      found.add(arrays.get(names.get(0)));
    }
    return found;
  }

  private List<String> candidates(String layer, String variable) {
    String end = "/" + layer + "/" + variable;
    return arrays.keySet().stream()
        .filter(name -> ("/" + name.replaceFirst(":\\d+$", "")).endsWith(end))
        .toList();
  }
}
