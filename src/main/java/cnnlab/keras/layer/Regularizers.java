package cnnlab.keras.layer;

import cnnlab.keras.file.ClassOrigin;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.nd4j.linalg.learning.regularization.L1Regularization;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;

/** Converts Keras' penalties. Keras' L2(x) adds x·Σw², DL4J's l2(x) adds half of that. */
final class Regularizers {
  private static final double BY_NAME = 0.01;
  private static final String L1 = "l1";
  private static final String L2 = "l2";

  /** The factors of L1 and L2 of a named penalty. */
  private static final Map<String, double[]> WORDS =
      Map.of(
          L1,
          new double[] {BY_NAME, 0},
          L2,
          new double[] {0, BY_NAME},
          "l1_l2",
          new double[] {BY_NAME, BY_NAME},
          "L1",
          new double[] {BY_NAME, 0},
          "L2",
          new double[] {0, BY_NAME},
          "L1L2",
          new double[] {BY_NAME, BY_NAME});

  private Regularizers() {}

  /** Sets a layer's penalties on kernel and bias; adds a note about any others. */
  static void apply(FlatLayer layer, Assembly graph, BaseLayer made, String kernel, String bias) {
    made.setRegularization(read(layer, graph, kernel));
    made.setRegularizationBias(read(layer, graph, bias));
    noteIgnored(layer, graph, "activity_regularizer");
    for (String key :
        List.of(
            "kernel_constraint",
            "depthwise_constraint",
            "pointwise_constraint",
            "bias_constraint")) {
      noteIgnored(layer, graph, key);
    }
  }

  /** Adds notes about settings of Keras' training that have no equivalent here. */
  static void noteIgnored(FlatLayer layer, Assembly graph, String... keys) {
    for (String key : keys) {
      if (!layer.config().get(key).isMissingNode()) {
        graph.note(layer, key + " is ignored in training");
      }
    }
  }

  private static List<Regularization> read(FlatLayer layer, Assembly graph, String key) {
    JsonNode value = layer.config().get(key);
    List<Regularization> penalties = new ArrayList<>();
    if (value.isMissingNode()) {
      return penalties;
    }
    double[] word =
        WORDS.get(value.isObject() ? value.path("class_name").asText() : value.asText());
    // A custom penalty has no effect on the layer's output.
    if (word == null || value.isObject() && ClassOrigin.fault(value) != null) {
      noteIgnored(layer, graph, key);
      return penalties;
    }
    JsonNode config = value.path("config");
    double l1 = value.isObject() ? config.path(L1).asDouble() : word[0];
    double l2 = value.isObject() ? config.path(L2).asDouble() : word[1];
    if (!(l1 >= 0 && l2 >= 0 && Double.isFinite(l1 + l2))) {
      throw layer.config().fault(key, value, "factors of at least 0");
    }
    if (l1 > 0) {
      penalties.add(new L1Regularization(l1));
    }
    if (l2 > 0) {
      penalties.add(new L2Regularization(2 * l2));
    }
    return penalties;
  }
}
