package cnnlab.scratch;

import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A network from scratch: layers, each after its inputs, and one array with all parameters. No
 * library computes anything here.
 *
 * <p>The input is float [N, C, H, W], the output that of the last node, [N, …]. Prediction does not
 * change a network, so threads may share it.
 */
public final class Network {
  /** The name that stands for the network's input in {@link Builder#add}. */
  public static final String INPUT = "input";

  private final Shape inputShape;
  private final List<Node> nodes;
  private final float[] parameters;
  private final Kernels kernels;

  private Network(Shape inputShape, List<Node> nodes, float[] parameters, Kernels kernels) {
    this.inputShape = inputShape;
    this.nodes = List.copyOf(nodes);
    this.parameters = parameters;
    this.kernels = kernels;
  }

  /** Starts a network for images of the given shape. */
  public static Builder builder(Shape input) {
    return new Builder(input);
  }

  /** The shape of one image. */
  public Shape inputShape() {
    return inputShape;
  }

  /** The shape of the output for one image. */
  public Shape outputShape() {
    return nodes.get(nodes.size() - 1).shape();
  }

  /** The layers in computing order. */
  public List<Node> nodes() {
    return nodes;
  }

  /**
   * All parameters, layer after layer. This is the array itself, not a copy: training writes to it.
   */
  public float[] parameters() {
    return parameters;
  }

  /** The kernels this network computes with. */
  public Kernels kernels() {
    return kernels;
  }

  /**
   * The same layers and kernels with other parameters.
   *
   * @param other the parameters; kept, not copied
   * @throws IllegalArgumentException when the layers have another number of parameters
   */
  public Network withParameters(float[] other) {
    if (other.length != parameters.length) {
      throw new IllegalArgumentException(
          "%d parameters given, the layers have %d".formatted(other.length, parameters.length));
    }
    return new Network(inputShape, nodes, other, kernels);
  }

  /**
   * The network's output.
   *
   * @param x images [n, C, H, W]
   * @param n the number of images
   * @return [n, …], the last node's output; for a classifier class probabilities [n, K]
   * @throws IllegalArgumentException when {@code x} holds fewer than n images
   */
  public float[] predict(float[] x, int n) {
    float[] out = new float[n * outputShape().size()];
    new Inference(this).run(x, 0, n, out);
    return out;
  }

  /**
   * The output of every layer, by its name in computing order.
   *
   * @param x images [n, C, H, W]
   * @param n the number of images
   * @return for each layer [n, C, H, W] or [n, F]
   */
  public Map<String, float[]> activations(float[] x, int n) {
    float[][] outputs = new float[nodes.size()][];
    Map<String, float[]> out = new LinkedHashMap<>();
    for (int k = 0; k < outputs.length; k++) {
      outputs[k] = new float[n * nodes.get(k).shape().size()];
      out.put(nodes.get(k).name(), outputs[k]);
    }
    new Inference(this).activations(x, 0, n, outputs);
    return out;
  }

  /**
   * @throws IllegalArgumentException when {@code x} holds fewer than n images
   */
  public void checkImages(float[] x, int n) {
    if (x.length < n * inputShape.size()) {
      throw new IllegalArgumentException(
          "%d values are not %d images of %s".formatted(x.length, n, inputShape));
    }
  }

  /** Collects layers. */
  public static final class Builder {
    private final Shape input;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Integer> positions = new LinkedHashMap<>();
    private int parameterCount;

    private Builder(Shape input) {
      this.input = input;
      positions.put(INPUT, -1);
    }

    /**
     * Adds a layer.
     *
     * @param name unique
     * @param layer what it computes
     * @param inputs names of earlier layers, or {@link Network#INPUT}; if empty, the layer before
     * @throws IllegalArgumentException when a name is taken or unknown, or the layer does not fit
     *     its inputs; the message names the layer
     */
    public Builder add(String name, Layer layer, String... inputs) {
      List<Integer> from = new ArrayList<>();
      for (String in : inputs) {
        Integer position = positions.get(in);
        if (position == null) {
          throw new IllegalArgumentException(
              "layer '%s': its input '%s' is not among %s".formatted(name, in, positions.keySet()));
        }
        from.add(position);
      }
      if (inputs.length == 0) {
        from.add(nodes.size() - 1);
      }
      if (positions.putIfAbsent(name, nodes.size()) != null) {
        throw new IllegalArgumentException("there are two layers '%s'".formatted(name));
      }
      nodes.add(new Node(name, layer, List.copyOf(from), shape(name, layer, from), parameterCount));
      parameterCount = Math.addExact(parameterCount, layer.parameterCount());
      return this;
    }

    private Shape shape(String name, Layer layer, List<Integer> from) {
      try {
        return layer.outputShape(
            from.stream().map(k -> k < 0 ? input : nodes.get(k).shape()).toList());
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("layer '%s': %s".formatted(name, e.getMessage()), e);
      }
    }

    /** The layers so far. */
    public List<Node> nodes() {
      return List.copyOf(nodes);
    }

    /** The output's shape of an earlier layer, or the input's for {@link Network#INPUT}. */
    public Shape shape(String name) {
      int position = positions.get(name);
      return position < 0 ? input : nodes.get(position).shape();
    }

    /** The number of parameters of the layers so far. */
    public int parameterCount() {
      return parameterCount;
    }

    /**
     * The network with these parameters.
     *
     * @param parameters layer after layer, in the order of {@link Layer#parameters}; kept, not
     *     copied
     * @param kernels the loops to compute with
     * @throws IllegalArgumentException when there are no layers or the number of parameters is not
     *     theirs
     */
    public Network build(float[] parameters, Kernels kernels) {
      if (nodes.isEmpty()) {
        throw new IllegalArgumentException("a network needs at least one layer");
      }
      if (parameters.length != parameterCount) {
        throw new IllegalArgumentException(
            "%d parameters given, the layers have %d".formatted(parameters.length, parameterCount));
      }
      return new Network(input, nodes, parameters, kernels);
    }
  }
}
