package cnnlab.keras.layer;

import cnnlab.keras.file.ClassOrigin;
import cnnlab.keras.file.KerasFault;
import cnnlab.keras.file.LayerConfig;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * Reads the inputs of a layer of a functional model, in the formats of Keras 3 ({@code {"args":
 * [...], "kwargs": {...}}} with {@code keras_history}) and of Keras 2 ({@code [["name", 0, 0,
 * {}]]}).
 */
final class InboundNodes {
  private static final String HISTORY = "keras_history";
  private static final int MOST_SHOWN = 100;
  private static final int MOST_ENDS = 100;

  private InboundNodes() {}

  /**
   * The calls of a layer; none for an input layer.
   *
   * @param layer the layer
   * @param json the layer's complete JSON
   * @param augments whether it only does random augmentation
   * @throws KerasFault when the layer is called with anything other than layers; constants are
   *     arguments of functions of {@code keras.ops} only
   */
  static List<Call> of(LayerConfig layer, JsonNode json, boolean augments) {
    List<Call> calls = new ArrayList<>();
    for (JsonNode node : json.path("inbound_nodes")) {
      calls.add(call(layer, json, node, augments));
    }
    return calls;
  }

  private static Call call(LayerConfig layer, JsonNode json, JsonNode node, boolean augments) {
    List<Call.Reference> inputs = new ArrayList<>();
    if (node.isArray()) {
      for (JsonNode tensor : node) {
        inputs.add(history(layer, tensor, tensor.path(3), false));
      }
      return new Call(inputs, List.of());
    }
    List<JsonNode> constants = new ArrayList<>();
    List<String> names = new ArrayList<>();
    boolean operation = ClassOrigin.isOperation(json);
    for (JsonNode argument : node.path("args")) {
      if (argument.isObject() && argument.path("class_name").isMissingNode()) {
        for (Iterator<String> keys = argument.fieldNames(); keys.hasNext(); ) {
          String key = keys.next();
          names.add(key);
          inputs.add(tensor(layer, argument.get(key)));
        }
        continue;
      }
      boolean list = argument.isArray();
      for (JsonNode one : list ? argument : List.of(argument)) {
        if (operation && !list && isConstant(one)) {
          constants.add(one);
        } else {
          inputs.add(tensor(layer, one));
          constants.add(null);
        }
      }
    }
    Set<String> named = named(layer, node.path("kwargs"), inputs);
    // Keras 3 writes training=true for every random augmentation layer, although its predict
    // leaves images unchanged.
    requirePlain(layer, node.path("kwargs"), augments, named);
    return new Call(inputs, operation ? constants : List.of(), names);
  }

  /**
   * Adds the inputs that are given by their names, as in {@code attention(query=x, value=y)}, in
   * the order of the arguments.
   *
   * @return their names
   */
  private static Set<String> named(
      LayerConfig layer, JsonNode keywords, List<Call.Reference> inputs) {
    Set<String> found = new HashSet<>();
    List<String> arguments =
        "MultiHeadAttention".equals(layer.className())
            ? List.of("query", "value", "key")
            : List.of();
    for (String name : arguments) {
      if (!keywords.path(name).path("config").path(HISTORY).isMissingNode()) {
        if (inputs.size() != arguments.indexOf(name)) {
          throw layer.fault(
              "it is called with %s=..., but not with what comes before it".formatted(name));
        }
        inputs.add(tensor(layer, keywords.get(name)));
        found.add(name);
      }
    }
    return found;
  }

  private static boolean isConstant(JsonNode argument) {
    return argument.isNumber() || isArray(argument);
  }

  private static boolean isArray(JsonNode argument) {
    String className = argument.path("class_name").asText();
    return "__numpy__".equals(className) || "__tensor__".equals(className);
  }

  /** The tensors under {@code input_layers} or {@code output_layers}, in their order. */
  static List<Call.End> ends(LayerConfig model, String key) {
    JsonNode value = model.get(key);
    if (isReference(value)) {
      return List.of(end(value, null));
    }
    List<Call.End> ends = new ArrayList<>();
    if (value.isArray()) {
      value.forEach(one -> ends.add(end(required(model, key, value, one), null)));
    } else if (value.isObject()) {
      for (Iterator<String> keys = value.fieldNames(); keys.hasNext(); ) {
        String name = keys.next();
        ends.add(end(required(model, key, value, value.get(name)), name));
      }
    }
    if (ends.isEmpty() || ends.size() > MOST_ENDS) {
      throw wrong(model, key, value);
    }
    return ends;
  }

  private static Call.End end(JsonNode reference, String key) {
    String layer = reference.get(0).asText();
    return new Call.End(
        key == null ? layer : key,
        new Call.Reference(layer, reference.get(1).asInt(), reference.get(2).asInt()));
  }

  private static JsonNode required(
      LayerConfig model, String key, JsonNode value, JsonNode reference) {
    if (!isReference(reference)) {
      throw wrong(model, key, value);
    }
    return reference;
  }

  private static KerasFault wrong(LayerConfig model, String key, JsonNode value) {
    return model.fault(
        key,
        value.isMissingNode() ? "missing" : shortened(value.toString()),
        "the names of 1 to %s layers, as Keras writes them: [\"name\", 0, 0], or a list or a dictionary of these"
            .formatted(MOST_ENDS));
  }

  private static boolean isReference(JsonNode node) {
    return node.isArray() && node.size() == 3 && node.get(0).isTextual();
  }

  private static Call.Reference tensor(LayerConfig layer, JsonNode tensor) {
    JsonNode history = tensor.path("config").path(HISTORY);
    if (history.isMissingNode()) {
      throw layer.fault(notALayer(tensor));
    }
    return history(layer, history, tensor.path("kwargs"), false);
  }

  /** Describes an input that is not a layer; Keras writes arrays and tensors with their values. */
  private static String notALayer(JsonNode given) {
    boolean array = isArray(given);
    if (!array && given.isContainerNode()) {
      return "it is called with %s, which is not the output of a layer and is not supported"
          .formatted(shortened(given.toString()));
    }
    return "it is called with a constant (%s); only outputs of layers are supported"
        .formatted(shortened((array ? given.path("config").path("value") : given).toString()));
  }

  static String shortened(String text) {
    return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "...";
  }

  private static Call.Reference history(
      LayerConfig layer, JsonNode history, JsonNode keywords, boolean augments) {
    if (!history.isArray() || !history.path(0).isTextual()) {
      throw layer.fault(notALayer(history));
    }
    requirePlain(layer, keywords, augments, Set.of());
    return new Call.Reference(
        history.get(0).asText(), history.path(1).asInt(), history.path(2).asInt());
  }

  private static void requirePlain(
      LayerConfig layer, JsonNode keywords, boolean augments, Set<String> known) {
    for (Iterator<String> names = keywords.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      JsonNode value = keywords.get(name);
      boolean training = "training".equals(name) && value.asBoolean();
      if (training && augments || known.contains(name) || isNothing(value)) {
        continue;
      }
      throw layer.fault(
          training
              ? "it is called with training=true, so by default it behaves as in training (drops values, uses the batch's mean), and its output is not deterministic. Build the model without training=true"
              : "it is called with %s=%s, which is not supported"
                  .formatted(name, shortened(value.toString())));
    }
  }

  /** Null, false, or a list of these, such as the masks of several inputs. */
  private static boolean isNothing(JsonNode value) {
    if (value.isArray()) {
      for (JsonNode each : value) {
        if (!isNothing(each)) {
          return false;
        }
      }
      return true;
    }
    return value.isNull() || value.isBoolean() && !value.booleanValue();
  }
}
