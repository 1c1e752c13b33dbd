package cnnlab.keras.layer;

import cnnlab.keras.file.LayerConfig;
import com.fasterxml.jackson.databind.JsonNode;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.dropout.SpatialDropout;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;

/** Converts layers that are random in training and identities at inference. */
final class Noise {
  private static final String RATE = "rate";
  private static final double MOST = 1 - 1e-6;

  private Noise() {}

  /**
   * Dropout. DL4J expects the probability to keep a value. With a {@code noise_shape} values are
   * not dropped independently, for which there is no equivalent; it is left out.
   */
  static void dropout(FlatLayer layer, Assembly graph) {
    LayerConfig config = layer.config();
    double rate = rate(config);
    JsonNode shape = config.get("noise_shape");
    if (shape.isMissingNode() || rate == 0) {
      add(layer, graph, rate == 0 ? null : new Dropout(1 - rate));
    } else {
      // As in the blocks of EfficientNet, which drop all values of an image at once.
      graph.note(
          layer,
          "noise_shape %s drops values together in Keras' training; here none are dropped"
              .formatted(shape));
      graph.pass(layer);
    }
  }

  static void spatialDropout(FlatLayer layer, Assembly graph) {
    layer.config().image(graph.input(layer));
    double rate = rate(layer.config());
    add(layer, graph, rate == 0 ? null : new SpatialDropout(1 - rate));
  }

  static void gaussianNoise(FlatLayer layer, Assembly graph) {
    double deviation = layer.config().number("stddev", -1, 0, 1e6);
    add(layer, graph, deviation == 0 ? null : new GaussianNoise(deviation));
  }

  /** GaussianDropout: noise of mean 1 and variance rate / (1 − rate), in Keras and DL4J. */
  static void gaussianDropout(FlatLayer layer, Assembly graph) {
    double rate = rate(layer.config());
    add(layer, graph, rate == 0 ? null : new GaussianDropout(rate));
  }

  private static double rate(LayerConfig config) {
    config.number(RATE);
    return config.number(RATE, 0, 0, MOST);
  }

  private static void add(FlatLayer layer, Assembly graph, IDropout dropout) {
    graph.add(layer, new DropoutLayer.Builder(dropout).build(), graph.input(layer));
    graph.markView(layer);
    graph.keepOrder(layer);
  }
}
