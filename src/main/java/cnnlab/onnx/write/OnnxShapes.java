package cnnlab.onnx.write;

import static cnnlab.onnx.write.OnnxNodes.integer;
import static cnnlab.onnx.write.OnnxNodes.list;
import static cnnlab.onnx.write.OnnxNodes.text;

import cnnlab.scratch.layer.BilinearResize2d;
import cnnlab.scratch.layer.Broadcast;
import cnnlab.scratch.layer.ChannelSlice;
import cnnlab.scratch.layer.Crop2d;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Permute;
import cnnlab.scratch.layer.Rearrangement;
import cnnlab.scratch.layer.Regroup;
import cnnlab.scratch.layer.Resample2d;
import cnnlab.scratch.layer.Reshape;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.layer.Upsample2d;
import java.util.List;
import java.util.stream.IntStream;

/** Layers that move values, and that resize images, as ONNX operators of opset 18. */
final class OnnxShapes {
  private static final int CHANNELS = 1;
  private static final int HEIGHT = 2;
  private static final int WIDTH = 3;
  private static final String RESIZE = "Resize";
  private static final String MODE = "mode";

  private OnnxShapes() {}

  /** Whether a layer changes neither the values nor their order. */
  static boolean isNothing(Layer layer, Shape in, Shape out) {
    return layer instanceof Reshape && in.equals(out)
        || layer instanceof Broadcast && in.equals(out);
  }

  /**
   * Adds a layer.
   *
   * @param in shape of its input
   * @param x its input [N, C, H, W]; of a slice or reshape also [N, F]
   * @return its output [N, C, H, W]; of a slice as its input
   */
  static String rearranged(OnnxNodes nodes, Node node, Shape in, String x) {
    Rearrangement layer = (Rearrangement) node.layer();
    String name = node.name();
    Shape out = node.shape();
    if (layer instanceof ChannelSlice slice) {
      return nodes.add(
          "Slice",
          name,
          List.of(
              x,
              nodes.integers(name + ".starts", slice.from()),
              nodes.integers(name + ".ends", slice.to()),
              nodes.integers(name + ".axes", CHANNELS)));
    } else if (layer instanceof Crop2d crop) {
      return nodes.add(
          "Slice",
          name,
          List.of(
              x,
              nodes.integers(name + ".starts", crop.top(), crop.left()),
              nodes.integers(
                  name + ".ends", in.height() - crop.bottom(), in.width() - crop.right()),
              nodes.integers(name + ".axes", HEIGHT, WIDTH)));
    } else if (layer instanceof Permute p) {
      return nodes.add(
          "Transpose",
          name,
          List.of(x),
          list("perm", 0, 1 + p.channels(), 1 + p.height(), 1 + p.width()));
    } else if (layer instanceof Broadcast) {
      String shape = nodes.integers(name + ".shape", 1, out.channels(), out.height(), out.width());
      return nodes.add("Expand", name, List.of(x, shape));
    } else if (layer instanceof Upsample2d up) {
      float[] scales = {1, 1, up.rows(), up.columns()};
      return nodes.add(
          RESIZE,
          name,
          List.of(x, "", nodes.constant(name + ".scales", scales, 0, scales.length)),
          text(MODE, "nearest"),
          text("coordinate_transformation_mode", "asymmetric"),
          text("nearest_mode", "floor"));
    }
    return layer instanceof Regroup regroup
        ? regrouped(nodes, name, regroup, out, x)
        : reshaped(nodes, name, in, out, x);
  }

  /** A reshape, a transpose and a reshape, channels first. */
  private static String regrouped(
      OnnxNodes nodes, String name, Regroup regroup, Shape out, String x) {
    int axes = regroup.sizes().size();
    long[] sizes = new long[axes + 1];
    long[] order = new long[axes + 1];
    for (int i = 0; i < axes; i++) {
      sizes[i + 1] = regroup.sizes().get(i);
      order[i + 1] = 1L + regroup.order().get(i);
    }
    String groups = nodes.integers(name + ".groups", sizes);
    String divided = nodes.add("Reshape", name + "/groups", List.of(x, groups));
    String turned = nodes.add("Transpose", name + "/turned", List.of(divided), list("perm", order));
    String shape = nodes.integers(name + ".shape", 0, out.channels(), out.height(), out.width());
    return nodes.add("Reshape", name, List.of(turned, shape));
  }

  /**
   * Rows and columns of others. Where each is one of the input's, it is taken as it is: a product
   * would make NaN of 0 · ∞. Otherwise they are weighted sums, a product with a matrix from the
   * left or from the right.
   */
  static String resampled(OnnxNodes nodes, Node node, Shape in, String x) {
    Resample2d layer = (Resample2d) node.layer();
    String rows = node.name() + "/rows";
    String columns = node.name();
    String tall;
    if (isAsItWas(layer.rows(), in.height())) {
      tall = x;
    } else if (isChoice(layer.rows())) {
      tall = chosen(nodes, rows, layer.rows(), HEIGHT, x);
    } else {
      float[] matrix = matrix(layer.rows(), in.height());
      String left = nodes.constant(rows + ".factors", matrix, 0, layer.rows().size(), in.height());
      tall = nodes.add("MatMul", rows, List.of(left, x));
    }
    if (isAsItWas(layer.columns(), in.width())) {
      return tall;
    } else if (isChoice(layer.columns())) {
      return chosen(nodes, columns, layer.columns(), WIDTH, tall);
    }
    int width = layer.columns().size();
    float[] matrix = transposed(matrix(layer.columns(), in.width()), width, in.width());
    String right = nodes.constant(columns + ".factors", matrix, 0, in.width(), width);
    return nodes.add("MatMul", columns, List.of(tall, right));
  }

  /** Whether an axis keeps its values. */
  private static boolean isAsItWas(List<Resample2d.Taps> axis, int size) {
    return axis.size() == size
        && isChoice(axis)
        && IntStream.range(0, size).allMatch(i -> axis.get(i).at().get(0) == i);
  }

  /** Whether each row or column is one of the input's. */
  private static boolean isChoice(List<Resample2d.Taps> axis) {
    return axis.stream().allMatch(t -> t.factors().equals(List.of(1.0)));
  }

  private static String chosen(
      OnnxNodes nodes, String name, List<Resample2d.Taps> axis, int number, String x) {
    long[] at = axis.stream().mapToLong(t -> t.at().get(0)).toArray();
    String indices = nodes.integers(name + ".indices", at);
    return nodes.add("Gather", name, List.of(x, indices), integer("axis", number));
  }

  /** The factors [OUT, IN] of an axis with {@code in} rows or columns. */
  private static float[] matrix(List<Resample2d.Taps> axis, int in) {
    float[] factors = new float[axis.size() * in];
    for (int i = 0; i < axis.size(); i++) {
      Resample2d.Taps taps = axis.get(i);
      for (int t = 0; t < taps.at().size(); t++) {
        factors[i * in + taps.at().get(t)] += taps.factors().get(t).floatValue();
      }
    }
    return factors;
  }

  private static float[] transposed(float[] matrix, int rows, int columns) {
    float[] turned = new float[matrix.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        turned[j * rows + i] = matrix[i * columns + j];
      }
    }
    return turned;
  }

  /** Values keep their order channels last. */
  private static String reshaped(OnnxNodes nodes, String name, Shape in, Shape out, String x) {
    String last = x;
    if (in.channels() > 1 && in.plane() > 1) {
      last = nodes.add("Transpose", name + "/last", List.of(x), list("perm", 0, 2, 3, 1));
    }
    boolean turn = out.channels() > 1 && out.plane() > 1;
    String shape =
        turn
            ? nodes.integers(name + ".shape", 0, out.height(), out.width(), out.channels())
            : nodes.integers(name + ".shape", 0, out.channels(), out.height(), out.width());
    String made = nodes.add("Reshape", turn ? name + "/reshape" : name, List.of(last, shape));
    return turn ? nodes.add("Transpose", name, List.of(made), list("perm", 0, 3, 1, 2)) : made;
  }

  /** Linear interpolation; x is [N, C, H, W]. */
  static String resized(OnnxNodes nodes, Node node, String x) {
    BilinearResize2d resize = (BilinearResize2d) node.layer();
    String sizes = nodes.integers(node.name() + ".sizes", resize.height(), resize.width());
    return nodes.add(
        RESIZE,
        node.name(),
        List.of(x, "", "", sizes),
        text(MODE, "linear"),
        text("coordinate_transformation_mode", "half_pixel"),
        list("axes", HEIGHT, WIDTH));
  }
}
