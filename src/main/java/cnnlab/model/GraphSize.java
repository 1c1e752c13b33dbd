package cnnlab.model;

import cnnlab.model.layer.GroupConvolution;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * The size of a graph, computed from its configuration alone; the graph need not be created. Sums
 * that exceed a long are {@link Long#MAX_VALUE}.
 *
 * @param parameters number of weights, biases and averages
 * @param expanded number of values of the filter banks that group convolutions make of their
 *     weights
 * @param state number of values of the optimiser's state
 * @param activations number of values of all vertices for one image, including the input
 * @param largest number of values of the largest vertex
 */
public record GraphSize(
    long parameters, long expanded, long state, long activations, long largest) {

  /**
   * The size of an existing graph.
   *
   * @param channels C of its input
   * @param height H of its input
   * @param width W of its input
   * @throws RuntimeException of DL4J when the graph does not accept such images
   */
  public static GraphSize of(ComputationGraph graph, int channels, int height, int width) {
    return of(graph.getConfiguration(), InputType.convolutional(height, width, channels));
  }

  static GraphSize of(ComputationGraphConfiguration graph, InputType input) {
    long parameters = 0;
    long expanded = 0;
    long state = 0;
    for (GraphVertex vertex : graph.getVertices().values()) {
      long own = vertex.numParams(true);
      parameters = sum(parameters, own);
      expanded = sum(expanded, expanded(vertex));
      state = sum(state, own == 0 ? 0 : state(vertex, own));
    }
    long activations = 0;
    long largest = 0;
    // On a copy, because the call fills in missing values.
    for (InputType type : graph.clone().getLayerActivationTypes(input).values()) {
      long values = elements(type);
      activations = sum(activations, values);
      largest = Math.max(largest, values);
    }
    return new GraphSize(parameters, expanded, state, activations, largest);
  }

  private static long expanded(GraphVertex vertex) {
    return vertex instanceof LayerVertex layered
            && layered.getLayerConf().getLayer() instanceof GroupConvolution convolution
        ? convolution.expandedValues()
        : 0;
  }

  private static long state(GraphVertex vertex, long parameters) {
    if (vertex instanceof LayerVertex layered) {
      Layer layer = layered.getLayerConf().getLayer();
      IUpdater updater = layer instanceof BaseLayer base ? base.getIUpdater() : null;
      return updater == null ? 0 : updater.stateSize(parameters);
    }
    return 0;
  }

  private static long elements(InputType type) {
    long product = 1;
    for (long size : type.getShape(false)) {
      product = Math.multiplyHigh(product, size) == 0 ? product * size : Long.MAX_VALUE;
      if (product < 0) {
        return Long.MAX_VALUE;
      }
    }
    return product;
  }

  private static long sum(long a, long b) {
    return a < 0 || b < 0 || a + b < 0 ? Long.MAX_VALUE : a + b;
  }
}
