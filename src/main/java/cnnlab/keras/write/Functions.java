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

  /** An activation as a layer. */
  static WeightLayers.Made layer(Node node) {
    ObjectNode config = KerasGraph.config();
    String name = name(node.layer());
    if (name != null) {
      config.put(ARGUMENT, name);
      return made("Activation", config);
    }
    Activation f = ((Activate) node.layer()).activation();
    switch (f.kind()) {
      case LEAKY_RELU -> {
        config.put(SLOPE, exact(f.alpha()));
        return made("LeakyReLU", config);
      }
      case ELU -> {
        config.put("alpha", exact(f.alpha()));
        return made("ELU", config);
      }
      case GENERAL_RELU -> {
        if (Float.isInfinite(f.max())) {
          config.putNull("max_value");
        } else {
          config.put("max_value", exact(f.max()));
        }
        config.put(SLOPE, exact(f.alpha()));
        config.put("threshold", exact(f.threshold()));
        return made("ReLU", config);
      }
      default ->
          throw KerasTranslation.refused(
              node,
              f.kind() == Kind.HARD_SIGMOID
                  ? "Keras 3's hard_sigmoid has the slope 1/6, this one %s".formatted(f.alpha())
                  : "Keras has no layer for the activation %s".formatted(f));
    }
  }

  /** The shortest decimal number that is this float. */
  static double exact(float value) {
    return Double.parseDouble(Float.toString(value));
  }

  static boolean nonNegative(Activation f) {
    return NOT_NEGATIVE.contains(f.kind())
        || f.kind() == Kind.GENERAL_RELU && f.alpha() == 0 && f.max() >= 0 && f.threshold() >= 0;
  }

  private static WeightLayers.Made made(String className, ObjectNode config) {
    return new WeightLayers.Made(className, config, List.of(), null);
  }
}
