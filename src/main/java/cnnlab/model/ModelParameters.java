package cnnlab.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Reads a graph's parameters as plain arrays, and copies parameters from one graph to another. */
public final class ModelParameters {
  private ModelParameters() {}

  /**
   * Copies of all parameter tensors, row-major, by DL4J's names ({@code layer_W}, {@code layer_b},
   * and so on).
   */
  public static Map<String, float[]> of(ComputationGraph graph) {
    Map<String, float[]> values = new LinkedHashMap<>();
    graph.paramTable().forEach((name, array) -> values.put(name, array.dup('c').data().asFloat()));
    return values;
  }

  /**
   * Copies all parameters to another graph. Layers with parameters are matched by their position in
   * the topological order; names do not matter.
   *
   * @throws IllegalArgumentException when a layer's parameters have other shapes, or the numbers of
   *     layers differ; nothing is copied then
   */
  public static void copy(ComputationGraph from, ComputationGraph to) {
    List<GraphVertex> sources = withParameters(from);
    List<GraphVertex> targets = withParameters(to);
    for (int i = 0; i < Math.max(sources.size(), targets.size()); i++) {
      String source = i < sources.size() ? describe(sources.get(i)) : "nothing more";
      String target = i < targets.size() ? describe(targets.get(i)) : "nothing more";
      if (!shapes(sources, i).equals(shapes(targets, i))) {
        throw new IllegalArgumentException(
            "layer %d with parameters is %s, expected %s".formatted(i + 1, source, target));
      }
    }
    for (int i = 0; i < targets.size(); i++) {
      Map<String, INDArray> values = sources.get(i).paramTable(false);
      targets.get(i).paramTable(false).forEach((name, array) -> array.assign(values.get(name)));
    }
  }

  private static List<GraphVertex> withParameters(ComputationGraph graph) {
    List<GraphVertex> vertices = new ArrayList<>();
    for (int index : graph.topologicalSortOrder()) {
      GraphVertex vertex = graph.getVertices()[index];
      if (vertex.numParams() > 0) {
        vertices.add(vertex);
      }
    }
    return vertices;
  }

  private static Map<String, String> shapes(List<GraphVertex> vertices, int index) {
    Map<String, String> shapes = new TreeMap<>();
    if (index < vertices.size()) {
      vertices
          .get(index)
          .paramTable(false)
          .forEach((name, array) -> shapes.put(name, Arrays.toString(array.shape())));
    }
    return shapes;
  }

  private static String describe(GraphVertex vertex) {
    return "'%s' %s".formatted(vertex.getVertexName(), shapes(List.of(vertex), 0));
  }
}
