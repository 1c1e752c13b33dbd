package cnnlab.model;

import cnnlab.model.layer.ChannelAffine;
import cnnlab.model.layer.ChannelsLastFlatten;
import cnnlab.model.shape.InputPart;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A graph with several inputs or outputs as one with a single input and a single output, which both
 * engines and all that compares them take.
 *
 * <p>Several inputs become one vector [N, F], the inputs one after the other; an {@link InputPart}
 * with the name of each input takes it out. Several outputs are joined to one vector in the same
 * way. The values of an image stand in the order [H, W, C] in both. A single input or output stays
 * as it is. Nothing that the graph computes changes.
 *
 * @param graph the graph, with the parameters of the original
 * @param inputs the inputs of the original, in its order
 * @param outputs the outputs of the original, in its order
 * @param joining the vertices that only take apart and join; they compute nothing
 */
public record JoinedGraph(
    ComputationGraph graph, List<End> inputs, List<End> outputs, Set<String> joining) {
  private static final String INPUTS = "inputs";
  private static final String OUTPUTS = "outputs";
  private static final String OUTPUT = ".output";
  private static final String COPY = ".copy";

  /**
   * One input or output.
   *
   * @param name its name in the original
   * @param vertex the vertex that gives its values
   * @param from its first value in the vector of all
   * @param sizes [H, W, C] or [F]
   */
  public record End(String name, String vertex, int from, List<Integer> sizes) {
    /** The number of its values. */
    public int size() {
      return JoinedGraph.size(sizes);
    }
  }

  /** The number of values of all inputs for one example. */
  public int inputSize() {
    return inputs.stream().mapToInt(End::size).reduce(0, Math::addExact);
  }

  /** The number of values of all outputs for one example. */
  public int outputSize() {
    return outputs.stream().mapToInt(End::size).reduce(0, Math::addExact);
  }

  /** Whether a graph has several inputs or outputs. */
  public static boolean concerns(ComputationGraph graph) {
    ComputationGraphConfiguration conf = graph.getConfiguration();
    return conf.getNetworkInputs().size() > 1 || conf.getNetworkOutputs().size() > 1;
  }

  /**
   * Whether the sizes of all dense layers suit such inputs. DL4J does not check them before it
   * computes.
   */
  public static boolean fits(ComputationGraph graph, List<InputType> types) {
    ComputationGraphConfiguration conf = graph.getConfiguration();
    try {
      Map<String, InputType> shapes = shapes(conf, types);
      return conf.getVertices().entrySet().stream()
          .allMatch(
              e ->
                  !(e.getValue() instanceof LayerVertex v)
                      || !(v.getLayerConf().getLayer() instanceof BaseOutputLayer
                          || v.getLayerConf().getLayer() instanceof DenseLayer)
                      || !(v.getLayerConf().getLayer() instanceof FeedForwardLayer layer)
                      || shapes
                              .get(conf.getVertexInputs().get(e.getKey()).get(0))
                              .arrayElementsPerExample()
                          == layer.getNIn());
    } catch (RuntimeException e) {
      return false;
    }
  }

  /**
   * Joins a graph's inputs and outputs.
   *
   * @param types shape of one example of each input, in the order of the graph's inputs
   * @throws RuntimeException of DL4J when the graph does not accept such inputs
   */
  public static JoinedGraph of(ComputationGraph graph, List<InputType> types) {
    return of(graph, types, graph.getConfiguration().getNetworkOutputs());
  }

  /**
   * Joins a graph's inputs and the given outputs.
   *
   * @param outputs names of vertices; one may stand there twice
   */
  public static JoinedGraph of(
      ComputationGraph graph, List<InputType> types, List<String> outputs) {
    return new Joining(graph, types).join(outputs);
  }

  private static int size(List<Integer> sizes) {
    return sizes.stream().reduce(1, Math::multiplyExact);
  }

  /** The shape of one example of each vertex; a loss layer has that of its input. */
  private static Map<String, InputType> shapes(
      ComputationGraphConfiguration conf, List<InputType> types) {
    // On a copy, because the call fills in missing values.
    Map<String, InputType> shapes =
        new HashMap<>(conf.clone().getLayerActivationTypes(true, types.toArray(InputType[]::new)));
    for (int i = 0; i < types.size(); i++) {
      shapes.put(conf.getNetworkInputs().get(i), types.get(i));
    }
    return shapes;
  }

  private static final class Joining {
    private final ComputationGraph original;
    private final ComputationGraphConfiguration conf;
    private final List<InputType> types;
    private final Map<String, InputType> shapes;
    private final Map<String, GraphVertex> vertices;
    private final Map<String, List<String>> reads;
    private final Set<String> joining = new HashSet<>();

    Joining(ComputationGraph original, List<InputType> types) {
      this.original = original;
      this.types = types;
      this.conf = original.getConfiguration().clone();
      this.shapes = shapes(conf, types);
      this.vertices = new LinkedHashMap<>(conf.getVertices());
      this.reads = new LinkedHashMap<>(conf.getVertexInputs());
    }

    JoinedGraph join(List<String> outputVertices) {
      List<End> inputs = ends(conf.getNetworkInputs());
      List<End> outputs = ends(outputVertices);
      if (inputs.size() > 1) {
        joinInputs(inputs);
      }
      if (outputs.size() > 1) {
        joinOutputs(outputs);
      }
      conf.setVertices(vertices);
      conf.setVertexInputs(reads);
      conf.setTopologicalOrder(null);
      conf.setTopologicalOrderStr(null);
      conf.setValidateOutputLayerConfig(false);
      ComputationGraph made = new ComputationGraph(conf);
      made.init();
      Map<String, INDArray> parameters = made.paramTable();
      original.paramTable().forEach((name, values) -> parameters.get(name).assign(values));
      return new JoinedGraph(made, inputs, outputs, Set.copyOf(joining));
    }

    private List<End> ends(List<String> names) {
      List<End> ends = new ArrayList<>();
      int from = 0;
      for (String name : names) {
        End end = new End(name, name, from, sizes(name));
        ends.add(end);
        from = Math.addExact(from, end.size());
      }
      return List.copyOf(ends);
    }

    private List<Integer> sizes(String name) {
      InputType type = shapes.get(name);
      while (type.arrayElementsPerExample() == 0) {
        // DL4J does not infer the size of a loss layer.
        name = reads.get(name).get(0);
        type = shapes.get(name);
      }
      if (type instanceof InputType.InputTypeConvolutional image) {
        return List.of(
            Math.toIntExact(image.getHeight()),
            Math.toIntExact(image.getWidth()),
            Math.toIntExact(image.getChannels()));
      } else if (type instanceof InputType.InputTypeFeedForward) {
        return List.of(Math.toIntExact(type.arrayElementsPerExample()));
      }
      throw new IllegalArgumentException(
          "'%s' has the shape %s; expected vectors or images".formatted(name, type));
    }

    private void joinInputs(List<End> inputs) {
      End last = inputs.get(inputs.size() - 1);
      int all = Math.addExact(last.from(), last.size());
      String joined = free(INPUTS);
      Set<String> read = new HashSet<>();
      reads.values().forEach(read::addAll);
      for (End input : inputs) {
        if (read.contains(input.name())) {
          int[] to = input.sizes().stream().mapToInt(Integer::intValue).toArray();
          add(input.name(), new InputPart(all, input.from(), to), joined);
        }
      }
      conf.setNetworkInputs(new ArrayList<>(List.of(joined)));
    }

    private void joinOutputs(List<End> outputs) {
      keepFromOverwriting(outputs);
      List<String> parts = new ArrayList<>();
      for (End output : outputs) {
        String vertex = output.vertex();
        if (output.sizes().size() > 1) {
          List<Integer> s = output.sizes();
          vertex = free(vertex + OUTPUT);
          add(vertex, new ChannelsLastFlatten(s.get(0), s.get(1), s.get(2)), output.vertex());
        } else if (parts.contains(vertex) || !vertices.containsKey(vertex)) {
          vertex = free(vertex + OUTPUT);
          add(vertex, same(), output.vertex());
        }
        parts.add(vertex);
      }
      String joined = free(OUTPUTS);
      vertices.put(joined, new MergeVertex());
      reads.put(joined, parts);
      joining.add(joined);
      conf.setNetworkOutputs(new ArrayList<>(List.of(joined)));
    }

    /** DL4J's activation layers overwrite their input at inference. */
    private void keepFromOverwriting(List<End> outputs) {
      for (String output : outputs.stream().map(End::vertex).distinct().toList()) {
        for (String reader : List.copyOf(reads.keySet())) {
          if (vertices.get(reader) instanceof LayerVertex v
              && (v.getLayerConf().getLayer() instanceof ActivationLayer
                  || v.getLayerConf().getLayer() instanceof PReLULayer)
              && reads.get(reader).contains(output)) {
            String copy = free(output + COPY);
            add(copy, same(), output);
            reads.put(reader, new ArrayList<>(List.of(copy)));
          }
        }
      }
    }

    private static InputPreProcessor same() {
      return new ChannelAffine(new float[] {1}, new float[] {0});
    }

    private void add(String name, InputPreProcessor made, String from) {
      vertices.put(name, new PreprocessorVertex(made));
      reads.put(name, new ArrayList<>(List.of(from)));
      joining.add(name);
    }

    private String free(String wanted) {
      String name = wanted;
      for (int i = 2; vertices.containsKey(name) || conf.getNetworkInputs().contains(name); i++) {
        name = wanted + "." + i;
      }
      return name;
    }
  }
}
