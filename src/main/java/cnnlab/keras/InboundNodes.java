package cnnlab.keras;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * From which layers a layer of a functional model takes its inputs, as Keras 3 writes it ({@code
 * {"args": [...], "kwargs": {...}}} with {@code keras_history} in it) and as Keras 2 did ({@code
 * [["name", 0, 0, {}]]}).
 */
final class InboundNodes {
  private static final String HISTORY = "keras_history";

  private InboundNodes() {}

  /**
   * The names of the layers whose outputs are the inputs; none for an input layer.
   *
   * @param layer the layer
   * @param json the layer's JSON, beside its configuration
   * @throws KerasFault when the layer is used more than once, or called with anything but layers
   */
  static List<String> of(LayerConfig layer, JsonNode json) {
    JsonNode nodes = json.path("inbound_nodes");
    if (nodes.size() > 1) {
      throw layer.fault(
          "it is used %d times; layers that share their weights cannot be read"
              .formatted(nodes.size()));
    }
    List<String> names = new ArrayList<>();
    if (nodes.isEmpty()) {
      return names;
    }
    JsonNode node = nodes.get(0);
    if (node.isArray()) {
      for (JsonNode tensor : node) {
        names.add(history(layer, tensor, tensor.path(3)));
      }
      return names;
    }
    for (JsonNode argument : node.path("args")) {
      if (argument.isArray()) {
        argument.forEach(tensor -> names.add(tensor(layer, tensor)));
      } else {
        names.add(tensor(layer, argument));
      }
    }
    requirePlain(layer, node.path("kwargs"));
    return names;
  }

  /** The only layer under {@code input_layers} or {@code output_layers}. */
  static String single(LayerConfig model, String key) {
    JsonNode value = model.get(key);
    JsonNode one = value.isArray() && value.size() == 1 ? value.get(0) : value;
    if (one.isArray() && one.size() == 3 && one.get(0).isTextual()) {
      return one.get(0).asText();
    }
    throw model.fault(
        key,
        value.isMissingNode() ? "missing" : value,
        "one: only models with one input and one output are read");
  }

  private static String tensor(LayerConfig layer, JsonNode tensor) {
    return history(layer, tensor.path("config").path(HISTORY), tensor.path("kwargs"));
  }

  private static String history(LayerConfig layer, JsonNode history, JsonNode keywords) {
    if (!history.isArray() || !history.path(0).isTextual()) {
      throw layer.fault(
          "it is called with something that is no layer's output, which cannot be read");
    }
    if (history.path(2).asInt() != 0) {
      throw layer.fault(
          "it takes the second output of layer '%s'".formatted(history.get(0).asText()));
    }
    requirePlain(layer, keywords);
    return history.get(0).asText();
  }

  private static void requirePlain(LayerConfig layer, JsonNode keywords) {
    for (Iterator<String> names = keywords.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      JsonNode value = keywords.get(name);
      if (!value.isNull() && !(value.isBoolean() && !value.booleanValue())) {
        throw layer.fault("it is called with %s=%s, which cannot be read".formatted(name, value));
      }
    }
  }
}
