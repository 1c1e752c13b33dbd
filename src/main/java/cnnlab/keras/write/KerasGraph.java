package cnnlab.keras.write;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The layers of a model as Keras describes them. */
final class KerasGraph {
  private final Map<String, KerasLayer> layers = new LinkedHashMap<>();
  private String output;

  static ObjectNode config() {
    return JsonNodeFactory.instance.objectNode();
  }

  /**
   * Adds a layer under its name, or that name with a number if it is taken.
   *
   * @return the name
   */
  String add(
      String className,
      String name,
      ObjectNode config,
      List<String> inputs,
      List<Integer> shape,
      List<WeightValues> weights) {
    // Keras does not allow slashes in names, and its backend PyTorch no dots.
    String plain = name.replaceAll("[/.]", "_");
    String unique = plain;
    for (int i = 1; layers.containsKey(unique); i++) {
      unique = plain + "_" + i;
    }
    layers.put(unique, new KerasLayer(className, unique, config, inputs, shape, weights));
    output = unique;
    return unique;
  }

  void setOutput(String name) {
    output = name;
  }

  String output() {
    return output;
  }

  KerasLayer layer(String name) {
    return layers.get(name);
  }

  /** The input; it was added first. */
  KerasLayer input() {
    return layers.values().iterator().next();
  }

  /**
   * The layers that the output depends on, in the order in which Keras numbers the layers of a
   * class: by the length of the longest path to the output, then by first visit of a depth-first
   * search from the output.
   *
   * <p>Source: {@code map_graph} in {@code keras/src/ops/function.py}.
   */
  List<KerasLayer> ordered() {
    Map<String, Integer> visits = new HashMap<>();
    List<String> finished = new ArrayList<>();
    visit(visits, finished);
    Map<String, Integer> depths = new HashMap<>();
    for (int i = finished.size() - 1; i >= 0; i--) {
      int depth = depths.computeIfAbsent(finished.get(i), name -> 0);
      for (String from : layers.get(finished.get(i)).inputs()) {
        depths.merge(from, depth + 1, Math::max);
      }
    }
    return finished.stream()
        .map(layers::get)
        .sorted(
            Comparator.comparingInt((KerasLayer layer) -> -depths.get(layer.name()))
                .thenComparingInt(layer -> visits.get(layer.name())))
        .toList();
  }

  /** A depth-first search from the output without recursion, because models may be deep. */
  private void visit(Map<String, Integer> visits, List<String> finished) {
    record Step(String name, int[] next) {}
    List<Step> open = new ArrayList<>();
    visits.put(output, 0);
    open.add(new Step(output, new int[1]));
    while (!open.isEmpty()) {
      Step step = open.get(open.size() - 1);
      List<String> inputs = layers.get(step.name).inputs();
      if (step.next[0] == inputs.size()) {
        open.remove(open.size() - 1);
        finished.add(step.name);
        continue;
      }
      String from = inputs.get(step.next[0]++);
      if (visits.putIfAbsent(from, visits.size()) == null) {
        open.add(new Step(from, new int[1]));
      }
    }
  }
}
