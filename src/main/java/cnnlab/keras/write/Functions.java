package cnnlab.keras.write;

import cnnlab.scratch.layer.Activate;
import cnnlab.scratch.layer.Activation;
import cnnlab.scratch.layer.Activation.Kind;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.LogSoftmax;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Softmax;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/** Keras' activations, as <a href="https://keras.io/api/layers/activations/">keras.io</a> has. */
final class Functions {
  /** The argument of layers that have an activation. */
  static final String ARGUMENT = "activation";

  private static final float SIXTH = (float) (1 / 6.0);
  private static final double LOGISTIC = 1.702;
  private static final String RELU = "ReLU";
  private static final String SLOPE = "negative_slope";

  private static final Set<Kind> NOT_NEGATIVE =
      Set.of(Kind.RELU, Kind.SIGMOID, Kind.HARD_SIGMOID, Kind.SOFTPLUS, Kind.EXPONENTIAL);

  private Functions() {}

  /** Keras' name of an activation without arguments; null if it has none. */
  static String name(Layer layer) {
    if (layer instanceof Softmax) {
      return "softmax";
    } else if (layer instanceof LogSoftmax) {
      return "log_softmax";
    }
    return layer instanceof Activate activate ? name(activate.activation()) : null;
  }

  private static String name(Activation f) {
    return switch (f.kind()) {
      case LINEAR -> "linear";
      case RELU -> "relu";
      case SELU -> "selu";
      case GELU -> "gelu";
      case SIGMOID -> "sigmoid";
      case LOG_SIGMOID -> "log_sigmoid";
      case HARD_SIGMOID -> f.alpha() == SIXTH ? "hard_sigmoid" : null;
      case TANH -> "tanh";
      case HARD_TANH -> "hard_tanh";
      case SILU -> "silu";
      case HARD_SILU -> "hard_silu";
      case SOFTPLUS -> "softplus";
      case SOFTSIGN -> "softsign";
      case MISH -> "mish";
      case EXPONENTIAL -> "exponential";
      case LEAKY_RELU, GENERAL_RELU, ELU, GELU_TANH, GELU_SIGMOID -> null;
    };
  }

  /**
   * Adds an activation as a layer, or as several if Keras has none like it.
   *
   * @param node gives the layer and its name
   * @param from the layer that it reads
   * @return the layer that gives the result
   */
  static String add(KerasGraph graph, Node node, String from) {
    ObjectNode config = KerasGraph.config();
    String name = name(node.layer());
    if (name != null) {
      return one(graph, "Activation", node.name(), config.put(ARGUMENT, name), from);
    }
    Activation f = ((Activate) node.layer()).activation();
    return switch (f.kind()) {
      case LEAKY_RELU ->
          one(graph, "LeakyReLU", node.name(), config.put(SLOPE, exact(f.alpha())), from);
      case ELU -> one(graph, "ELU", node.name(), config.put("alpha", exact(f.alpha())), from);
      case GENERAL_RELU -> one(graph, RELU, node.name(), relu(f), from);
      case GELU_TANH ->
          one(graph, KerasLayer.GELU, node.name(), config.put("approximate", true), from);
      case GELU_SIGMOID -> logisticGelu(graph, node.name(), from);
      case HARD_SIGMOID -> {
        String line = rescaled(graph, node.name() + "_line", exact(f.alpha()), 0.5, from);
        yield one(graph, RELU, node.name(), relu(Activation.relu(1, 0, 0)), line);
      }
      default ->
          throw KerasTranslation.refused(
              node, "Keras has no layer for the activation %s".formatted(f));
    };
  }

  private static ObjectNode relu(Activation f) {
    ObjectNode config = KerasGraph.config();
    if (Float.isInfinite(f.max())) {
      config.putNull("max_value");
    } else {
      config.put("max_value", exact(f.max()));
    }
    return config.put(SLOPE, exact(f.alpha())).put("threshold", exact(f.threshold()));
  }

  /** x · σ(1.702·x). */
  private static String logisticGelu(KerasGraph graph, String name, String from) {
    String scaled = rescaled(graph, name + "_scaled", LOGISTIC, 0, from);
    ObjectNode sigmoid = KerasGraph.config().put(ARGUMENT, "sigmoid");
    String share = one(graph, "Activation", name + "_share", sigmoid, scaled);
    return graph.add(
        "Multiply",
        name,
        KerasGraph.config(),
        List.of(from, share),
        graph.layer(from).output(),
        List.of());
  }

  private static String rescaled(
      KerasGraph graph, String name, double scale, double offset, String from) {
    ObjectNode config = KerasGraph.config().put("scale", scale).put("offset", offset);
    return one(graph, "Rescaling", name, config, from);
  }

  private static String one(
      KerasGraph graph, String className, String name, ObjectNode config, String from) {
    return graph.add(className, name, config, List.of(from), graph.layer(from).output(), List.of());
  }

  /** The shortest decimal number that is this float. */
  static double exact(float value) {
    return Double.parseDouble(Float.toString(value));
  }

  static boolean nonNegative(Activation f) {
    return NOT_NEGATIVE.contains(f.kind())
        || f.kind() == Kind.GENERAL_RELU && f.alpha() == 0 && f.max() >= 0 && f.threshold() >= 0;
  }
}
