package cnnlab.keras.write;

import cnnlab.model.file.ModelFileException;
import cnnlab.scratch.Network;
import cnnlab.scratch.layer.Activate;
import cnnlab.scratch.layer.Activation;
import cnnlab.scratch.layer.BatchNorm;
import cnnlab.scratch.layer.Concatenate;
import cnnlab.scratch.layer.Conv2d;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.DepthwiseConv2d;
import cnnlab.scratch.layer.ElementwiseMerge;
import cnnlab.scratch.layer.Flatten;
import cnnlab.scratch.layer.FlattenChannelsLast;
import cnnlab.scratch.layer.GlobalAvgPool2d;
import cnnlab.scratch.layer.GlobalMaxPool2d;
import cnnlab.scratch.layer.GroupConv2d;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.LogSoftmax;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.PRelu;
import cnnlab.scratch.layer.ScaleShift;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.layer.Softmax;
import cnnlab.scratch.layer.SpatialDropout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Translates a network from scratch to Keras layers, node by node. Images are channels last in
 * Keras and channels first here, so kernels are permuted.
 */
final class KerasTranslation {
  private static final String LINEAR = "/linear";
  private static final String DROPOUT = "/dropout";

  private final Network network;
  private final Penalties penalties;
  private final KerasGraph graph;

  /** For each node the Keras layer that computes its output. */
  private final String[] made;

  /** For each node an image that its output contains channels first, unlike in Keras; or null. */
  private final Shape[] channelsFirst;

  private final Map<Integer, List<Integer>> consumers = new HashMap<>();

  /** The Keras layer of the network's input. */
  private String input;

  private KerasTranslation(Network network, Penalties penalties, KerasGraph graph) {
    this.network = network;
    this.penalties = penalties;
    this.graph = graph;
    int n = network.nodes().size();
    made = new String[n];
    channelsFirst = new Shape[n];
    for (int i = 0; i < n; i++) {
      for (int from : network.nodes().get(i).inputs()) {
        consumers.computeIfAbsent(from, key -> new ArrayList<>()).add(i);
      }
    }
  }

  /**
   * Adds a network's layers.
   *
   * @param graph has the input already
   * @param from the layer that gives the network's input
   * @throws ModelFileException when a layer cannot be said in Keras; the message names it
   */
  static void add(Network network, Penalties penalties, KerasGraph graph, String from) {
    KerasTranslation translation = new KerasTranslation(network, penalties, graph);
    translation.input = from;
    for (int i = 0; i < network.nodes().size(); i++) {
      translation.add(i);
    }
    int last = network.nodes().size() - 1;
    if (graph.input().name().equals(translation.made[last])) {
      throw new ModelFileException("the model computes nothing: its output is its input", null);
    }
    graph.setOutput(translation.made[last]);
  }

  /** The refusal of a layer that Keras does not have. */
  static ModelFileException refused(Node node, String what) {
    return new ModelFileException(
        "layer '%s' (%s): %s, so it cannot be written as a Keras file"
            .formatted(node.name(), node.layer().kind(), what),
        null);
  }

  private String source(int node) {
    return node < 0 ? input : made[node];
  }

  private Shape shape(int node) {
    return node < 0 ? network.inputShape() : network.nodes().get(node).shape();
  }

  private List<String> inputs(Node node) {
    return node.inputs().stream().map(this::source).toList();
  }

  private boolean isVector(String layer) {
    return graph.layer(layer).output().size() == 1;
  }

  private void add(int index) {
    Node node = network.nodes().get(index);
    Layer layer = node.layer();
    int from = node.inputs().get(0);
    Shape order = from < 0 ? null : channelsFirst[from];
    if (layer instanceof Flatten || layer instanceof FlattenChannelsLast) {
      flatten(index, node, layer instanceof Flatten);
    } else if (isLinear(layer)) {
      made[index] = source(from);
      channelsFirst[index] = order;
    } else if (layer instanceof Activate
        || layer instanceof Softmax
        || layer instanceof LogSoftmax) {
      activation(index, node);
      channelsFirst[index] = order;
    } else if (NoiseLayers.isNoise(layer)) {
      boolean image = !isVector(source(from));
      put(index, plainName(index, node), NoiseLayers.of(node, image), null, node);
      channelsFirst[index] = order;
    } else if (layer instanceof Dense dense) {
      addWeighted(index, node, WeightLayers.dense(node, dense, network.parameters(), order));
    } else {
      addOther(index, node);
    }
  }

  private void addOther(int index, Node node) {
    Layer layer = node.layer();
    int from = node.inputs().get(0);
    float[] parameters = network.parameters();
    if (layer instanceof Conv2d conv) {
      window(index, node, WeightLayers.convolution(node, conv, parameters));
    } else if (layer instanceof DepthwiseConv2d conv) {
      window(index, node, WeightLayers.depthwise(node, conv, parameters));
    } else if (layer instanceof BatchNorm norm) {
      put(index, node.name(), WeightLayers.batchNorm(node, norm, parameters), null, node);
    } else if (layer instanceof PRelu prelu) {
      boolean image = !isVector(source(from));
      put(index, node.name(), WeightLayers.prelu(node, prelu, parameters, image), null, node);
    } else if (layer instanceof ScaleShift rescaling) {
      put(index, node.name(), PlainLayers.rescaling(rescaling), null, node);
    } else if (layer instanceof GlobalAvgPool2d || layer instanceof GlobalMaxPool2d) {
      put(index, node.name(), PlainLayers.globalPooling(layer), vector(node), node);
    } else if (layer instanceof ElementwiseMerge || layer instanceof Concatenate) {
      requireSameRank(node);
      put(index, node.name(), PlainLayers.merge(layer), null, node);
    } else if (layer instanceof GroupConv2d) {
      throw refused(node, "Keras has no equivariant group convolution");
    } else {
      PlainLayers.Windowed pooled = PlainLayers.pooling(node, shape(from), nonNegative(from));
      if (pooled == null) {
        throw refused(node, "the export does not know this layer");
      }
      windowed(index, node, pooled.made(), pooled.padding());
    }
  }

  private static List<Integer> vector(Node node) {
    return List.of(node.shape().size());
  }

  private static List<Integer> image(Shape shape) {
    return List.of(shape.height(), shape.width(), shape.channels());
  }

  /** Merging layers broadcast in Keras, so [C] and [1, 1, C] would give [N, N, ...]. */
  private void requireSameRank(Node node) {
    if (inputs(node).stream().map(this::isVector).distinct().count() > 1) {
      throw refused(
          node, "it merges a vector with an image of one pixel, which Keras would broadcast");
    }
  }

  /** A layer with a kernel on an image: its padding may need a layer of its own. */
  private void window(int index, Node node, WeightLayers.Made layer) {
    int[] padding = layer.padding();
    List<String> inputs = inputs(node);
    if (padding != null) {
      inputs = List.of(pad(node, padding));
    }
    penalties.apply(node, layer.config(), layer.className());
    addFused(index, node, layer, inputs, image(node.shape()));
  }

  private void windowed(int index, Node node, WeightLayers.Made layer, int[] padding) {
    List<String> inputs = padding == null ? inputs(node) : List.of(pad(node, padding));
    made[index] =
        graph.add(
            layer.className(), node.name(), layer.config(), inputs, image(node.shape()), List.of());
  }

  /** Adds zeros (top, bottom, left, right) around the input; returns the layer. */
  private String pad(Node node, int[] p) {
    Shape in = shape(node.inputs().get(0));
    return graph.add(
        "ZeroPadding2D",
        node.name() + "_pad",
        PlainLayers.padding(p),
        inputs(node),
        List.of(in.height() + p[0] + p[1], in.width() + p[2] + p[3], in.channels()),
        List.of());
  }

  private void addWeighted(int index, Node node, WeightLayers.Made layer) {
    penalties.apply(node, layer.config(), layer.className());
    addFused(index, node, layer, inputs(node), vector(node));
  }

  /** The activation that follows becomes an argument if Keras has a name for it. */
  private void addFused(
      int index, Node node, WeightLayers.Made layer, List<String> inputs, List<Integer> shape) {
    String name = node.name();
    List<Integer> next = consumers.getOrDefault(index, List.of());
    if (name.endsWith(LINEAR) && next.size() == 1) {
      Node after = network.nodes().get(next.get(0));
      String function = Functions.name(after.layer());
      if (function != null && name.equals(after.name() + LINEAR)) {
        layer.config().put(Functions.ARGUMENT, function);
        name = after.name();
        made[next.get(0)] =
            graph.add(layer.className(), name, layer.config(), inputs, shape, layer.weights());
        made[index] = made[next.get(0)];
        return;
      }
    }
    made[index] =
        graph.add(layer.className(), name, layer.config(), inputs, shape, layer.weights());
  }

  private void activation(int index, Node node) {
    if (made[index] != null) {
      return; // an argument of the layer before it
    }
    put(index, node.name(), Functions.layer(node), null, node);
  }

  private void put(
      int index, String name, WeightLayers.Made layer, List<Integer> shape, Node node) {
    List<String> inputs = inputs(node);
    List<Integer> out = shape;
    if (out == null) {
      out = isVector(inputs.get(0)) ? vector(node) : image(node.shape());
    }
    made[index] = graph.add(layer.className(), name, layer.config(), inputs, out, layer.weights());
  }

  /** DL4J's dropout layer is a dropout and an identity; together they get the layer's name. */
  private String plainName(int index, Node node) {
    if (!node.name().endsWith(DROPOUT)) {
      return node.name();
    }
    String base = node.name().substring(0, node.name().length() - DROPOUT.length());
    boolean whole =
        consumers.getOrDefault(index, List.of()).stream()
            .map(network.nodes()::get)
            .anyMatch(next -> next.name().equals(base) && isLinear(next.layer()));
    return whole ? base : base + "_dropout";
  }

  private static boolean isLinear(Layer layer) {
    return layer instanceof Activate activate
        && activate.activation().kind() == Activation.Kind.LINEAR;
  }

  /**
   * Flattens. Keras' order is channels last; if dense layers alone read a vector that is channels
   * first here, their kernels are permuted, otherwise the image is.
   */
  private void flatten(int index, Node node, boolean first) {
    int from = node.inputs().get(0);
    String source = source(from);
    if (isVector(source)) {
      made[index] = source;
      return;
    }
    Shape in = shape(from);
    List<String> inputs = List.of(source);
    if (first && in.channels() > 1 && in.plane() > 1) {
      if (readByDense(index)) {
        channelsFirst[index] = in;
      } else {
        inputs =
            List.of(
                graph.add(
                    "Permute",
                    node.name() + "_permute",
                    PlainLayers.channelsFirst(),
                    inputs,
                    List.of(in.channels(), in.height(), in.width()),
                    List.of()));
      }
    }
    made[index] =
        graph.add(
            "Flatten", node.name(), PlainLayers.channelsLast(), inputs, vector(node), List.of());
  }

  /** Whether all readers are dense layers, or treat all values alike and are read by such. */
  private boolean readByDense(int index) {
    List<Integer> next = consumers.getOrDefault(index, List.of());
    return !next.isEmpty()
        && next.stream()
            .allMatch(
                i -> {
                  Layer layer = network.nodes().get(i).layer();
                  boolean alike =
                      layer instanceof Activate
                          || NoiseLayers.isNoise(layer) && !(layer instanceof SpatialDropout);
                  return layer instanceof Dense || alike && readByDense(i);
                });
  }

  /** Whether a node's output is never negative, so that zeros around it do not change a maximum. */
  private boolean nonNegative(int node) {
    if (node < 0) {
      return false;
    }
    Layer layer = network.nodes().get(node).layer();
    return layer instanceof Conv2d conv && conv.relu()
        || layer instanceof DepthwiseConv2d depthwise && depthwise.relu()
        || layer instanceof Activate activate && Functions.nonNegative(activate.activation());
  }
}
