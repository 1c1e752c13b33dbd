package cnnlab.onnx.write;

import static cnnlab.onnx.write.OnnxNodes.decimal;
import static cnnlab.onnx.write.OnnxNodes.integer;
import static cnnlab.onnx.write.OnnxNodes.list;

import cnnlab.scratch.layer.GroupNorm;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * Group and layer normalisation as ONNX operators of opset 18, whose GroupNormalization has one
 * factor for each group rather than for each channel.
 *
 * @param nodes receives the operators
 * @param node the layer in its network
 * @param norm the layer
 * @param in shape of its input
 * @param vector whether that is [N, F] rather than [N, C, H, W]
 */
record OnnxGroupNorm(OnnxNodes nodes, Node node, GroupNorm norm, Shape in, boolean vector) {

  /**
   * Adds the layer.
   *
   * @param x its input
   * @param gamma constant with the factor of each channel
   * @param beta constant with the offset of each channel
   * @return its output, of the shape of its input
   */
  String add(String x, String gamma, String beta) {
    boolean one = norm.groups() == 1;
    if (one && (norm.everyPosition() || vector)) {
      return overChannels(x, gamma, beta);
    } else if (norm.everyPosition() && in.plane() > 1) {
      return overGroupsOfPixels(x, gamma, beta);
    } else if (norm.groups() == norm.channels() && !vector) {
      return operator("InstanceNormalization", node.name(), x, gamma, beta);
    }
    long perGroup = (long) norm.setSize(in);
    String sets = reshape("groups", x, 0, norm.groups(), perGroup);
    String normal =
        operator(
            "InstanceNormalization",
            node.name() + "/normal",
            sets,
            constant("one", 1, norm.groups()),
            constant("zero", 0, norm.groups()));
    String back =
        vector
            ? reshape("back", normal, 0, in.channels())
            : reshape("back", normal, 0, in.channels(), in.height(), in.width());
    return scaled(back, vector ? gamma : perChannel(gamma), vector ? beta : perChannel(beta));
  }

  /** LayerNormalization is over the last axes. */
  private String overChannels(String x, String gamma, String beta) {
    if (vector) {
      return layerNorm(node.name(), x, gamma, beta);
    }
    String last = transpose("last", x, 0, 2, 3, 1);
    String normal = layerNorm(node.name() + "/normal", last, gamma, beta);
    return nodes.add("Transpose", node.name(), List.of(normal), list("perm", 0, 3, 1, 2));
  }

  private String overGroupsOfPixels(String x, String gamma, String beta) {
    int size = norm.channels() / norm.groups();
    String last = transpose("last", x, 0, 2, 3, 1);
    String sets = reshape("groups", last, 0, in.height(), in.width(), norm.groups(), size);
    String normal =
        layerNorm(
            node.name() + "/normal", sets, constant("one", 1, size), constant("zero", 0, size));
    String back = reshape("back", normal, 0, in.height(), in.width(), norm.channels());
    return scaled(transpose("first", back, 0, 3, 1, 2), perChannel(gamma), perChannel(beta));
  }

  private String layerNorm(String name, String x, String gamma, String beta) {
    return nodes.add(
        "LayerNormalization",
        name,
        List.of(x, gamma, beta),
        integer("axis", -1),
        decimal("epsilon", (float) norm.eps()));
  }

  private String operator(String operator, String name, String x, String gamma, String beta) {
    return nodes.add(
        operator, name, List.of(x, gamma, beta), decimal("epsilon", (float) norm.eps()));
  }

  private String scaled(String x, String gamma, String beta) {
    String product = nodes.add("Mul", node.name() + "/mul", List.of(x, gamma));
    return nodes.add("Add", node.name(), List.of(product, beta));
  }

  /** A constant [C] as [C, 1, 1]. */
  private String perChannel(String constant) {
    String shape = nodes.integers(constant + ".shape", -1, 1, 1);
    return nodes.add("Reshape", constant + "/channels", List.of(constant, shape));
  }

  private String transpose(String what, String x, long... order) {
    return nodes.add("Transpose", node.name() + "/" + what, List.of(x), list("perm", order));
  }

  private String reshape(String what, String x, long... to) {
    String shape = nodes.integers(node.name() + "." + what, to);
    return nodes.add("Reshape", node.name() + "/" + what, List.of(x, shape));
  }

  private String constant(String what, float value, int size) {
    float[] all = new float[size];
    Arrays.fill(all, value);
    return nodes.constant(node.name() + "." + what, all, 0, size);
  }
}
