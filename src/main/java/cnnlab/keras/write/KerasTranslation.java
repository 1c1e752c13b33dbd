package cnnlab.keras.write;

import cnnlab.model.file.ModelFileException;
import cnnlab.scratch.GroupedConvolution;
import cnnlab.scratch.Network;
import cnnlab.scratch.layer.Activate;
import cnnlab.scratch.layer.Activation;
import cnnlab.scratch.layer.BatchNorm;
import cnnlab.scratch.layer.Concatenate;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.ElementwiseMerge;
import cnnlab.scratch.layer.Flatten;
import cnnlab.scratch.layer.FlattenChannelsLast;
import cnnlab.scratch.layer.GlobalAvgPool2d;
import cnnlab.scratch.layer.GlobalMaxPool2d;
import cnnlab.scratch.layer.GroupConv2d;
import cnnlab.scratch.layer.GroupNorm;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.LogSoftmax;
import cnnlab.scratch.layer.MatrixProduct;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.PRelu;
import cnnlab.scratch.layer.ScaleShift;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.layer.Softmax;
import cnnlab.scratch.layer.SpatialDropout;
import java.util.List;

/**
 * Translates a network from scratch to Keras layers, node by node. Images are channels last in
 * Keras and channels first here, so kernels are permuted.
 */
final class KerasTranslation {
  /** Ends the name of a node whose activation is the next node. */
  static final String LINEAR = "/linear";

  private static final String DROPOUT = "/dropout";

  private final Network network;
  private final Penalties penalties;
  private final KerasGraph graph;
  private final Tensors tensors;
  private final Windows windows;
  private final Rearrangements rearrangements;

  /** For each node an image that its output contains channels first, unlike in Keras; or null. */
  private final Shape[] channelsFirst;

  private KerasTranslation(Network network, Penalties penalties, KerasGraph graph, String input) {
    this.network = network;
    this.penalties = penalties;
    this.graph = graph;
    tensors = new Tensors(network, graph, input);
    windows = new Windows(tensors, penalties, graph);
    rearrangements = new Rearrangements(tensors);
    channelsFirst = new Shape[network.nodes().size()];
  }

  /**
   * Adds a network's layers.
   *
   * @param graph has the input already
   * @param from the layer that gives the network's input
   * @param output shape of the output for one example, or null for that of the last layer
   * @throws ModelFileException when a layer cannot be said in Keras; the message names it
   */
  static void add(
      Network network, Penalties penalties, KerasGraph graph, String from, List<Integer> output) {
    KerasTranslation translation = new KerasTranslation(network, penalties, graph, from);
    for (int i = 0; i < network.nodes().size(); i++) {
      if (!translation.tensors.patterns().isPart(i) && !translation.tensors.isMade(i)) {
        translation.add(i);
      }
    }
    String last = translation.tensors.source(network.nodes().size() - 1);
    if (graph.input().name().equals(last)) {
      throw new ModelFileException("the model computes nothing: its output is its input", null);
    }
    boolean other = output != null && !output.equals(graph.layer(last).output());
    graph.setOutput(other ? translation.tensors.reshape(last + "_output", last, output) : last);
  }

  /** The refusal of a layer that Keras does not have. */
  static ModelFileException refused(Node node, String what) {
    return new ModelFileException(
        "layer '%s' (%s): %s, so it cannot be written as a Keras file"
            .formatted(node.name(), node.layer().kind(), what),
        null);
  }

  /** Whether a layer makes a vector of an image. */
  static boolean flattens(Layer layer) {
    return layer instanceof Flatten || layer instanceof FlattenChannelsLast;
  }

  private void add(int index) {
    Node node = network.nodes().get(index);
    Layer layer = node.layer();
    int from = node.inputs().get(0);
    Shape order = from < 0 ? null : channelsFirst[from];
    GroupedConvolution grouped = tensors.patterns().grouped(index);
    if (grouped != null) {
      windows.add(index, grouped);
    } else if (flattens(layer)) {
      flatten(index, node, layer instanceof Flatten);
    } else if (isLinear(layer)) {
      tensors.set(index, tensors.source(from));
      channelsFirst[index] = order;
    } else if (layer instanceof Activate
        || layer instanceof Softmax
        || layer instanceof LogSoftmax) {
      tensors.set(index, Functions.add(graph, node, tensors.source(from)));
      channelsFirst[index] = order;
    } else if (NoiseLayers.isNoise(layer)) {
      boolean image = !tensors.isVector(from);
      put(index, plainName(index, node), NoiseLayers.of(node, image));
      channelsFirst[index] = order;
    } else if (layer instanceof Dense dense) {
      dense(index, node, dense, order);
    } else {
      addOther(index, node);
    }
  }

  private void addOther(int index, Node node) {
    Layer layer = node.layer();
    int from = node.inputs().get(0);
    float[] parameters = network.parameters();
    if (layer instanceof BatchNorm norm) {
      put(index, node.name(), NormLayers.batch(node, norm, parameters));
    } else if (layer instanceof GroupNorm norm) {
      put(index, node.name(), NormLayers.group(node, norm, parameters, tensors.isVector(from)));
    } else if (layer instanceof PRelu prelu) {
      boolean image = !tensors.isVector(from);
      put(index, node.name(), WeightLayers.prelu(node, prelu, parameters, image));
    } else if (layer instanceof ScaleShift rescaling) {
      put(index, node.name(), PlainLayers.rescaling(rescaling));
    } else if (layer instanceof GlobalAvgPool2d || layer instanceof GlobalMaxPool2d) {
      globalPooling(index, node);
    } else if (layer instanceof ElementwiseMerge || layer instanceof Concatenate) {
      merge(index, node);
    } else if (layer instanceof MatrixProduct) {
      List<String> factors = node.inputs().stream().map(tensors::image).toList();
      tensors.set(
          index,
          graph.add(
              KerasLayer.MATMUL,
              node.name(),
              KerasGraph.config(),
              factors,
              Tensors.image(node.shape()),
              List.of()));
    } else if (layer instanceof GroupConv2d) {
      throw refused(node, "Keras has no equivariant group convolution");
    } else if (!windows.add(index)) {
      String made = rearrangements.add(index);
      if (made == null) {
        throw refused(node, "the export does not know this layer");
      }
      tensors.set(index, made);
    }
  }

  /** A layer that keeps the shape of its only input. */
  private void put(int index, String name, WeightLayers.Made layer) {
    String from = tensors.source(network.nodes().get(index).inputs().get(0));
    tensors.set(
        index,
        graph.add(
            layer.className(),
            name,
            layer.config(),
            List.of(from),
            graph.layer(from).output(),
            layer.weights()));
  }

  private void globalPooling(int index, Node node) {
    boolean image = tensors.neededAsImage(index);
    WeightLayers.Made layer = PlainLayers.globalPooling(node.layer(), image);
    tensors.set(
        index,
        graph.add(
            layer.className(),
            node.name(),
            layer.config(),
            List.of(tensors.image(node.inputs().get(0))),
            image ? Tensors.image(node.shape()) : Tensors.vector(node.shape()),
            List.of()));
  }

  /**
   * Merging layers broadcast in Keras, so that [C] and [1, 1, C] would give [N, N, …]: inputs of
   * which some are vectors become images.
   */
  private void merge(int index, Node node) {
    boolean vectors = node.inputs().stream().allMatch(tensors::isVector);
    List<String> inputs =
        node.inputs().stream()
            .map(from -> vectors ? tensors.source(from) : tensors.image(from))
            .toList();
    WeightLayers.Made layer = PlainLayers.merge(node.layer());
    tensors.set(
        index,
        graph.add(
            layer.className(),
            node.name(),
            layer.config(),
            inputs,
            vectors ? Tensors.vector(node.shape()) : Tensors.image(node.shape()),
            List.of()));
  }

  private void dense(int index, Node node, Dense dense, Shape order) {
    WeightLayers.Made layer = WeightLayers.dense(node, dense, network.parameters(), order);
    penalties.apply(node, layer.config(), layer.className());
    int fused = windows.fuse(index, layer);
    String made =
        graph.add(
            layer.className(),
            network.nodes().get(fused).name(),
            layer.config(),
            List.of(tensors.vector(node.inputs().get(0))),
            Tensors.vector(node.shape()),
            layer.weights());
    tensors.set(index, made);
    tensors.set(fused, made);
  }

  /** DL4J's dropout layer is a dropout and an identity; together they get the layer's name. */
  private String plainName(int index, Node node) {
    if (!node.name().endsWith(DROPOUT)) {
      return node.name();
    }
    String base = node.name().substring(0, node.name().length() - DROPOUT.length());
    boolean whole =
        tensors.patterns().readers(index).stream()
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
    String source = tensors.source(from);
    if (tensors.isVector(source)) {
      tensors.set(index, source);
      return;
    }
    Shape in = tensors.shape(from);
    if (first && in.channels() > 1 && in.plane() > 1) {
      if (readByDense(index)) {
        channelsFirst[index] = in;
      } else {
        source =
            graph.add(
                "Permute",
                node.name() + "_permute",
                PlainLayers.channelsFirst(),
                List.of(source),
                List.of(in.channels(), in.height(), in.width()),
                List.of());
      }
    }
    tensors.set(
        index,
        graph.add(
            "Flatten",
            node.name(),
            PlainLayers.channelsLast(),
            List.of(source),
            Tensors.vector(node.shape()),
            List.of()));
  }

  /** Whether all readers are dense layers, or treat all values alike and are read by such. */
  private boolean readByDense(int index) {
    List<Integer> next = tensors.patterns().readers(index);
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
}
