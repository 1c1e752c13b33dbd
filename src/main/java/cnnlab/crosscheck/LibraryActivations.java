package cnnlab.crosscheck;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The outputs of all vertices of a DL4J graph at inference.
 *
 * <p>Vertex by vertex, each on copies of its inputs: in DL4J's own {@code feedForward} an
 * activation layer overwrites what it reads, which then is wrong both in the result and for every
 * other vertex that reads it (a skip).
 */
public final class LibraryActivations {
  private static final LayerWorkspaceMgr NO_WORKSPACES = LayerWorkspaceMgr.noWorkspaces();

  private LibraryActivations() {}

  /**
   * Runs a graph with one input on a batch.
   *
   * @param images [n, C, H, W]
   * @return by vertex name, the input included
   */
  public static Map<String, INDArray> of(ComputationGraph graph, INDArray images) {
    Map<String, INDArray> activations = new LinkedHashMap<>();
    // Preprocessors ask the graph for the size of the batch.
    graph.setInputs(images);
    for (int index : graph.topologicalSortOrder()) {
      GraphVertex vertex = graph.getVertices()[index];
      String name = vertex.getVertexName();
      if (vertex.isInputVertex()) {
        activations.put(name, images);
        continue;
      }
      List<String> inputs = graph.getConfiguration().getVertexInputs().get(name);
      activations.put(name, forward(vertex, inputs.stream().map(activations::get).toList()));
    }
    graph.clear();
    return activations;
  }

  /**
   * Runs one vertex by itself.
   *
   * @param inputs what it reads, each [n, …]
   * @param images any n images, for preprocessors that ask the graph for the size of the batch
   */
  static INDArray of(ComputationGraph graph, String vertex, INDArray inputs, INDArray images) {
    graph.setInputs(images);
    INDArray out = forward(graph.getVertex(vertex), List.of(inputs));
    graph.clear();
    return out;
  }

  private static INDArray forward(GraphVertex vertex, List<INDArray> inputs) {
    for (int i = 0; i < inputs.size(); i++) {
      vertex.setInput(i, inputs.get(i).dup(), NO_WORKSPACES);
    }
    INDArray out = vertex.doForward(false, NO_WORKSPACES);
    vertex.clear();
    return out;
  }
}
