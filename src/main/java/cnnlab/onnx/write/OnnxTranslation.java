package cnnlab.onnx.write;

import static cnnlab.onnx.write.OnnxNodes.decimal;
import static cnnlab.onnx.write.OnnxNodes.integer;
import static cnnlab.onnx.write.OnnxNodes.list;

import cnnlab.model.file.ModelFileException;
import cnnlab.scratch.GroupedConvolution;
import cnnlab.scratch.Network;
import cnnlab.scratch.NetworkPatterns;
import cnnlab.scratch.layer.Activate;
import cnnlab.scratch.layer.BatchNorm;
import cnnlab.scratch.layer.BilinearResize2d;
import cnnlab.scratch.layer.Broadcast;
import cnnlab.scratch.layer.ChannelSlice;
import cnnlab.scratch.layer.Concatenate;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.Dropout;
import cnnlab.scratch.layer.ElementwiseMerge;
import cnnlab.scratch.layer.Flatten;
import cnnlab.scratch.layer.FlattenChannelsLast;
import cnnlab.scratch.layer.GaussianDropout;
import cnnlab.scratch.layer.GaussianNoise;
import cnnlab.scratch.layer.GlobalAvgPool2d;
import cnnlab.scratch.layer.GlobalMaxPool2d;
import cnnlab.scratch.layer.GroupConv2d;
import cnnlab.scratch.layer.GroupNorm;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.LogSoftmax;
import cnnlab.scratch.layer.MatrixProduct;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.PRelu;
import cnnlab.scratch.layer.Rearrangement;
import cnnlab.scratch.layer.Resample2d;
import cnnlab.scratch.layer.Reshape;
import cnnlab.scratch.layer.ScaleShift;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.layer.Softmax;
import cnnlab.scratch.layer.SpatialDropout;
import cnnlab.scratch.layer.ZeroPad2d;
import java.util.ArrayList;
import java.util.List;

/**
 * Translates a network from scratch to ONNX operators, node by node. Both are channels first, so
 * weights are written as they are. Dropout and noise are left out: ONNX files are for inference.
 */
final class OnnxTranslation {
  private final Network network;
  private final NetworkPatterns patterns;
  private final OnnxNodes nodes;
  private final OnnxWindows windows;

  /** For each node the tensor with its output. */
  private final String[] made;

  /** For each node whether its output is [N, F] rather than [N, C, H, W]. */
  private final boolean[] vector;

  private final String input;
  private final boolean vectorInput;

  private OnnxTranslation(Network network, OnnxNodes nodes, String input, boolean vectorInput) {
    this.network = network;
    patterns = new NetworkPatterns(network);
    this.nodes = nodes;
    windows = new OnnxWindows(network, nodes);
    this.input = input;
    this.vectorInput = vectorInput;
    made = new String[network.nodes().size()];
    vector = new boolean[made.length];
  }

  /**
   * The result of a translation.
   *
   * @param tensor the network's output
   * @param vector whether it is [N, F]
   */
  record Output(String tensor, boolean vector) {}

  /**
   * Adds a network's layers.
   *
   * @param input tensor with the input, [N, C, H, W] or [N, F]
   * @param vectorInput whether it is [N, F]
   * @throws ModelFileException when a layer cannot be written; the message names it
   */
  static Output add(Network network, OnnxNodes nodes, String input, boolean vectorInput) {
    OnnxTranslation translation = new OnnxTranslation(network, nodes, input, vectorInput);
    int last = network.nodes().size() - 1;
    for (int i = 0; i <= last; i++) {
      if (!translation.patterns.isPart(i)) {
        Node node = network.nodes().get(i);
        translation.vector[i] = translation.isVector(node.inputs().get(0));
        translation.made[i] = translation.output(i, node);
      }
    }
    return new Output(translation.made[last], translation.vector[last]);
  }

  private String source(int node) {
    return node < 0 ? input : made[node];
  }

  private boolean isVector(int node) {
    return node < 0 ? vectorInput : vector[node];
  }

  private Shape shape(int node) {
    return patterns.shape(node);
  }

  /** A node's output as [N, C, H, W]. */
  private String image(int node) {
    if (!isVector(node)) {
      return source(node);
    }
    int channels = shape(node).channels();
    String shape = nodes.integers(source(node) + ".image", 0, channels, 1, 1);
    return nodes.add("Reshape", source(node) + "/image", List.of(source(node), shape));
  }

  private String output(int index, Node node) {
    Layer layer = node.layer();
    int from = node.inputs().get(0);
    GroupedConvolution grouped = patterns.grouped(index);
    if (grouped != null) {
      vector[index] = false;
      return windows.grouped(node, grouped, image(grouped.source()), shape(grouped.source()));
    } else if (layer instanceof Dense dense) {
      vector[index] = true;
      return dense(node, vector(from), dense);
    } else if (layer instanceof GlobalAvgPool2d || layer instanceof GlobalMaxPool2d) {
      vector[index] = true;
      String operator = layer instanceof GlobalAvgPool2d ? "GlobalAveragePool" : "GlobalMaxPool";
      String x = image(from);
      return flat(node.name(), nodes.add(operator, node.name() + "/global", List.of(x)));
    } else if (layer instanceof Flatten || layer instanceof FlattenChannelsLast) {
      return flatten(index, node, source(from));
    } else if (layer instanceof ElementwiseMerge || layer instanceof Concatenate) {
      return merge(index, node);
    } else if (layer instanceof MatrixProduct) {
      vector[index] = false;
      return product(node);
    } else if (layer instanceof Rearrangement rearrangement) {
      return rearranged(index, node, rearrangement);
    } else if (isOnImages(layer)) {
      vector[index] = false;
      return windows.add(node, image(from), shape(from));
    }
    return elementwise(node, source(from), from);
  }

  private static boolean isOnImages(Layer layer) {
    return layer.window() != null
        || layer instanceof GroupConv2d
        || layer instanceof ZeroPad2d
        || layer instanceof BilinearResize2d
        || layer instanceof Resample2d;
  }

  /** A node's output as [N, F]; it has one pixel. */
  private String vector(int node) {
    return isVector(node) ? source(node) : flat(source(node) + "/vector", source(node));
  }

  static ModelFileException unknown(Node node) {
    return new ModelFileException(
        "layer '%s' (%s): the export does not know this layer, so it cannot be written as an ONNX file"
            .formatted(node.name(), node.layer().kind()),
        null);
  }

  /** A layer that only moves values; on vectors it may be nothing, or a slice. */
  private String rearranged(int index, Node node, Rearrangement layer) {
    int from = node.inputs().get(0);
    Shape in = shape(from);
    if (OnnxShapes.isNothing(layer, in, node.shape())
        || layer instanceof Broadcast && patterns.isDoneByMerges(index)) {
      return source(from);
    }
    vector[index] = isVector(from) && layer instanceof ChannelSlice;
    boolean either = layer instanceof ChannelSlice || layer instanceof Reshape;
    return OnnxShapes.rearranged(nodes, node, in, either ? source(from) : image(from));
  }

  private String elementwise(Node node, String x, int from) {
    Layer layer = node.layer();
    if (layer instanceof Dropout
        || layer instanceof SpatialDropout
        || layer instanceof GaussianDropout
        || layer instanceof GaussianNoise) {
      return x;
    } else if (layer instanceof Activate activate) {
      return OnnxFunctions.add(nodes, node.name(), activate.activation(), x);
    } else if (layer instanceof Softmax) {
      return nodes.add("Softmax", node.name(), List.of(x), integer("axis", 1));
    } else if (layer instanceof LogSoftmax) {
      return nodes.add("LogSoftmax", node.name(), List.of(x), integer("axis", 1));
    } else if (layer instanceof BatchNorm norm) {
      return normalised(node, x, norm);
    } else if (layer instanceof GroupNorm norm) {
      int c = norm.channels();
      return new OnnxGroupNorm(nodes, node, norm, shape(from), isVector(from))
          .add(x, parameter(node, "gamma", 0, c), parameter(node, "beta", c, c));
    } else if (layer instanceof ScaleShift s) {
      String scaled =
          nodes.add(
              "Mul", node.name() + "/mul", List.of(x, perChannel(node, "scale", s.scale(), from)));
      return nodes.add(
          "Add", node.name(), List.of(scaled, perChannel(node, "offset", s.offset(), from)));
    } else if (layer instanceof PRelu prelu) {
      Shape s = prelu.slopes();
      int[] shape =
          isVector(from)
              ? new int[] {s.channels()}
              : new int[] {s.channels(), s.height(), s.width()};
      return nodes.add("PRelu", node.name(), List.of(x, parameter(node, "W", 0, shape)));
    }
    throw unknown(node);
  }

  /** One number, or one for each channel, to combine with [N, C, H, W] or [N, F]. */
  private String perChannel(Node node, String what, float[] values, int from) {
    String name = node.name() + "." + what;
    if (values.length == 1) {
      return nodes.number(name, values[0]);
    }
    return isVector(from)
        ? nodes.constant(name, values, 0, values.length)
        : nodes.constant(name, values, 0, values.length, 1, 1);
  }

  /** A parameter of a node; {@code offset} is where it begins among the node's. */
  private String parameter(Node node, String name, int offset, int... shape) {
    return nodes.constant(
        node.name() + "." + name, network.parameters(), node.parameterOffset() + offset, shape);
  }

  private String dense(Node node, String x, Dense dense) {
    List<String> inputs =
        new ArrayList<>(List.of(x, parameter(node, "W", 0, dense.in(), dense.out())));
    if (dense.bias()) {
      inputs.add(parameter(node, "b", dense.in() * dense.out(), dense.out()));
    }
    return windows.relu(node, dense.relu(), nodes.add("Gemm", node.name(), inputs));
  }

  private String normalised(Node node, String x, BatchNorm norm) {
    int c = norm.channels();
    return nodes.add(
        "BatchNormalization",
        node.name(),
        List.of(
            x,
            parameter(node, "gamma", 0, c),
            parameter(node, "beta", c, c),
            parameter(node, "mean", 2 * c, c),
            parameter(node, "var", 3 * c, c)),
        decimal("epsilon", (float) norm.eps()),
        decimal("momentum", (float) norm.decay()));
  }

  private String flat(String name, String x) {
    return nodes.add("Flatten", name, List.of(x), integer("axis", 1));
  }

  private String flatten(int index, Node node, String x) {
    if (vector[index]) {
      return x;
    }
    vector[index] = true;
    boolean last = node.layer() instanceof FlattenChannelsLast;
    String order = node.name() + "/channels_last";
    return flat(
        node.name(),
        last ? nodes.add("Transpose", order, List.of(x), list("perm", 0, 2, 3, 1)) : x);
  }

  /** Inputs of which some are vectors become images of one pixel. */
  private String merge(int index, Node node) {
    vector[index] = node.inputs().stream().allMatch(this::isVector);
    List<String> inputs =
        node.inputs().stream().map(from -> vector[index] ? source(from) : image(from)).toList();
    if (node.layer() instanceof Concatenate) {
      return nodes.add("Concat", node.name(), inputs, integer("axis", 1));
    }
    return switch (((ElementwiseMerge) node.layer()).op()) {
      case ADD -> chain("Add", node, inputs);
      case SUBTRACT -> nodes.add("Sub", node.name(), inputs);
      case AVERAGE -> nodes.add("Mean", node.name(), inputs);
      case MAXIMUM -> nodes.add("Max", node.name(), inputs);
      case MULTIPLY -> chain("Mul", node, inputs);
    };
  }

  /** ONNX multiplies the last two axes. */
  private String product(Node node) {
    List<String> last = new ArrayList<>();
    for (int from : node.inputs()) {
      String name = node.name() + "/matrix" + last.size();
      last.add(nodes.add("Transpose", name, List.of(image(from)), list("perm", 0, 2, 3, 1)));
    }
    String y = nodes.add("MatMul", node.name() + "/product", last);
    return nodes.add("Transpose", node.name(), List.of(y), list("perm", 0, 3, 1, 2));
  }

  private String chain(String operator, Node node, List<String> inputs) {
    String all = inputs.get(0);
    for (int k = 1; k < inputs.size(); k++) {
      String name = k == inputs.size() - 1 ? node.name() : node.name() + "/" + k;
      all = nodes.add(operator, name, List.of(all, inputs.get(k)));
    }
    return all;
  }
}
