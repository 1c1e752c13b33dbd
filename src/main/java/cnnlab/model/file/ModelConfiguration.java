package cnnlab.model.file;

import static cnnlab.model.file.ModelArchive.fault;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.serde.JsonMappers;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** Reads the configuration of a graph from an untrusted file. */
final class ModelConfiguration {
  /** A configuration of thousands of layers has a few MB. */
  static final int MOST_BYTES = 16 << 20;

  private static final int MOST_VERTICES = 2_000;

  /** DL4J's mapper, set up to check every class name before the class is loaded. */
  private static final ObjectMapper MAPPER =
      JsonMappers.getMapper().copy().setPolymorphicTypeValidator(new AllowedClasses());

  private ModelConfiguration() {}

  static ObjectMapper mapper() {
    return MAPPER;
  }

  /**
   * Reads a configuration.
   *
   * @param json as {@code ComputationGraphConfiguration.toJson} writes it
   * @throws ModelFileException when it is not such a configuration, or names a class that is not
   *     allowed
   */
  static ComputationGraphConfiguration read(byte[] json) {
    ConfigurationScan.check(json);
    ComputationGraphConfiguration graph;
    try {
      // As text, because DL4J reads it a second time if an updater is missing.
      graph =
          MAPPER.readValue(
              AllowedClasses.renamed(new String(json, StandardCharsets.UTF_8)),
              ComputationGraphConfiguration.class);
    } catch (JsonProcessingException e) {
      throw fault(
          "%s is not the configuration of a ComputationGraph (%s)",
          ModelArchive.CONFIGURATION, e.getOriginalMessage());
    }
    requireGraph(graph);
    return graph;
  }

  /**
   * The number of parameters that the configuration implies.
   *
   * @return 0 if no layer has parameters
   * @throws ModelFileException when they do not fit into memory
   */
  static long parameters(ComputationGraphConfiguration graph) {
    // About four copies exist while the optimiser's state is also read.
    long most =
        Math.min(Runtime.getRuntime().maxMemory() / 4 / Float.BYTES, Integer.MAX_VALUE - 8L);
    long parameters = 0;
    for (GraphVertex vertex : graph.getVertices().values()) {
      long own = vertex.numParams(true);
      parameters += own;
      if (own < 0 || own > most || parameters > most) {
        throw fault(
            "%,d parameters or more; at most %,d fit into Java's memory. Give it more: "
                + "JDK_JAVA_OPTIONS=-Xmx8g",
            own < 0 ? Long.MAX_VALUE : parameters, most);
      }
    }
    return parameters;
  }

  /** Checks that the names in the graph are consistent; DL4J does not check them. */
  private static void requireGraph(ComputationGraphConfiguration graph) {
    if (graph == null
        || isEmpty(graph.getNetworkInputs())
        || isEmpty(graph.getNetworkOutputs())
        || graph.getVertices() == null
        || graph.getVertices().isEmpty()
        || graph.getVertexInputs() == null
        || graph.getDefaultConfiguration() == null) {
      throw fault(
          "%s has no inputs, outputs or vertices; expected the configuration of a ComputationGraph",
          ModelArchive.CONFIGURATION);
    }
    List<String> names = new ArrayList<>(graph.getNetworkInputs());
    names.addAll(graph.getVertices().keySet());
    if (names.size() > MOST_VERTICES) {
      throw fault("%,d vertices, the limit is %,d", names.size(), MOST_VERTICES);
    }
    Set<String> known = new HashSet<>(names);
    if (known.size() < names.size()) {
      throw fault("two vertices have the same name");
    }
    requireKnown(graph.getNetworkOutputs(), known);
    graph.getVertexInputs().values().forEach(inputs -> requireKnown(inputs, known));
    requireOrder(graph, names);
  }

  private static boolean isEmpty(List<String> list) {
    return list == null || list.isEmpty();
  }

  private static void requireKnown(List<String> used, Set<String> known) {
    for (String name : used) {
      if (!known.contains(name)) {
        throw fault("the graph uses '%s', which is neither an input nor a vertex of it", name);
      }
    }
  }

  /** Checks the topological order, which may be stored in the file; inputs come first. */
  private static void requireOrder(ComputationGraphConfiguration graph, List<String> names) {
    int[] order = graph.getTopologicalOrder();
    List<String> named = graph.getTopologicalOrderStr();
    if (order == null || named == null) {
      return;
    }
    boolean[] seen = new boolean[names.size()];
    boolean fits = order.length == names.size() && named.size() == names.size();
    for (int i = 0; fits && i < order.length; i++) {
      fits = order[i] >= 0 && order[i] < seen.length && !seen[order[i]];
      if (fits) {
        seen[order[i]] = true;
        int input = graph.getNetworkInputs().indexOf(named.get(i));
        fits = input < 0 || input == order[i];
      }
    }
    if (!fits || !new HashSet<>(named).equals(new HashSet<>(names))) {
      throw fault("the order of the vertices in %s is damaged", ModelArchive.CONFIGURATION);
    }
  }
}
