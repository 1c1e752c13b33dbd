package cnnlab.keras.layer;

import cnnlab.keras.file.LayerConfig;
import cnnlab.keras.file.WeightGroup;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * A layer of the flattened model, in which nested models are resolved and a layer that is called
 * several times occurs several times.
 *
 * @param vertex its name in the graph, prefixed by the models it is nested in
 * @param config its configuration
 * @param inputs the vertices it reads
 * @param constants the arguments of a function of {@code keras.ops}: a constant, or null for the
 *     next of the inputs; empty for a layer
 * @param weights the arrays of the model it belongs to
 * @param copy whether another vertex has the same weights, so that this one has a copy
 */
public record FlatLayer(
    String vertex,
    LayerConfig config,
    List<String> inputs,
    List<JsonNode> constants,
    WeightGroup weights,
    boolean copy) {
  /** The only input. */
  String input() {
    if (inputs.size() != 1) {
      throw config.fault("it has %d inputs %s, expected one".formatted(inputs.size(), inputs));
    }
    return inputs.get(0);
  }
}
