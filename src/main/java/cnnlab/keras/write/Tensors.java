package cnnlab.keras.write;

import cnnlab.scratch.Network;
import cnnlab.scratch.NetworkPatterns;
import cnnlab.scratch.layer.BilinearResize2d;
import cnnlab.scratch.layer.Broadcast;
import cnnlab.scratch.layer.ChannelSlice;
import cnnlab.scratch.layer.Concatenate;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.ElementwiseMerge;
import cnnlab.scratch.layer.GroupConv2d;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.MatrixProduct;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Rearrangement;
import cnnlab.scratch.layer.Resample2d;
import cnnlab.scratch.layer.Reshape;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.layer.ZeroPad2d;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which Keras layer computes which node of a network. A vector is [F] in Keras and an image of one
 * pixel [1, 1, C], which are the same here; a Reshape turns one into the other where a layer needs
 * it.
 */
final class Tensors {
  private final Network network;
  private final NetworkPatterns patterns;
  private final KerasGraph graph;
  private final String input;

  /** For each node the Keras layer that computes its output. */
  private final String[] made;

  private final Map<String, String> turned = new HashMap<>();

  /**
   * @param graph has the input already
   * @param input the Keras layer that gives the network's input
   */
  Tensors(Network network, KerasGraph graph, String input) {
    this.network = network;
    this.graph = graph;
    this.input = input;
    patterns = new NetworkPatterns(network);
    made = new String[network.nodes().size()];
  }

  NetworkPatterns patterns() {
    return patterns;
  }

  Node node(int index) {
    return network.nodes().get(index);
  }

  float[] parameters() {
    return network.parameters();
  }

  Shape shape(int node) {
    return patterns.shape(node);
  }

  /** The Keras layer of a node, or of the network's input, -1. */
  String source(int node) {
    return node < 0 ? input : made[node];
  }

  /** Whether a node is computed already, as part of another. */
  boolean isMade(int node) {
    return made[node] != null;
  }

  void set(int node, String layer) {
    made[node] = layer;
  }

  boolean isVector(int node) {
    return isVector(source(node));
  }

  boolean isVector(String layer) {
    return graph.layer(layer).output().size() == 1;
  }

  /** A node's output as [H, W, C]. */
  String image(int node) {
    String source = source(node);
    return isVector(source)
        ? turned.computeIfAbsent(source, key -> reshape(key + "_image", key, image(shape(node))))
        : source;
  }

  /** A node's output as [F]. */
  String vector(int node) {
    String source = source(node);
    return isVector(source)
        ? source
        : turned.computeIfAbsent(source, key -> reshape(key + "_vector", key, vector(shape(node))));
  }

  /** Adds a Reshape. */
  String reshape(String name, String from, List<Integer> to) {
    ObjectNode config = KerasGraph.config();
    to.forEach(config.putArray("target_shape")::add);
    return graph.add("Reshape", name, config, List.of(from), to, List.of());
  }

  static List<Integer> vector(Shape shape) {
    return List.of(shape.size());
  }

  static List<Integer> image(Shape shape) {
    return List.of(shape.height(), shape.width(), shape.channels());
  }

  /** Adds a layer without weights that gives an image. */
  String add(String className, String name, ObjectNode config, String from, Shape out) {
    return add(className, name, config, from, image(out));
  }

  /** Adds a layer without weights; {@code out} is the shape of its output in Keras. */
  String add(String className, String name, ObjectNode config, String from, List<Integer> out) {
    return graph.add(className, name, config, List.of(from), out, List.of());
  }

  /** Whether a node's output, one pixel, is needed as an image rather than as a vector. */
  boolean neededAsImage(int node) {
    return patterns.readers(node).stream().anyMatch(this::readsImage);
  }

  private boolean readsImage(int reader) {
    Layer layer = node(reader).layer();
    if (layer instanceof Broadcast
        || layer instanceof ElementwiseMerge
        || layer instanceof Concatenate) {
      return !shape(reader).isVector();
    } else if (layer instanceof Reshape) {
      return node(reader).shape().equals(shape(node(reader).inputs().get(0)))
          && neededAsImage(reader);
    } else if (layer instanceof Dense || layer instanceof ChannelSlice) {
      return false;
    }
    return isOnImages(layer)
        || layer instanceof Rearrangement
        || !KerasTranslation.flattens(layer) && neededAsImage(reader);
  }

  /** Whether a layer takes images alone; others take vectors, too, or nothing else. */
  static boolean isOnImages(Layer layer) {
    return layer.window() != null
        || layer instanceof MatrixProduct
        || layer instanceof GroupConv2d
        || layer instanceof ZeroPad2d
        || layer instanceof BilinearResize2d
        || layer instanceof Resample2d;
  }
}
