package cnnlab.onnx.write;

import static cnnlab.onnx.write.OnnxNodes.decimal;
import static cnnlab.onnx.write.OnnxNodes.integer;
import static cnnlab.onnx.write.OnnxNodes.list;

import cnnlab.model.file.ModelFileException;
import cnnlab.scratch.Network;
import cnnlab.scratch.kernel.Window;
import cnnlab.scratch.layer.Activate;
import cnnlab.scratch.layer.AvgPool2d;
import cnnlab.scratch.layer.BatchNorm;
import cnnlab.scratch.layer.Concatenate;
import cnnlab.scratch.layer.Conv2d;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.DepthwiseConv2d;
import cnnlab.scratch.layer.Dropout;
import cnnlab.scratch.layer.ElementwiseMerge;
import cnnlab.scratch.layer.Flatten;
import cnnlab.scratch.layer.FlattenChannelsLast;
import cnnlab.scratch.layer.GaussianDropout;
import cnnlab.scratch.layer.GaussianNoise;
import cnnlab.scratch.layer.GlobalAvgPool2d;
import cnnlab.scratch.layer.GlobalMaxPool2d;
import cnnlab.scratch.layer.GroupConv2d;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.LogSoftmax;
import cnnlab.scratch.layer.MaxPool2d;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.PRelu;
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
  private static final String RELU = "/relu";

  private final Network network;
  private final OnnxNodes nodes;

  /** For each node the tensor with its output. */
  private final String[] made;

  /** For each node whether its output is [N, F] rather than [N, C, H, W]. */
  private final boolean[] vector;

  private final String input;
  private final boolean vectorInput;

  private OnnxTranslation(Network network, OnnxNodes nodes, String input, boolean vectorInput) {
    this.network = network;
    this.nodes = nodes;
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
      Node node = network.nodes().get(i);
      translation.vector[i] = translation.isVector(node.inputs().get(0));
      translation.made[i] = translation.output(i, node);
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
    return node < 0 ? network.inputShape() : network.nodes().get(node).shape();
  }

  private String output(int index, Node node) {
    Layer layer = node.layer();
    int from = node.inputs().get(0);
    String x = source(from);
    Shape in = shape(from);
    if (layer instanceof Conv2d conv) {
      return convolution(node, x, in, conv.window(), 1, conv.bias(), conv.relu());
    } else if (layer instanceof DepthwiseConv2d conv) {
      return convolution(node, x, in, conv.window(), conv.channels(), conv.bias(), conv.relu());
    } else if (layer instanceof GroupConv2d conv) {
      return equivariant(node, x, in, conv);
    } else if (layer instanceof Dense dense) {
      return dense(node, x, dense);
    } else if (layer instanceof MaxPool2d pool) {
      return nodes.add("MaxPool", node.name(), List.of(x), window(pool.window(), in, false));
    } else if (layer instanceof AvgPool2d pool) {
      return nodes.add("AveragePool", node.name(), List.of(x), averaged(pool, in));
    } else if (layer instanceof GlobalAvgPool2d || layer instanceof GlobalMaxPool2d) {
      vector[index] = true;
      String operator = layer instanceof GlobalAvgPool2d ? "GlobalAveragePool" : "GlobalMaxPool";
      return flat(node.name(), nodes.add(operator, node.name() + "/global", List.of(x)));
    } else if (layer instanceof Flatten || layer instanceof FlattenChannelsLast) {
      return flatten(index, node, x);
    } else if (layer instanceof ElementwiseMerge || layer instanceof Concatenate) {
      return merge(node);
    }
    return elementwise(node, x, from);
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
    } else if (layer instanceof ZeroPad2d p) {
      String pads =
          nodes.integers(
              node.name() + ".pads", 0, 0, p.top(), p.left(), 0, 0, p.bottom(), p.right());
      return nodes.add("Pad", node.name(), List.of(x, pads));
    }
    throw new ModelFileException(
        "layer '%s' (%s): the export does not know this layer, so it cannot be written as an ONNX file"
            .formatted(node.name(), layer.kind()),
        null);
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

  private String relu(Node node, boolean relu, String linear) {
    return relu ? nodes.add("Relu", node.name() + RELU, List.of(linear)) : linear;
  }

  private String convolution(
      Node node, String x, Shape in, Window window, int groups, boolean bias, boolean relu) {
    int out = node.shape().channels();
    int[] shape = {out, in.channels() / groups, window.kernelHeight(), window.kernelWidth()};
    List<String> inputs = new ArrayList<>(List.of(x, parameter(node, "W", 0, shape)));
    if (bias) {
      inputs.add(parameter(node, "b", shape[0] * shape[1] * shape[2] * shape[3], out));
    }
    var attributes = window(window, in, true);
    attributes[attributes.length - 1] = integer("group", groups);
    return relu(node, relu, nodes.add("Conv", node.name(), inputs, attributes));
  }

  /**
   * An equivariant convolution is one with a bank of transformed kernels, whose channels are the
   * eight orientations of each channel; here these lie one below the other.
   */
  private String equivariant(Node node, String x, Shape in, GroupConv2d conv) {
    Shape planes = conv.planes(in);
    Window window = conv.window();
    float[] bank = new float[conv.expandedCount()];
    conv.expand(network.parameters(), node.parameterOffset(), bank);
    int out = node.shape().channels() * (node.shape().height() / planes.height());
    int[] shape = {out, planes.channels(), window.kernelHeight(), window.kernelWidth()};
    List<String> inputs =
        new ArrayList<>(
            List.of(
                reshaped(node, "planes", x, planes),
                nodes.constant(node.name() + ".W", bank, 0, shape)));
    if (conv.bias()) {
      int weights = shape[0] * shape[1] * shape[2] * shape[3];
      inputs.add(nodes.constant(node.name() + ".b", bank, weights, out));
    }
    var attributes = window(window, planes, true);
    attributes[attributes.length - 1] = integer("group", 1);
    String y = nodes.add("Conv", node.name() + "/conv", inputs, attributes);
    return relu(node, conv.relu(), reshaped(node, "orientations", y, node.shape()));
  }

  private String reshaped(Node node, String what, String x, Shape to) {
    String shape =
        nodes.integers(node.name() + "." + what, 0, to.channels(), to.height(), to.width());
    return nodes.add("Reshape", node.name() + "/" + what, List.of(x, shape));
  }

  private String dense(Node node, String x, Dense dense) {
    List<String> inputs =
        new ArrayList<>(List.of(x, parameter(node, "W", 0, dense.in(), dense.out())));
    if (dense.bias()) {
      inputs.add(parameter(node, "b", dense.in() * dense.out(), dense.out()));
    }
    return relu(node, dense.relu(), nodes.add("Gemm", node.name(), inputs));
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

  private static onnx.Onnx.AttributeProto[] averaged(AvgPool2d pool, Shape in) {
    var attributes = window(pool.window(), in, true);
    // Opset 17 has no dilation for the mean.
    attributes[3] = integer("count_include_pad", pool.countPadding() ? 1 : 0);
    attributes[4] = integer("ceil_mode", 0);
    return attributes;
  }

  /**
   * The attributes of a window: kernel_shape, strides, pads, dilations.
   *
   * @param more whether there is room for one more at the end
   */
  private static onnx.Onnx.AttributeProto[] window(Window window, Shape in, boolean more) {
    Window.Geometry g = window.on(in.height(), in.width());
    int tall = (g.kernelHeight() - 1) * g.dilationHeight() + 1;
    int wide = (g.kernelWidth() - 1) * g.dilationWidth() + 1;
    int bottom = after(g.height(), g.top(), g.outHeight(), tall, g.strideHeight());
    int right = after(g.width(), g.left(), g.outWidth(), wide, g.strideWidth());
    var attributes = new onnx.Onnx.AttributeProto[more ? 5 : 4];
    attributes[0] = list("kernel_shape", g.kernelHeight(), g.kernelWidth());
    attributes[1] = list("strides", g.strideHeight(), g.strideWidth());
    attributes[2] = list("pads", g.top(), g.left(), bottom, right);
    attributes[3] = list("dilations", g.dilationHeight(), g.dilationWidth());
    return attributes;
  }

  /** Zeros after the end that the last window covers, at least 0. */
  private static int after(int size, int before, int windows, int kernel, int stride) {
    return Math.max(0, (windows - 1) * stride + kernel - before - size);
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

  private String merge(Node node) {
    List<String> inputs = node.inputs().stream().map(this::source).toList();
    if (node.inputs().stream().map(this::isVector).distinct().count() > 1) {
      throw new ModelFileException(
          "layer '%s' (%s): it merges a vector with an image of one pixel, so it cannot be written as an ONNX file"
              .formatted(node.name(), node.layer().kind()),
          null);
    }
    if (node.layer() instanceof Concatenate) {
      return nodes.add("Concat", node.name(), inputs, integer("axis", 1));
    }
    return switch (((ElementwiseMerge) node.layer()).op()) {
      case ADD -> nodes.add("Sum", node.name(), inputs);
      case SUBTRACT -> nodes.add("Sub", node.name(), inputs);
      case AVERAGE -> nodes.add("Mean", node.name(), inputs);
      case MAXIMUM -> nodes.add("Max", node.name(), inputs);
      case MULTIPLY -> {
        String product = inputs.get(0);
        for (String factor : inputs.subList(1, inputs.size())) {
          product = nodes.add("Mul", node.name(), List.of(product, factor));
        }
        yield product;
      }
    };
  }
}
