package cnnlab.crosscheck;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The outputs of all vertices of a DL4J graph at inference.
 *
 * <p>DL4J's {@code feedForward} hands out arrays that an {@link ActivationLayer} overwrites in
 * place: what stands before such a layer is asked for again, with the pass stopped there.
 */
public final class LibraryActivations {
  private LibraryActivations() {}

  /**
   * Runs the graph on a batch.
   *
   * @param images [n, C, H, W]
   * @return by vertex name, the input included
   */
  public static Map<String, INDArray> of(ComputationGraph graph, INDArray images) {
    Map<String, INDArray> activations = graph.feedForward(images, false);
    ComputationGraphConfiguration conf = graph.getConfiguration();
    for (String overwritten : inputsOfActivationLayers(conf)) {
      if (!conf.getNetworkInputs().contains(overwritten)) {
        Map<String, INDArray> upTo =
            graph.feedForward(new INDArray[] {images}, position(graph, overwritten), false, true);
        activations.put(overwritten, upTo.get(overwritten));
      }
    }
    return activations;
  }

  /** DL4J counts what it stops after in topological order, whatever it says of layers. */
  private static int position(ComputationGraph graph, String vertex) {
    int index = graph.getVertex(vertex).getVertexIndex();
    int[] order = graph.topologicalSortOrder();
    return IntStream.range(0, order.length)
        .filter(i -> order[i] == index)
        .findFirst()
        .orElseThrow();
  }

  private static Set<String> inputsOfActivationLayers(ComputationGraphConfiguration conf) {
    return conf.getVertices().entrySet().stream()
        .filter(
            e ->
                e.getValue() instanceof LayerVertex v
                    && v.getLayerConf().getLayer() instanceof ActivationLayer)
        .map(e -> conf.getVertexInputs().get(e.getKey()))
        .flatMap(List::stream)
        .collect(Collectors.toSet());
  }
}
