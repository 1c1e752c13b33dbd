package cnnlab.show;

import cnnlab.scratch.Network;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.Dropout;
import cnnlab.scratch.layer.Flatten;
import cnnlab.scratch.layer.FlattenChannelsLast;
import cnnlab.scratch.layer.GaussianDropout;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.layer.SpatialDropout;
import cnnlab.scratch.layer.TransposedConv2d;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The weights of a layer as maps [O, C, H, W]: the kernels of a convolution, or the weights of a
 * dense layer laid back on the feature maps that it reads flattened. The maps of a group
 * convolution are counted orientation by orientation, C · 8 of them.
 */
public final class WeightMaps {
  private static final int KERNEL = 4;
  private static final int GROUP_KERNEL = 5;
  private static final String WEIGHTS = "W";
  private static final String BIAS = "b";

  private final float[] parameters;
  private final int weights;
  private final int bias;
  private final Form form;

  /**
   * The shape [O, C, H, W] of the maps and how they lie among the weights.
   *
   * @param kernels whether they are kernels
   * @param inputsFirst whether the weights have the inputs before the outputs
   * @param channelsLast whether the channel comes last among the inputs of a dense layer
   */
  private record Form(
      int outputs,
      int channels,
      int height,
      int width,
      boolean kernels,
      boolean inputsFirst,
      boolean channelsLast) {
    int plane() {
      return height * width;
    }
  }

  /** The feature maps that a dense layer reads, and the order of their values in the vector. */
  private record Source(Shape shape, boolean channelsLast) {}

  private WeightMaps(float[] parameters, int weights, int bias, Form form) {
    this.parameters = parameters;
    this.weights = weights;
    this.bias = bias;
    this.form = form;
  }

  /** The maps of a node; empty if its weights make no such picture. */
  public static Optional<WeightMaps> of(Network network, Node node) {
    int weights = -1;
    int bias = -1;
    Form form = null;
    int offset = node.parameterOffset();
    for (Layer.Parameter parameter : node.layer().parameters()) {
      if (parameter.name().equals(WEIGHTS)) {
        weights = offset;
        form = form(network, node, parameter.shape());
      } else if (parameter.name().equals(BIAS)) {
        bias = offset;
      }
      offset += parameter.size();
    }
    return form == null
        ? Optional.empty()
        : Optional.of(new WeightMaps(network.parameters(), weights, bias, form));
  }

  private static Form form(Network network, Node node, List<Integer> shape) {
    if (node.layer() instanceof Dense dense) {
      Source source = source(network, node);
      return source == null
          ? null
          : new Form(
              dense.out(),
              source.shape.channels(),
              source.shape.height(),
              source.shape.width(),
              false,
              true,
              source.channelsLast);
    }
    return switch (shape.size()) {
      case KERNEL -> {
        boolean transposed = node.layer() instanceof TransposedConv2d;
        yield new Form(
            shape.get(transposed ? 1 : 0),
            shape.get(transposed ? 0 : 1),
            shape.get(2),
            shape.get(3),
            true,
            transposed,
            false);
      }
      case GROUP_KERNEL ->
          new Form(
              shape.get(0),
              shape.get(1) * shape.get(2),
              shape.get(3),
              shape.get(4),
              true,
              false,
              false);
      default -> null;
    };
  }

  /** Behind layers that keep every value in its place; a square of pixels may be a vector. */
  private static Source source(Network network, Node node) {
    boolean channelsLast = false;
    int from = node.inputs().get(0);
    while (from >= 0 && network.nodes().get(from).shape().isVector()) {
      Node before = network.nodes().get(from);
      Layer layer = before.layer();
      channelsLast |= layer instanceof FlattenChannelsLast;
      boolean keeps =
          layer instanceof Flatten
              || layer instanceof FlattenChannelsLast
              || layer instanceof Dropout
              || layer instanceof SpatialDropout
              || layer instanceof GaussianDropout;
      if (!keeps) {
        return null;
      }
      from = before.inputs().get(0);
    }
    Shape maps = from < 0 ? network.inputShape() : network.nodes().get(from).shape();
    if (!maps.isVector()) {
      return new Source(maps, channelsLast);
    }
    int side = (int) Math.round(Math.sqrt(maps.size()));
    return side > 1 && side * side == maps.size()
        ? new Source(new Shape(1, side, side), false)
        : null;
  }

  /** Whether they are kernels, not weights laid back on feature maps. */
  public boolean areKernels() {
    return form.kernels;
  }

  /** The number of outputs, O. */
  public int outputs() {
    return form.outputs;
  }

  /** The number of maps of each output, C. */
  public int channels() {
    return form.channels;
  }

  /** The height of each map, H. */
  public int height() {
    return form.height;
  }

  /** The width of each map, W. */
  public int width() {
    return form.width;
  }

  /** The shape [O, C, H, W]. */
  public List<Integer> shape() {
    return List.of(form.outputs, form.channels, form.height, form.width);
  }

  /**
   * The weights of an output on a channel.
   *
   * @return [H, W]
   */
  public float[] map(int output, int channel) {
    int plane = form.plane();
    if (form.kernels) {
      int kernel =
          form.inputsFirst ? channel * form.outputs + output : output * form.channels + channel;
      int from = weights + kernel * plane;
      return Arrays.copyOfRange(parameters, from, from + plane);
    }
    float[] map = new float[plane];
    for (int p = 0; p < plane; p++) {
      int feature = form.channelsLast ? p * form.channels + channel : channel * plane + p;
      map[p] = parameters[weights + feature * form.outputs + output];
    }
    return map;
  }

  /** Whether the outputs have biases. */
  public boolean hasBias() {
    return bias >= 0;
  }

  /** The bias of an output; only if there are biases. */
  public float bias(int output) {
    return parameters[bias + output];
  }
}
