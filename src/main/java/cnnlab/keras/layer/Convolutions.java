package cnnlab.keras.layer;

import cnnlab.keras.file.LayerConfig;
import cnnlab.keras.file.Limits;
import cnnlab.keras.file.TensorShape.Image;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;

/**
 * Converts convolutions. Keras' kernels are [height, width, in, out], DL4J's [out, in, height,
 * width].
 */
final class Convolutions {
  private static final String KERNEL = "kernel";
  private static final String BIAS = "bias";
  private static final String USE_BIAS = "use_bias";
  private static final String MULTIPLIER = "depth_multiplier";

  private Convolutions() {}

  /** Conv2D. */
  static void convolution(FlatLayer layer, Assembly graph) {
    LayerConfig config = layer.config();
    Image in = config.image(graph.input(layer));
    Sliding window = Sliding.of(config, "kernel_size");
    requirePlain(config);
    int filters = config.positive("filters");
    boolean bias = config.flag(USE_BIAS, true);
    List<Weight> weights =
        Assembly.weights(
            layer,
            names(bias, KERNEL),
            shapes(
                bias,
                filters,
                new long[] {window.height(), window.width(), in.channels(), filters}));
    Placed placed = place(layer, graph, window, in);
    ConvolutionLayer made =
        layer(placed.window, in.channels(), filters, bias, Activations.of(config, true));
    Regularizers.apply(layer, graph, made, "kernel_regularizer", "bias_regularizer");
    graph.add(layer, layer.vertex(), made, window.out(config, in, filters), placed.input);
    graph.set(layer, "W", weights.get(0).permuted(3, 2, 0, 1));
    setBias(layer, graph, weights);
  }

  /**
   * DepthwiseConv2D. In Keras and DL4J, output channel c·multiplier + m is computed from input
   * channel c.
   */
  static void depthwise(FlatLayer layer, Assembly graph) {
    LayerConfig config = layer.config();
    Image in = config.image(graph.input(layer));
    Sliding window = Sliding.of(config, "kernel_size");
    requirePlain(config);
    int multiplier = config.positive(MULTIPLIER, 1);
    int filters = channels(config, in, multiplier);
    boolean bias = config.flag(USE_BIAS, true);
    List<Weight> weights =
        Assembly.weights(
            layer,
            names(bias, KERNEL),
            shapes(
                bias,
                filters,
                new long[] {window.height(), window.width(), in.channels(), multiplier}));
    Placed placed = place(layer, graph, window, in);
    BaseLayer made =
        depthwiseLayer(
            placed.window, in.channels(), multiplier, bias, Activations.of(config, true));
    Regularizers.apply(layer, graph, made, "depthwise_regularizer", "bias_regularizer");
    graph.add(layer, layer.vertex(), made, window.out(config, in, filters), placed.input);
    graph.set(layer, "W", weights.get(0));
    setBias(layer, graph, weights);
  }

  /**
   * SeparableConv2D: a depthwise convolution, named {@code NAME.depthwise}, and a 1x1 convolution.
   */
  static void separable(FlatLayer layer, Assembly graph) {
    LayerConfig config = layer.config();
    Image in = config.image(graph.input(layer));
    Sliding window = Sliding.of(config, "kernel_size");
    requirePlain(config);
    int multiplier = config.positive(MULTIPLIER, 1);
    int between = channels(config, in, multiplier);
    int filters = config.positive("filters");
    boolean bias = config.flag(USE_BIAS, true);
    List<Weight> weights =
        Assembly.weights(
            layer,
            names(bias, "depthwise_kernel", "pointwise_kernel"),
            shapes(
                bias,
                filters,
                new long[] {window.height(), window.width(), in.channels(), multiplier},
                new long[] {1, 1, between, filters}));
    String first = layer.vertex() + ".depthwise";
    Placed placed = place(layer, graph, window, in);
    BaseLayer depthwise =
        depthwiseLayer(placed.window, in.channels(), multiplier, false, new ActivationIdentity());
    ConvolutionLayer pointwise =
        layer(Sliding.ONE, between, filters, bias, Activations.of(config, true));
    Regularizers.apply(layer, graph, depthwise, "depthwise_regularizer", "none");
    Regularizers.apply(layer, graph, pointwise, "pointwise_regularizer", "bias_regularizer");
    graph.add(layer, first, depthwise, window.out(config, in, between), placed.input);
    graph.add(layer, layer.vertex(), pointwise, window.out(config, in, filters), first);
    graph.set(layer, first, "W", weights.get(0));
    graph.set(layer, "W", weights.get(1).permuted(3, 2, 0, 1));
    setBias(layer, graph, weights);
  }

  /** Dense on an image: in Keras it applies to each pixel. */
  static void dense(FlatLayer layer, Assembly graph, Image in, int units, boolean bias) {
    List<Weight> weights =
        Assembly.weights(
            layer, names(bias, KERNEL), shapes(bias, units, new long[] {in.channels(), units}));
    ConvolutionLayer made =
        layer(Sliding.ONE, in.channels(), units, bias, Activations.of(layer.config(), true));
    Regularizers.apply(layer, graph, made, "kernel_regularizer", "bias_regularizer");
    graph.add(layer, made, new Image(in.height(), in.width(), units));
    graph.set(layer, "W", weights.get(0).permuted(1, 0));
    setBias(layer, graph, weights);
  }

  /** A window that DL4J accepts, and the vertex that it reads. */
  private record Placed(Sliding window, String input) {}

  /** If DL4J rejects a convolution's padding, moves it to a separate vertex, {@code NAME.pad}. */
  private static Placed place(FlatLayer layer, Assembly graph, Sliding window, Image in) {
    String input = graph.resolved(layer)[0];
    if (!window.refused(in)) {
      return new Placed(window.fitted(in), input);
    }
    int[] p = window.padding(in);
    String pad = layer.vertex() + ".pad";
    Image out = new Image(in.height() + p[0] + p[1], in.width() + p[2] + p[3], in.channels());
    graph.add(layer, pad, new ZeroPaddingLayer.Builder(p[0], p[1], p[2], p[3]).build(), out, input);
    return new Placed(window.valid(), pad);
  }

  private static ConvolutionLayer layer(
      Sliding window, int in, int out, boolean bias, IActivation activation) {
    return new ConvolutionLayer.Builder(window.height(), window.width())
        .stride(window.strideY(), window.strideX())
        .convolutionMode(window.same() ? ConvolutionMode.Same : ConvolutionMode.Truncate)
        .nIn(in)
        .nOut(out)
        .hasBias(bias)
        .activation(activation)
        .build();
  }

  private static DepthwiseConvolution2D depthwiseLayer(
      Sliding window, int in, int multiplier, boolean bias, IActivation activation) {
    return new DepthwiseConvolution2D.Builder(window.height(), window.width())
        .stride(window.strideY(), window.strideX())
        .convolutionMode(window.same() ? ConvolutionMode.Same : ConvolutionMode.Truncate)
        .nIn(in)
        .nOut(in * multiplier)
        .depthMultiplier(multiplier)
        .hasBias(bias)
        .activation(activation)
        .build();
  }

  private static int channels(LayerConfig config, Image in, int multiplier) {
    long channels = (long) in.channels() * multiplier;
    if (channels > Limits.ACTIVATIONS) {
      throw config.fault(MULTIPLIER, multiplier, "fewer output channels than " + channels);
    }
    return (int) channels;
  }

  private static void requirePlain(LayerConfig config) {
    boolean undilated = config.integers("dilation_rate").stream().allMatch(d -> d == 1);
    config.require("dilation_rate", undilated, "1: dilated convolutions are not supported");
    config.require(
        "groups", config.positive("groups", 1) == 1, "1: grouped convolutions are not supported");
  }

  private static List<String> names(boolean bias, String... kernels) {
    List<String> names = new ArrayList<>(List.of(kernels));
    if (bias) {
      names.add(BIAS);
    }
    return names;
  }

  private static List<long[]> shapes(boolean bias, int out, long[]... kernels) {
    List<long[]> shapes = new ArrayList<>(List.of(kernels));
    if (bias) {
      shapes.add(new long[] {out});
    }
    return shapes;
  }

  private static void setBias(FlatLayer layer, Assembly graph, List<Weight> weights) {
    Weight last = weights.get(weights.size() - 1);
    if (last.variable().equals(BIAS)) {
      graph.set(layer, "b", last);
    }
  }
}
