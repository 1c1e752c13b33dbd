package cnnlab.crosscheck;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Computes the outputs of all vertices of a DL4J graph at inference.
 *
 * <p>Vertices are run one by one, on copies of their inputs. In DL4J's own {@code feedForward}, an
 * activation layer overwrites its input. The input is then wrong in the result and for every other
 * vertex that reads it, such as a skip connection.
 */
public final class LibraryActivations {
  private static final LayerWorkspaceMgr NO_WORKSPACES = LayerWorkspaceMgr.noWorkspaces();

  private LibraryActivations() {}

  /**
   * Runs a graph with one input on a batch.
   *
   * @param images [n, C, H, W]
   * @return outputs by vertex name, including the input
   */
  public static Map<String, INDArray> of(ComputationGraph graph, INDArray images) {
    Map<String, INDArray> activations = new LinkedHashMap<>();
    // Preprocessors get the size of the batch from the graph.
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
   * Runs a single vertex.
   *
   * @param inputs its inputs, each [n, …]
   * @param images any n images, because preprocessors get the size of the batch from the graph
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
