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
      for (int i = 0; i < inputs.size(); i++) {
        vertex.setInput(i, activations.get(inputs.get(i)).dup(), NO_WORKSPACES);
      }
      activations.put(name, vertex.doForward(false, NO_WORKSPACES));
      vertex.clear();
    }
    graph.clear();
    return activations;
  }
}
