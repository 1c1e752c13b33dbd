package cnnlab.model.summary;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeFeedForward;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * The layers of a model, each after its inputs.
 *
 * @param layers the layers; inputs have the kind {@link #INPUT}
 */
public record ModelSummary(List<LayerSummary> layers) {
  /** The kind of an input. */
  public static final String INPUT = "Input";

  /**
   * The summary of a graph.
   *
   * @param types shape of one example of each input, in the order of the graph's inputs
   * @throws RuntimeException of DL4J when the graph does not accept such inputs
   */
  public static ModelSummary of(ComputationGraph graph, InputType... types) {
    ComputationGraphConfiguration conf = graph.getConfiguration();
    // On a copy, because the call fills in missing values.
    Map<String, InputType> found = new HashMap<>(conf.clone().getLayerActivationTypes(true, types));
    for (int i = 0; i < types.length; i++) {
      found.put(conf.getNetworkInputs().get(i), types[i]);
    }
    List<LayerSummary> layers = new ArrayList<>();
    for (int index : graph.topologicalSortOrder()) {
      String name = graph.getVertices()[index].getVertexName();
      if (conf.getNetworkInputs().contains(name)) {
        layers.add(
            new LayerSummary(name, INPUT, channelsLast(found.get(name)), 0, 0, 0, List.of()));
      } else {
        requireInputs(conf, name, found);
        layers.add(layer(graph, name, found));
      }
    }
    return new ModelSummary(List.copyOf(layers));
  }

  /** DL4J works out shapes without a look at the sizes that layers were made for. */
  private static void requireInputs(
      ComputationGraphConfiguration conf, String name, Map<String, InputType> types) {
    if (!(conf.getVertices().get(name) instanceof LayerVertex vertex
        && vertex.getLayerConf().getLayer() instanceof FeedForwardLayer layer
        && (layer instanceof DenseLayer
            || layer instanceof BaseOutputLayer
            || layer instanceof ConvolutionLayer
            || layer instanceof BatchNormalization))) {
      return;
    }
    InputType in = types.get(conf.getVertexInputs().get(name).get(0));
    in = vertex.getPreProcessor() == null ? in : vertex.getPreProcessor().getOutputType(in);
    long size =
        in instanceof InputTypeConvolutional image
            ? image.getChannels()
            : in instanceof InputTypeFeedForward vector ? vector.getSize() : layer.getNIn();
    if (layer.getNIn() > 0 && size != layer.getNIn()) {
      throw new IllegalArgumentException(
          "layer '%s' was made for %s inputs and gets %s".formatted(name, layer.getNIn(), size));
    }
  }

  /**
   * The summary of a model whose inputs and outputs are joined, as if they were not.
   *
   * @param inputs the layers that stand for the model's inputs: their outputs by their names
   * @param joining the layers that only take inputs apart and join outputs
   */
  public ModelSummary apart(Map<String, List<Long>> inputs, Set<String> joining) {
    Map<String, LayerSummary> all = new HashMap<>();
    layers.forEach(layer -> all.put(layer.name(), layer));
    List<LayerSummary> made = new ArrayList<>();
    inputs.forEach(
        (name, output) -> made.add(new LayerSummary(name, INPUT, output, 0, 0, 0, List.of())));
    for (LayerSummary layer : layers) {
      if (joining.contains(layer.name()) || layer.inputs().isEmpty()) {
        continue;
      }
      List<String> read = new ArrayList<>();
      for (String from : layer.inputs()) {
        String at = from;
        while (joining.contains(at) && !inputs.containsKey(at)) {
          at = all.get(at).inputs().get(0);
        }
        read.add(at);
      }
      made.add(
          new LayerSummary(
              layer.name(),
              layer.kind(),
              layer.output(),
              layer.trainable(),
              layer.fixed(),
              layer.products(),
              List.copyOf(read)));
    }
    return new ModelSummary(List.copyOf(made));
  }

  private static LayerSummary layer(
      ComputationGraph graph, String name, Map<String, InputType> types) {
    ComputationGraphConfiguration conf = graph.getConfiguration();
    List<String> inputs = conf.getVertexInputs().get(name);
    InputType in = types.get(inputs.get(0));
    if (types.get(name).arrayElementsPerExample() == 0) {
      types.put(name, in); // DL4J does not infer the size of a loss layer
    }
    InputType out = types.get(name);
    VertexFacts facts = new VertexFacts(conf.getVertices().get(name), graph.getVertex(name));
    return new LayerSummary(
        name,
        facts.kind(in),
        channelsLast(out),
        facts.trainable(),
        facts.fixed(),
        facts.products(in, out),
        List.copyOf(inputs));
  }

  private static List<Long> channelsLast(InputType type) {
    if (type instanceof InputTypeConvolutional image) {
      return List.of(image.getHeight(), image.getWidth(), image.getChannels());
    }
    List<Long> sizes = new ArrayList<>();
    for (long size : type.getShape(false)) {
      sizes.add(size);
    }
    return List.copyOf(sizes);
  }

  /** The sum over all layers. */
  public long total(ToLongFunction<LayerSummary> figure) {
    return layers.stream().mapToLong(figure).sum();
  }
}
