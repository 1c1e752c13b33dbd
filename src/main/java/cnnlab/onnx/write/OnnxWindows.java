package cnnlab.onnx.write;

import static cnnlab.onnx.write.OnnxNodes.integer;
import static cnnlab.onnx.write.OnnxNodes.list;

import cnnlab.scratch.GroupedConvolution;
import cnnlab.scratch.Network;
import cnnlab.scratch.kernel.Padding;
import cnnlab.scratch.kernel.Window;
import cnnlab.scratch.layer.AvgPool2d;
import cnnlab.scratch.layer.BilinearResize2d;
import cnnlab.scratch.layer.Conv2d;
import cnnlab.scratch.layer.DepthwiseConv2d;
import cnnlab.scratch.layer.GroupConv2d;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.MaxPool2d;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Resample2d;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.layer.TransposedConv2d;
import cnnlab.scratch.layer.ZeroPad2d;
import java.util.ArrayList;
import java.util.List;

/** Layers that work on images, most of them with a sliding window, as ONNX operators. */
final class OnnxWindows {
  private final Network network;
  private final OnnxNodes nodes;

  OnnxWindows(Network network, OnnxNodes nodes) {
    this.network = network;
    this.nodes = nodes;
  }

  /**
   * Adds a layer that works on images.
   *
   * @param x its input [N, C, H, W], of the shape {@code in}
   * @return its output
   */
  String add(Node node, String x, Shape in) {
    Layer layer = node.layer();
    if (layer instanceof Conv2d conv) {
      return convolution(node, x, in, conv.window(), 1, conv.bias(), conv.relu());
    } else if (layer instanceof DepthwiseConv2d conv) {
      return convolution(node, x, in, conv.window(), conv.channels(), conv.bias(), conv.relu());
    } else if (layer instanceof TransposedConv2d conv) {
      return transposed(node, x, conv);
    } else if (layer instanceof GroupConv2d conv) {
      return equivariant(node, x, in, conv);
    } else if (layer instanceof MaxPool2d pool) {
      return nodes.add("MaxPool", node.name(), List.of(x), window(pool.window(), in, false));
    } else if (layer instanceof AvgPool2d pool) {
      return nodes.add("AveragePool", node.name(), List.of(x), averaged(pool, in));
    } else if (layer instanceof BilinearResize2d) {
      return OnnxShapes.resized(nodes, node, x);
    } else if (layer instanceof Resample2d) {
      return OnnxShapes.resampled(nodes, node, in, x);
    } else if (layer instanceof ZeroPad2d p) {
      String pads =
          nodes.integers(
              node.name() + ".pads", 0, 0, p.top(), p.left(), 0, 0, p.bottom(), p.right());
      return nodes.add("Pad", node.name(), List.of(x, pads));
    }
    throw OnnxTranslation.unknown(node);
  }

  /** A parameter of a node; {@code offset} is where it begins among the node's. */
  private String parameter(Node node, String name, int offset, int... shape) {
    return nodes.constant(
        node.name() + "." + name, network.parameters(), node.parameterOffset() + offset, shape);
  }

  /** Adds a ReLU if there is one. */
  String relu(Node node, boolean relu, String linear) {
    return relu ? nodes.add("Relu", node.name() + "/relu", List.of(linear)) : linear;
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
   * Adds a convolution with groups.
   *
   * @param x its input [N, C, H, W], of the shape {@code in}
   */
  String grouped(Node node, GroupedConvolution grouped, String x, Shape in) {
    Conv2d each = grouped.each();
    int out = node.shape().channels();
    Window window = each.window();
    int[] shape = {out, each.inChannels(), window.kernelHeight(), window.kernelWidth()};
    float[] all = grouped.parameters(network.parameters());
    List<String> inputs =
        new ArrayList<>(List.of(x, nodes.constant(node.name() + ".W", all, 0, shape)));
    if (each.bias()) {
      inputs.add(nodes.constant(node.name() + ".b", all, all.length - out, out));
    }
    var attributes = window(window, in, true);
    attributes[attributes.length - 1] = integer("group", grouped.groups());
    boolean last = !each.relu() && grouped.activation() == null;
    String name = last ? node.name() : node.name() + "/conv";
    String y = relu(node, each.relu(), nodes.add("Conv", name, inputs, attributes));
    return grouped.activation() == null
        ? y
        : OnnxFunctions.add(nodes, node.name(), grouped.activation().activation(), y);
  }

  private String transposed(Node node, String x, TransposedConv2d conv) {
    Window w = conv.window();
    int[] shape = {conv.inChannels(), conv.outChannels(), w.kernelHeight(), w.kernelWidth()};
    List<String> inputs = new ArrayList<>(List.of(x, parameter(node, "W", 0, shape)));
    if (conv.bias()) {
      int weights = conv.parameters().get(0).size();
      inputs.add(parameter(node, "b", weights, conv.outChannels()));
    }
    var pads =
        w.padding() instanceof Padding.Explicit p
            ? list("pads", p.top(), p.left(), p.bottom(), p.right())
            : list("pads", 0, 0, 0, 0);
    return nodes.add(
        "ConvTranspose",
        node.name(),
        inputs,
        list("kernel_shape", w.kernelHeight(), w.kernelWidth()),
        list("strides", w.strideHeight(), w.strideWidth()),
        pads,
        list("dilations", w.dilationHeight(), w.dilationWidth()));
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

  private static onnx.Onnx.AttributeProto[] averaged(AvgPool2d pool, Shape in) {
    var attributes = window(pool.window(), in, true);
    // Opset 18 has no dilation for the mean.
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
}
