package cnnlab.keras.write;

import cnnlab.scratch.kernel.Padding;
import cnnlab.scratch.kernel.Window;
import cnnlab.scratch.layer.AvgPool2d;
import cnnlab.scratch.layer.Concatenate;
import cnnlab.scratch.layer.ElementwiseMerge;
import cnnlab.scratch.layer.GlobalAvgPool2d;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.MaxPool2d;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.ScaleShift;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.layer.ZeroPad2d;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Layers without weights. */
final class PlainLayers {
  private static final String FORMAT = "data_format";
  private static final String LAST = "channels_last";

  private PlainLayers() {}

  /** A layer, and the zeros that must be added before it (top, bottom, left, right), or null. */
  record Windowed(WeightLayers.Made made, int[] padding) {}

  private static WeightLayers.Made made(String className, ObjectNode config) {
    return new WeightLayers.Made(className, config, List.of(), null);
  }

  static ObjectNode channelsLast() {
    return KerasGraph.config().put(FORMAT, LAST);
  }

  /** Permute from channels last to channels first. */
  static ObjectNode channelsFirst() {
    ObjectNode config = KerasGraph.config();
    config.putArray("dims").add(3).add(1).add(2);
    return config;
  }

  /** ZeroPadding2D with top, bottom, left, right. */
  static ObjectNode padding(int[] p) {
    ObjectNode config = channelsLast();
    ArrayNode padding = config.putArray("padding");
    padding.addArray().add(p[0]).add(p[1]);
    padding.addArray().add(p[2]).add(p[3]);
    return config;
  }

  static WeightLayers.Made rescaling(ScaleShift layer) {
    ObjectNode config = KerasGraph.config();
    config.set("scale", numbers(layer.scale()));
    config.set("offset", numbers(layer.offset()));
    return made("Rescaling", config);
  }

  private static JsonNode numbers(float[] values) {
    if (values.length == 1) {
      return DoubleNode.valueOf(Functions.exact(values[0]));
    }
    ArrayNode array = KerasGraph.config().arrayNode();
    for (float value : values) {
      array.add(Functions.exact(value));
    }
    return array;
  }

  /**
   * @param image whether the result stays an image, of one pixel
   */
  static WeightLayers.Made globalPooling(Layer layer, boolean image) {
    return made(
        layer instanceof GlobalAvgPool2d ? "GlobalAveragePooling2D" : "GlobalMaxPooling2D",
        channelsLast().put("keepdims", image));
  }

  static WeightLayers.Made merge(Layer layer) {
    if (layer instanceof Concatenate) {
      return made("Concatenate", KerasGraph.config().put("axis", -1));
    }
    String name =
        switch (((ElementwiseMerge) layer).op()) {
          case ADD -> "Add";
          case SUBTRACT -> "Subtract";
          case MULTIPLY -> "Multiply";
          case AVERAGE -> "Average";
          case MAXIMUM -> "Maximum";
        };
    return made(name, KerasGraph.config());
  }

  /**
   * Pooling or zero padding; null for any other layer.
   *
   * @param in the shape of the input
   * @param nonNegative whether the input is never negative
   */
  static Windowed pooling(Node node, Shape in, boolean nonNegative) {
    Layer layer = node.layer();
    if (layer instanceof ZeroPad2d pad) {
      int[] zeros = {pad.top(), pad.bottom(), pad.left(), pad.right()};
      return new Windowed(made("ZeroPadding2D", padding(zeros)), null);
    } else if (layer instanceof MaxPool2d pool) {
      return pooled(node, "MaxPooling2D", pool.window(), in, nonNegative);
    } else if (layer instanceof AvgPool2d pool) {
      return pooled(node, "AveragePooling2D", pool.window(), in, pool.countPadding());
    }
    return null;
  }

  /**
   * @param zeros whether the padding counts as zeros, which a layer of its own can add
   */
  private static Windowed pooled(
      Node node, String className, Window window, Shape in, boolean zeros) {
    Window.Geometry g = window.on(in.height(), in.width());
    int[] needed = zeros(window, in);
    boolean padded = needed[0] + needed[1] + needed[2] + needed[3] > 0;
    Window same =
        new Window(
            window.kernelHeight(),
            window.kernelWidth(),
            window.strideHeight(),
            window.strideWidth(),
            Padding.SAME);
    boolean mean = className.startsWith("Average");
    boolean asSame = same.on(in.height(), in.width()).equals(g) && !(mean && zeros);
    ObjectNode config = channelsLast();
    config.putArray("pool_size").add(window.kernelHeight()).add(window.kernelWidth());
    config.putArray("strides").add(window.strideHeight()).add(window.strideWidth());
    config.put("padding", padded && asSame ? "same" : "valid");
    if (!padded || asSame) {
      return new Windowed(made(className, config), null);
    }
    if (!zeros) {
      throw KerasTranslation.refused(
          node,
          "pooling with padding %s, %s, %s, %s (top, bottom, left, right), which is neither 'valid' nor 'same'"
              .formatted(needed[0], needed[1], needed[2], needed[3]));
    }
    return new Windowed(made(className, config), needed);
  }

  /** The zeros that a window needs around an image: top, bottom, left, right. */
  static int[] zeros(Window window, Shape in) {
    Window.Geometry g = window.on(in.height(), in.width());
    int tall = (g.kernelHeight() - 1) * g.dilationHeight() + 1;
    int wide = (g.kernelWidth() - 1) * g.dilationWidth() + 1;
    return new int[] {
      g.top(),
      below(in.height(), g.top(), g.outHeight(), tall, g.strideHeight()),
      g.left(),
      below(in.width(), g.left(), g.outWidth(), wide, g.strideWidth())
    };
  }

  /** Zeros after the end that the last window covers, at least 0. */
  private static int below(int size, int before, int windows, int kernel, int stride) {
    return Math.max(0, (windows - 1) * stride + kernel - before - size);
  }
}
