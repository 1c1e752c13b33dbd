package cnnlab.keras.write;

import cnnlab.scratch.layer.Dropout;
import cnnlab.scratch.layer.GaussianDropout;
import cnnlab.scratch.layer.GaussianNoise;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.SpatialDropout;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Layers that are random in training. Keras' rate is the probability to drop a value. */
final class NoiseLayers {
  /** A probability is rounded to so many parts: 1 − 0.9 is 0.1, not 0.09999999999999998. */
  private static final double PARTS = 1e12;

  private NoiseLayers() {}

  /** Whether a layer is random in training and changes nothing at inference. */
  static boolean isNoise(Layer layer) {
    return layer instanceof GaussianNoise
        || layer instanceof GaussianDropout
        || layer instanceof SpatialDropout
        || layer instanceof Dropout;
  }

  /**
   * A layer.
   *
   * @param image whether its input is an image
   */
  static WeightLayers.Made of(Node node, boolean image) {
    Layer layer = node.layer();
    ObjectNode config = KerasGraph.config();
    if (layer instanceof GaussianNoise noise) {
      config.put("stddev", noise.deviation()).putNull("seed");
      return made("GaussianNoise", config);
    } else if (layer instanceof GaussianDropout dropout) {
      config.put("rate", dropout.rate()).putNull("seed");
      return made("GaussianDropout", config);
    } else if (layer instanceof SpatialDropout dropout) {
      config.put("rate", rate(dropout.keepProbability())).putNull("seed");
      if (image) {
        config.put("data_format", "channels_last");
      }
      return made(image ? "SpatialDropout2D" : "Dropout", config);
    } else if (layer instanceof Dropout dropout) {
      config.put("rate", rate(dropout.keepProbability())).putNull("seed").putNull("noise_shape");
      return made("Dropout", config);
    }
    throw KerasTranslation.refused(node, "the export does not know this layer");
  }

  private static double rate(double kept) {
    return Math.rint((1 - kept) * PARTS) / PARTS;
  }

  private static WeightLayers.Made made(String className, ObjectNode config) {
    return new WeightLayers.Made(className, config, List.of(), null);
  }
}
