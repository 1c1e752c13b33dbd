package cnnlab.model;

import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** A graph's parameters as plain arrays. */
public final class ModelParameters {
  private ModelParameters() {}

  /**
   * Copies of all parameter tensors, row-major, by DL4J's names ({@code layer_W}, {@code layer_b},
   * ...).
   */
  public static Map<String, float[]> of(ComputationGraph graph) {
    Map<String, float[]> values = new LinkedHashMap<>();
    graph.paramTable().forEach((name, array) -> values.put(name, array.dup('c').data().asFloat()));
    return values;
  }
}
