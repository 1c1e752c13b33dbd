package cnnlab.keras.write;

import cnnlab.scratch.layer.BatchNorm;
import cnnlab.scratch.layer.GroupNorm;
import cnnlab.scratch.layer.Node;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Normalisations. Keras has no gamma without {@code scale} and no beta without {@code center};
 * fixed ones of other values than 1 and 0 are written as trainable.
 */
final class NormLayers {
  private NormLayers() {}

  /** BatchNormalization. */
  static WeightLayers.Made batch(Node node, BatchNorm norm, float[] parameters) {
    int c = norm.channels();
    int begin = node.parameterOffset();
    ObjectNode config = KerasGraph.config();
    config.put("axis", -1).put("momentum", norm.decay()).put("epsilon", norm.eps());
    List<WeightValues> weights =
        affine(node, c, norm.gammaTrained(), norm.betaTrained(), parameters, config);
    config.set("moving_mean_initializer", WeightLayers.initializer("Zeros"));
    config.set("moving_variance_initializer", WeightLayers.initializer("Ones"));
    config.put("synchronized", false);
    int mean = begin + 2 * c;
    weights.add(new WeightValues("moving_mean", Arrays.copyOfRange(parameters, mean, mean + c), c));
    weights.add(
        new WeightValues(
            "moving_variance", Arrays.copyOfRange(parameters, mean + c, mean + 2 * c), c));
    return new WeightLayers.Made("BatchNormalization", config, weights, null);
  }

  /**
   * LayerNormalization over the channels of each position, or GroupNormalization.
   *
   * @param vector whether the input is [F], which has one position
   */
  static WeightLayers.Made group(Node node, GroupNorm norm, float[] parameters, boolean vector) {
    boolean overChannels = norm.everyPosition() && !vector;
    if (overChannels && norm.groups() > 1) {
      throw KerasTranslation.refused(
          node, "Keras has no normalization of groups of channels at every position");
    }
    ObjectNode config = KerasGraph.config();
    boolean layer = norm.groups() == 1 && (norm.everyPosition() || vector);
    if (layer) {
      config.putArray("axis").add(-1);
    } else {
      config.put("groups", norm.groups()).put("axis", -1);
    }
    config.put("epsilon", norm.eps());
    List<WeightValues> weights =
        affine(node, norm.channels(), norm.gammaTrained(), norm.betaTrained(), parameters, config);
    return new WeightLayers.Made(
        layer ? "LayerNormalization" : "GroupNormalization", config, weights, null);
  }

  /** Gamma [C] and beta [C], which come first among the parameters, if the layer needs them. */
  private static List<WeightValues> affine(
      Node node,
      int c,
      boolean gammaTrained,
      boolean betaTrained,
      float[] parameters,
      ObjectNode config) {
    int begin = node.parameterOffset();
    float[] gamma = Arrays.copyOfRange(parameters, begin, begin + c);
    float[] beta = Arrays.copyOfRange(parameters, begin + c, begin + 2 * c);
    boolean scale = gammaTrained || !all(gamma, 1);
    boolean center = betaTrained || !all(beta, 0);
    config.put("center", center).put("scale", scale);
    config.set("beta_initializer", WeightLayers.initializer("Zeros"));
    config.set("gamma_initializer", WeightLayers.initializer("Ones"));
    for (String key :
        List.of("beta_regularizer", "gamma_regularizer", "beta_constraint", "gamma_constraint")) {
      config.putNull(key);
    }
    List<WeightValues> weights = new ArrayList<>();
    if (scale) {
      weights.add(new WeightValues("gamma", gamma, c));
    }
    if (center) {
      weights.add(new WeightValues("beta", beta, c));
    }
    return weights;
  }

  private static boolean all(float[] values, float one) {
    for (float value : values) {
      if (value != one) {
        return false;
      }
    }
    return true;
  }
}
