package cnnlab.keras.layer;

import cnnlab.keras.file.LayerConfig;
import cnnlab.keras.file.WeightGroup;
import java.util.List;

/**
 * A layer of the flattened model, in which nested models are resolved.
 *
 * @param vertex its name in the graph, prefixed by the models it is nested in
 * @param config its configuration
 * @param inputs the vertices it reads
 * @param weights the arrays of the model it belongs to
 */
public record FlatLayer(
    String vertex, LayerConfig config, List<String> inputs, WeightGroup weights) {
  /** The only input. */
  String input() {
    if (inputs.size() != 1) {
      throw config.fault("it has %d inputs %s, expected one".formatted(inputs.size(), inputs));
    }
    return inputs.get(0);
  }
}
