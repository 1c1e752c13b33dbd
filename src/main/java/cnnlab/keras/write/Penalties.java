package cnnlab.keras.write;

import cnnlab.scratch.dl4j.GraphCompiler;
import cnnlab.scratch.layer.Node;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.learning.regularization.L1Regularization;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * Writes a graph's L1 and L2 penalties as regularizers. Keras' L2(x) adds x·Σw², DL4J's l2(x) adds
 * half of that.
 */
final class Penalties {
  private final ComputationGraph graph;
  private final Set<String> others = new TreeSet<>();

  /** The penalties of a graph. */
  Penalties(ComputationGraph graph) {
    this.graph = graph;
  }

  /** Sets the regularizers of the Keras layer for a node. */
  void apply(Node node, ObjectNode config, String className) {
    var computed = graph.getLayer(GraphCompiler.vertexOf(graph, node));
    Layer layer = computed == null ? null : computed.conf().getLayer();
    if (layer instanceof BaseLayer base) {
      String kernel = className.equals("DepthwiseConv2D") ? "depthwise" : "kernel";
      set(config, kernel + "_regularizer", base.getRegularization());
      if (config.path("use_bias").asBoolean()) {
        set(config, "bias_regularizer", base.getRegularizationBias());
      }
    }
  }

  /** The penalties that are no regularizers in Keras, such as weight decay, by their names. */
  Set<String> others() {
    return others;
  }

  private void set(ObjectNode config, String key, List<Regularization> penalties) {
    double l1 = 0;
    double l2 = 0;
    for (Regularization penalty : penalties == null ? List.<Regularization>of() : penalties) {
      if (penalty instanceof L1Regularization one) {
        l1 += one.getL1().valueAt(0, 0);
      } else if (penalty instanceof L2Regularization two) {
        l2 += two.getL2().valueAt(0, 0) / 2;
      } else {
        others.add(penalty.getClass().getSimpleName());
      }
    }
    if (l1 == 0 && l2 == 0) {
      return;
    }
    ObjectNode values = KerasGraph.config();
    if (l1 > 0) {
      values.put("l1", l1);
    }
    if (l2 > 0) {
      values.put("l2", l2);
    }
    String name = l1 == 0 ? "L2" : l2 == 0 ? "L1" : "L1L2";
    config.set(key, KerasText.object("keras.regularizers", name, values));
  }
}
