package cnnlab.model;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Gradient clipping: the gradient of each array of weights or biases is scaled down to a maximum
 * norm, as by {@code clipnorm} in Keras. There are two differences from Keras. Scale and shift of
 * batch normalisation are not clipped, because DL4J would also clip the updates of the running
 * averages. The gradients of L1 and L2 penalties are added after clipping, as in DL4J.
 */
public final class GradientClipping {
  private GradientClipping() {}

  /**
   * Sets the limit in all layers.
   *
   * @param norm upper limit on the Euclidean norm, positive; 0 changes nothing
   */
  public static void apply(ComputationGraph graph, double norm) {
    if (norm == 0) {
      return;
    }
    for (Layer each : graph.getLayers()) {
      if (each.conf().getLayer() instanceof BaseLayer layer
          && !(layer instanceof BatchNormalization)) {
        layer.setGradientNormalization(GradientNormalization.ClipL2PerParamType);
        layer.setGradientNormalizationThreshold(norm);
      }
    }
  }
}
