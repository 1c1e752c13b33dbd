package cnnlab.keras.write;

import cnnlab.scratch.GroupedConvolution;
import cnnlab.scratch.kernel.Padding;
import cnnlab.scratch.kernel.Window;
import cnnlab.scratch.layer.Conv2d;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.DepthwiseConv2d;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.PRelu;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.layer.TransposedConv2d;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Layers with weights. */
final class WeightLayers {
  private static final String KERNEL = "kernel";
  private static final String BIAS = "bias";
  private static final String INITIALIZERS = "keras.initializers";

  private WeightLayers() {}

  /**
   * A layer of Keras.
   *
   * @param className its class
   * @param config its arguments
   * @param weights its variables
   * @param padding zeros that must be added before it (top, bottom, left, right), or null
   */
  record Made(String className, ObjectNode config, List<WeightValues> weights, int[] padding) {}

  /** Conv2D: kernels [O, C, KH, KW] become [KH, KW, C, O]. */
  static Made convolution(Node node, Conv2d conv, float[] parameters) {
    Window w = conv.window();
    ObjectNode config = KerasGraph.config();
    config.put("filters", conv.outChannels());
    int[] shape = {conv.outChannels(), conv.inChannels(), w.kernelHeight(), w.kernelWidth()};
    WeightValues kernel =
        WeightValues.permuted(KERNEL, parameters, node.parameterOffset(), shape, 2, 3, 1, 0);
    config.put("groups", 1);
    return sliding(
        "Conv2D",
        config,
        w,
        conv.relu(),
        weights(node, parameters, kernel, conv.bias(), conv.outChannels()));
  }

  /** DepthwiseConv2D: kernels [C·M, 1, KH, KW] become [KH, KW, C, M]. */
  static Made depthwise(Node node, DepthwiseConv2d conv, float[] parameters) {
    Window w = conv.window();
    ObjectNode config = KerasGraph.config();
    config.put("depth_multiplier", conv.multiplier());
    int[] shape = {conv.channels(), conv.multiplier(), w.kernelHeight(), w.kernelWidth()};
    WeightValues kernel =
        WeightValues.permuted(KERNEL, parameters, node.parameterOffset(), shape, 2, 3, 0, 1);
    int out = conv.channels() * conv.multiplier();
    return sliding(
        "DepthwiseConv2D",
        config,
        w,
        conv.relu(),
        weights(node, parameters, kernel, conv.bias(), out));
  }

  /**
   * A convolution with groups: Conv2D, or DepthwiseConv2D if each group has one channel, which has
   * one filter then for each of them.
   */
  static Made grouped(GroupedConvolution grouped, float[] parameters) {
    Conv2d each = grouped.each();
    Window w = each.window();
    int out = grouped.groups() * each.outChannels();
    float[] all = grouped.parameters(parameters);
    ObjectNode config = KerasGraph.config();
    boolean depthwise = each.inChannels() == 1;
    WeightValues kernel;
    if (depthwise) {
      config.put("depth_multiplier", each.outChannels());
      int[] shape = {grouped.groups(), each.outChannels(), w.kernelHeight(), w.kernelWidth()};
      kernel = WeightValues.permuted(KERNEL, all, 0, shape, 2, 3, 0, 1);
    } else {
      config.put("filters", out).put("groups", grouped.groups());
      int[] shape = {out, each.inChannels(), w.kernelHeight(), w.kernelWidth()};
      kernel = WeightValues.permuted(KERNEL, all, 0, shape, 2, 3, 1, 0);
    }
    List<WeightValues> weights = new ArrayList<>(List.of(kernel));
    if (each.bias()) {
      weights.add(
          new WeightValues(BIAS, Arrays.copyOfRange(all, all.length - out, all.length), out));
    }
    return sliding(depthwise ? "DepthwiseConv2D" : "Conv2D", config, w, each.relu(), weights);
  }

  /**
   * Conv2DTranspose with padding {@code valid}: kernels [C, O, KH, KW] become [KH, KW, O, C].
   *
   * @throws cnnlab.model.file.ModelFileException when it is dilated, as Keras' are not with strides
   */
  static Made transposed(Node node, TransposedConv2d conv, float[] parameters) {
    Window w = conv.window();
    if (w.dilationHeight() > 1 || w.dilationWidth() > 1) {
      throw KerasTranslation.refused(
          node,
          "its dilation is %sx%s, and TensorFlow has no dilated transposed convolution"
              .formatted(w.dilationHeight(), w.dilationWidth()));
    }
    ObjectNode config = KerasGraph.config();
    config.put("filters", conv.outChannels());
    int[] shape = {conv.inChannels(), conv.outChannels(), w.kernelHeight(), w.kernelWidth()};
    WeightValues kernel =
        WeightValues.permuted(KERNEL, parameters, node.parameterOffset(), shape, 2, 3, 1, 0);
    List<WeightValues> weights = weights(node, parameters, kernel, conv.bias(), conv.outChannels());
    Made made = sliding("Conv2DTranspose", config, w, false, weights);
    config.put("padding", "valid").putNull("output_padding");
    return new Made(made.className(), config, weights, null);
  }

  private static Made sliding(
      String className,
      ObjectNode config,
      Window window,
      boolean relu,
      List<WeightValues> weights) {
    pair(config, "kernel_size", window.kernelHeight(), window.kernelWidth());
    pair(config, "strides", window.strideHeight(), window.strideWidth());
    config.put("padding", window.padding() instanceof Padding.Same ? "same" : "valid");
    config.put("data_format", "channels_last");
    pair(config, "dilation_rate", window.dilationHeight(), window.dilationWidth());
    trained(
        config,
        className.equals("DepthwiseConv2D") ? "depthwise" : KERNEL,
        relu,
        weights.size() > 1);
    int[] padding =
        window.padding() instanceof Padding.Explicit p
            ? new int[] {p.top(), p.bottom(), p.left(), p.right()}
            : null;
    return new Made(className, config, weights, padding);
  }

  /**
   * Dense.
   *
   * @param image the image that the input contains channels first; its rows are moved to Keras'
   *     order, channels last. Null for any other vector
   */
  static Made dense(Node node, Dense dense, float[] parameters, Shape image) {
    ObjectNode config = KerasGraph.config();
    config.put("units", dense.out());
    int begin = node.parameterOffset();
    WeightValues kernel;
    if (image == null) {
      float[] same = Arrays.copyOfRange(parameters, begin, begin + dense.in() * dense.out());
      kernel = new WeightValues(KERNEL, same, dense.in(), dense.out());
    } else {
      int[] shape = {image.channels(), image.height(), image.width(), dense.out()};
      float[] moved = WeightValues.permuted(KERNEL, parameters, begin, shape, 1, 2, 0, 3).values();
      kernel = new WeightValues(KERNEL, moved, dense.in(), dense.out());
    }
    List<WeightValues> weights = weights(node, parameters, kernel, dense.bias(), dense.out());
    trained(config, KERNEL, dense.relu(), dense.bias());
    return new Made("Dense", config, weights, null);
  }

  private static List<WeightValues> weights(
      Node node, float[] parameters, WeightValues kernel, boolean bias, int out) {
    List<WeightValues> all = new ArrayList<>(List.of(kernel));
    if (bias) {
      int begin = node.parameterOffset() + kernel.values().length;
      all.add(new WeightValues(BIAS, Arrays.copyOfRange(parameters, begin, begin + out), out));
    }
    return all;
  }

  private static void trained(ObjectNode config, String kernel, boolean relu, boolean bias) {
    config.put(Functions.ARGUMENT, relu ? "relu" : "linear");
    config.put("use_bias", bias);
    config.set(kernel + "_initializer", initializer("GlorotUniform"));
    config.set("bias_initializer", initializer("Zeros"));
    for (String key :
        List.of(
            kernel + "_regularizer",
            "bias_regularizer",
            "activity_regularizer",
            kernel + "_constraint",
            "bias_constraint")) {
      config.putNull(key);
    }
  }

  static ObjectNode initializer(String className) {
    ObjectNode config = KerasGraph.config();
    if (className.equals("GlorotUniform")) {
      config.putNull("seed");
    }
    return KerasText.object(INITIALIZERS, className, config);
  }

  private static void pair(ObjectNode config, String key, int height, int width) {
    config.putArray(key).add(height).add(width);
  }

  /** PReLU: slopes [C, H, W] become [H, W, C]; axes of size 1 are shared. */
  static Made prelu(Node node, PRelu prelu, float[] parameters, boolean image) {
    Shape s = prelu.slopes();
    int begin = node.parameterOffset();
    WeightValues alpha;
    if (image) {
      int[] shape = {s.channels(), s.height(), s.width()};
      alpha = WeightValues.permuted("alpha", parameters, begin, shape, 1, 2, 0);
    } else {
      float[] slopes = Arrays.copyOfRange(parameters, begin, begin + s.size());
      alpha = new WeightValues("alpha", slopes, s.size());
    }
    ObjectNode config = KerasGraph.config();
    config.set("alpha_initializer", initializer("Zeros"));
    config.putNull("alpha_regularizer").putNull("alpha_constraint");
    var shared = config.putArray("shared_axes");
    for (int axis = 0; axis < alpha.shape().length; axis++) {
      if (alpha.shape()[axis] == 1) {
        shared.add(axis + 1);
      }
    }
    return new Made("PReLU", config, List.of(alpha), null);
  }
}
