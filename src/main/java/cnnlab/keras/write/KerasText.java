package cnnlab.keras.write;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The JSON that describes a model, as Keras 3 writes it. */
final class KerasText {
  private static final String CONFIG = "config";
  private static final String CLASS = "class_name";
  private static final String MODULE = "module";
  private static final String REGISTERED = "registered_name";

  /** A layer whose constructor does not take the argument {@code trainable}. */
  private static final String WITHOUT_TRAINABLE = "SpatialDropout2D";

  private KerasText() {}

  /** An object of Keras: an initializer or a regularizer. */
  static ObjectNode object(String module, String className, ObjectNode config) {
    ObjectNode node = KerasGraph.config();
    node.put(MODULE, module).put(CLASS, className).set(CONFIG, config);
    node.putNull(REGISTERED);
    return node;
  }

  /** A model. */
  static ObjectNode model(KerasGraph graph, String name) {
    ObjectNode config = KerasGraph.config();
    config.put("name", name).put("trainable", true);
    ArrayNode list = config.putArray("layers");
    graph.ordered().forEach(layer -> list.add(layer(graph, layer)));
    history(config.putArray("input_layers"), graph.input().name());
    history(config.putArray("output_layers"), graph.output());
    return object("keras.src.models.functional", "Functional", config);
  }

  private static void history(ArrayNode to, String layer) {
    to.add(layer).add(0).add(0);
  }

  private static ObjectNode layer(KerasGraph graph, KerasLayer layer) {
    ObjectNode config = KerasGraph.config();
    config.put("name", layer.name());
    if (layer.isOperation()) {
      return operation(graph, layer);
    }
    boolean input = layer.className().equals(KerasLayer.INPUT);
    if (!input && !layer.className().equals(WITHOUT_TRAINABLE)) {
      config.put("trainable", true);
    }
    config.put("dtype", "float32");
    config.setAll(layer.config());
    ObjectNode node = object("keras.layers", layer.className(), config);
    if (layer.inputs().size() == 1) {
      node.putObject("build_config")
          .set("input_shape", batch(graph.layer(layer.inputs().get(0)).output()));
    }
    node.put("name", layer.name());
    ArrayNode nodes = node.putArray("inbound_nodes");
    if (!input) {
      call(graph, layer, nodes.addObject());
    }
    return node;
  }

  /** A function: it has no variables, and its module is part of what names it. */
  private static ObjectNode operation(KerasGraph graph, KerasLayer layer) {
    ObjectNode config = KerasGraph.config().put("name", layer.name());
    config.setAll(layer.config());
    boolean product = layer.className().equals(KerasLayer.MATMUL);
    String module = product ? "keras.src.ops.numpy" : "keras.src.ops.nn";
    ObjectNode node = object(module, layer.className(), config);
    node.put(REGISTERED, layer.className()).put("name", layer.name());
    call(graph, layer, node.putArray("inbound_nodes").addObject());
    return node;
  }

  private static void call(KerasGraph graph, KerasLayer layer, ObjectNode call) {
    ArrayNode arguments = call.putArray("args");
    // Merging layers take one list, functions an argument for each.
    boolean list = layer.inputs().size() > 1 && !layer.isOperation();
    ArrayNode tensors = list ? arguments.addArray() : arguments;
    for (String from : layer.inputs()) {
      ObjectNode tensor = tensors.addObject().put(CLASS, "__keras_tensor__").putObject(CONFIG);
      tensor.set("shape", batch(graph.layer(from).output()));
      tensor.put("dtype", "float32");
      history(tensor.putArray("keras_history"), from);
    }
    ObjectNode keywords = call.putObject("kwargs");
    if (layer.augments()) {
      keywords.put("training", true);
    }
  }

  /** A shape with the batch, of unknown size. */
  static ArrayNode batch(List<Integer> shape) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode().addNull();
    shape.forEach(array::add);
    return array;
  }
}
