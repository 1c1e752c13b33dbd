package cnnlab.keras.layer;

import cnnlab.keras.file.ClassOrigin;
import cnnlab.keras.file.KerasFault;
import cnnlab.keras.file.LayerConfig;
import cnnlab.model.layer.ChannelSoftmax;
import cnnlab.model.layer.Exponential;
import cnnlab.model.layer.ExponentialLinear;
import cnnlab.model.layer.GeluExact;
import cnnlab.model.layer.HardSigmoid;
import cnnlab.model.layer.HardSilu;
import cnnlab.model.layer.LogSigmoid;
import cnnlab.model.layer.LogSoftmax;
import cnnlab.model.layer.Mish;
import cnnlab.model.layer.RectifiedLinear;
import cnnlab.model.layer.Silu;
import cnnlab.model.layer.Softplus;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/**
 * Converts Keras' activations by name, as <a href="https://keras.io/api/layers/activations/">Keras'
 * documentation</a> defines them.
 */
final class Activations {
  /** The slope of the activation {@code leaky_relu}; the layer LeakyReLU has another default. */
  static final double LEAKY_SLOPE = 0.2;

  private static final String SOFTMAX = "softmax";
  private static final Map<String, Supplier<IActivation>> KNOWN = new TreeMap<>();

  static {
    KNOWN.put("linear", ActivationIdentity::new);
    KNOWN.put("relu", ActivationReLU::new);
    KNOWN.put("relu6", () -> new RectifiedLinear(6.0, 0, 0));
    KNOWN.put("leaky_relu", () -> new ActivationLReLU(LEAKY_SLOPE));
    KNOWN.put("elu", () -> new ExponentialLinear(1));
    KNOWN.put("selu", ActivationSELU::new);
    KNOWN.put("gelu", GeluExact::new);
    KNOWN.put("silu", Silu::new);
    KNOWN.put("swish", Silu::new);
    KNOWN.put("mish", Mish::new);
    KNOWN.put("softplus", Softplus::new);
    KNOWN.put("softsign", ActivationSoftSign::new);
    KNOWN.put("tanh", ActivationTanH::new);
    KNOWN.put("sigmoid", ActivationSigmoid::new);
    KNOWN.put("log_sigmoid", LogSigmoid::new);
    KNOWN.put("hard_sigmoid", HardSigmoid::new);
    KNOWN.put("hard_silu", HardSilu::new);
    KNOWN.put("hard_swish", HardSilu::new);
    KNOWN.put("exponential", Exponential::new);
    KNOWN.put(SOFTMAX, ActivationSoftmax::new);
    KNOWN.put("log_softmax", LogSoftmax::new);
  }

  private Activations() {}

  /**
   * The activation in a layer's key {@code activation}; linear if there is none.
   *
   * @param image whether the layer's output is an image; a softmax then runs along its channels
   * @throws KerasFault when it is not supported
   */
  static IActivation of(LayerConfig layer, boolean image) {
    JsonNode value = layer.get("activation");
    if (value.isMissingNode()) {
      return new ActivationIdentity();
    }
    if (value.isObject() && value.path("config").isObject()) {
      return ofLayer(layer, value, image);
    }
    // Keras 3 may write a function as {"class_name": "function", "config": "gelu"}.
    String name = value.isObject() ? value.path("config").asText() : value.asText();
    if (!KNOWN.containsKey(name)) {
      throw layer.fault("activation", value, "one of " + String.join(", ", KNOWN.keySet()));
    }
    return named(name, image);
  }

  /** A known activation by its name. */
  static IActivation named(String name, boolean image) {
    return image && SOFTMAX.equals(name) ? new ChannelSoftmax() : KNOWN.get(name).get();
  }

  /** An activation given as an activation layer. */
  private static IActivation ofLayer(LayerConfig layer, JsonNode value, boolean image) {
    String fault = ClassOrigin.fault(value);
    if (fault != null) {
      throw layer.fault("its activation is " + fault);
    }
    LayerConfig inner =
        new LayerConfig(
            value.path("class_name").asText(), layer.name(), layer.path(), value.get("config"));
    return switch (inner.className()) {
      case "ReLU" -> relu(inner);
      case "LeakyReLU" -> leakyRelu(inner);
      case "ELU" -> new ExponentialLinear(inner.number("alpha", 1));
      case "Softmax" -> image ? new ChannelSoftmax() : new ActivationSoftmax();
      default -> throw layer.fault("activation", value, "the name of a built-in activation");
    };
  }

  /** The layer ReLU: with a limit, a slope for negative values and a threshold. */
  static IActivation relu(LayerConfig config) {
    Double limit = config.get("max_value").isMissingNode() ? null : config.number("max_value");
    double slope = config.number("negative_slope", 0);
    double threshold = config.number("threshold", 0);
    if (limit != null && limit < 0 || slope < 0 || threshold < 0) {
      throw config.fault("max_value, negative_slope and threshold must not be negative");
    }
    return limit == null && slope == 0 && threshold == 0
        ? new ActivationReLU()
        : new RectifiedLinear(limit, slope, threshold);
  }

  /** The layer LeakyReLU; Keras 2 called the slope alpha. */
  static IActivation leakyRelu(LayerConfig config) {
    String key = config.get("negative_slope").isMissingNode() ? "alpha" : "negative_slope";
    return new ActivationLReLU(config.number(key, 0.3));
  }
}
