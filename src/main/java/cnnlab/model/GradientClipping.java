package cnnlab.model;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Clipping of gradients: that of each array of weights or biases is shortened to a norm, as Keras'
 * {@code clipnorm} does. Two things differ from Keras. Scale and shift of batch normalisation are
 * not clipped, because DL4J would clip the updates of the running averages with them; and the
 * gradients of L1 and L2 penalties are added after clipping, as DL4J has it.
 */
public final class GradientClipping {
  private GradientClipping() {}

  /**
   * Sets the limit in all layers.
   *
   * @param norm the largest Euclidean norm, more than 0; 0 changes nothing
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
