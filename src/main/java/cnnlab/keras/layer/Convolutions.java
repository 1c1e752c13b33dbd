package cnnlab.keras.layer;

import cnnlab.keras.file.LayerConfig;
import cnnlab.keras.file.Limits;
import cnnlab.keras.file.TensorShape.Image;
import cnnlab.model.layer.ChannelSoftmax;
import cnnlab.model.layer.LogSoftmax;
import cnnlab.model.shape.ChannelSelection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
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

  /** The number of axes of kernels. */
  private static final int RANK = 4;

  private static final int MOST_GROUPS = 1024;
  private static final String MULTIPLIER = "depth_multiplier";

  private Convolutions() {}

  /** Conv2D and Conv1D. With groups, each group of input channels has its own filters. */
  static void convolution(FlatLayer layer, Assembly graph) {
    LayerConfig config = layer.config();
    Image in = config.image(graph.input(layer));
    Sliding window = Sliding.of(config, "kernel_size");
    int filters = config.positive("filters");
    int groups = groups(config, in.channels(), filters);
    boolean bias = config.flag(USE_BIAS, true);
    int read = in.channels() / groups;
    List<Weight> weights =
        weights(
            layer,
            names(bias, KERNEL),
            shapes(bias, filters, new long[] {window.height(), window.width(), read, filters}));
    Placed placed =
        Sliding.isCausal(config)
            ? pad(layer, graph, window, in, new int[] {0, 0, window.wide() - 1, 0})
            : place(layer, graph, window, in);
    Image out = placed.window.out(config, placed.shape, filters);
    if (groups > 1 && read == 1 && !window.dilated()) {
      BaseLayer made =
          depthwiseLayer(
              placed.window, groups, filters / groups, bias, Activations.of(config, true));
      Regularizers.apply(layer, graph, made, "kernel_regularizer", "bias_regularizer");
      graph.add(layer, layer.vertex(), made, out, placed.input);
      graph.set(
          layer,
          "W",
          weights.get(0).reshaped(window.height(), window.width(), groups, filters / groups));
      setBias(layer, graph, weights);
    } else if (groups > 1) {
      Groups all = new Groups(layer.vertex(), groups, read, filters / groups, out);
      Weight kernels = weights.get(0).permuted(3, 2, 0, 1);
      grouped(
          layer, graph, placed, all, bias ? List.of(kernels, weights.get(1)) : List.of(kernels));
    } else {
      ConvolutionLayer made =
          layer(placed.window, in.channels(), filters, bias, Activations.of(config, true));
      Regularizers.apply(layer, graph, made, "kernel_regularizer", "bias_regularizer");
      graph.add(layer, layer.vertex(), made, out, placed.input);
      graph.set(layer, "W", weights.get(0).permuted(3, 2, 0, 1));
      setBias(layer, graph, weights);
    }
  }

  private static int groups(LayerConfig config, int channels, int filters) {
    int groups = config.positive("groups", 1);
    boolean fits = channels % groups == 0 && filters % groups == 0;
    config.require(
        "groups",
        fits && (groups <= MOST_GROUPS || groups == channels),
        "a divisor of %s input channels and %s filters, at most %s"
            .formatted(channels, filters, MOST_GROUPS));
    return groups;
  }

  /**
   * Groups of a convolution.
   *
   * @param vertex the name of the output
   * @param count how many
   * @param in input channels of each
   * @param out filters of each
   * @param shape of the output of all
   */
  private record Groups(String vertex, int count, int in, int out, Image shape) {}

  /**
   * DL4J has no grouped convolution: each group becomes a vertex {@code NAME.inK} that selects its
   * channels and a convolution {@code NAME.groupK}; their outputs are joined. The layer's bias and
   * activation are those of the groups if the output has its name.
   *
   * @param weights kernels [filters, in, height, width], and perhaps a bias
   */
  private static void grouped(
      FlatLayer layer, Assembly graph, Placed placed, Groups groups, List<Weight> weights) {
    boolean last = groups.vertex.equals(layer.vertex());
    IActivation activation = last ? Activations.of(layer.config(), true) : new ActivationIdentity();
    if (activation instanceof ChannelSoftmax || activation instanceof LogSoftmax) {
      throw layer
          .config()
          .fault("groups and a softmax are not supported together; use a layer Softmax");
    }
    String[] parts = new String[groups.count];
    Image out = groups.shape.withChannels(groups.out);
    for (int k = 0; k < groups.count; k++) {
      String select = groups.vertex + ".in" + k;
      parts[k] = groups.vertex + ".group" + k;
      graph.addVertex(
          layer,
          select,
          new PreprocessorVertex(
              new ChannelSelection(k * groups.in, (k + 1) * groups.in, groups.count * groups.in)),
          placed.shape.withChannels(groups.in),
          placed.input);
      boolean bias = weights.size() > 1;
      ConvolutionLayer made = layer(placed.window, groups.in, groups.out, bias, activation);
      String penalty =
          layer.config().get("depthwise_regularizer").isMissingNode() ? "kernel" : "depthwise";
      Regularizers.apply(layer, graph, made, penalty + "_regularizer", "bias_regularizer");
      graph.add(layer, parts[k], made, out, select);
      for (Weight weight : weights) {
        int rows = Math.toIntExact(weight.shape()[0] / groups.count);
        String parameter = weight.variable().equals(BIAS) ? "b" : "W";
        graph.set(layer, parts[k], parameter, weight.part(k * rows, (k + 1) * rows));
      }
    }
    graph.addVertex(layer, groups.vertex, new MergeVertex(), groups.shape, parts);
  }

  /**
   * A depthwise convolution with gaps, which DL4J's oneDNN cannot compute, as one group for each
   * channel.
   */
  private static void dilatedDepthwise(
      FlatLayer layer, Assembly graph, Placed placed, Groups groups, List<Weight> weights) {
    layer
        .config()
        .require(
            "dilation_rate",
            groups.count <= MOST_GROUPS,
            "1 for more than %s channels".formatted(MOST_GROUPS));
    List<Weight> all = new ArrayList<>(weights);
    all.set(0, weights.get(0).permuted(2, 3, 0, 1));
    grouped(layer, graph, placed, groups, all);
  }

  /**
   * Conv2DTranspose. Keras' output has {@code ⌈size · stride⌉} rows with padding {@code same}, and
   * as many as the kernels reach, at least size · stride, without. DL4J computes all that the
   * kernels reach ({@code NAME.full}), from which the border is cropped, more of it at the end. A
   * kernel shorter than the stride is extended with zeros.
   */
  static void transposed(FlatLayer layer, Assembly graph) {
    LayerConfig config = layer.config();
    Image in = config.image(graph.input(layer));
    Sliding window = Sliding.of(config, "kernel_size");
    int filters = config.positive("filters");
    boolean bias = config.flag(USE_BIAS, true);
    List<Weight> weights =
        weights(
            layer,
            names(bias, KERNEL),
            shapes(
                bias,
                filters,
                new long[] {window.height(), window.width(), filters, in.channels()}));
    int[] added = outputPadding(config, window);
    Spread rows =
        spread(
            config, window.height(), window.dilationY(), window.strideY(), window.same(), added[0]);
    Spread columns =
        spread(
            config, window.width(), window.dilationX(), window.strideX(), window.same(), added[1]);
    Deconvolution2D made =
        new Deconvolution2D.Builder(rows.kernel, columns.kernel)
            .stride(window.strideY(), window.strideX())
            .convolutionMode(ConvolutionMode.Truncate)
            .nIn(in.channels())
            .nOut(filters)
            .hasBias(bias)
            .activation(Activations.of(config, true))
            .build();
    Regularizers.apply(layer, graph, made, "kernel_regularizer", "bias_regularizer");
    Image full =
        in.withSides(
                reach(config, in.height(), window.strideY(), rows.kernel),
                reach(config, in.width(), window.strideX(), columns.kernel))
            .withChannels(filters);
    boolean cropped = rows.begin + rows.behind + columns.begin + columns.behind > 0;
    String vertex = layer.vertex() + (cropped ? ".full" : "");
    graph.add(layer, vertex, made, full, graph.resolved(layer));
    if (cropped) {
      int height = full.height() - rows.begin - rows.behind;
      int width = full.width() - columns.begin - columns.behind;
      if (height < 1 || width < 1) {
        throw config.fault("nothing is left of its output");
      }
      Cropping2D crop = new Cropping2D(rows.begin, rows.behind, columns.begin, columns.behind);
      graph.add(layer, layer.vertex(), crop, full.withSides(height, width), vertex);
    }
    graph.set(
        layer,
        vertex,
        "W",
        weights
            .get(0)
            .permuted(3, 2, 0, 1)
            .spread(window.dilationY(), window.dilationX())
            .extended(rows.kernel, columns.kernel));
    if (bias) {
      graph.set(layer, vertex, "b", weights.get(1));
    }
  }

  /**
   * A side of a transposed convolution.
   *
   * @param kernel side of the kernels with the gaps of a dilation, and with zeros behind
   * @param begin what is cut off before the output
   * @param behind what is cut off behind it
   */
  private record Spread(int kernel, int begin, int behind) {}

  /**
   * As Keras pads the input of the convolution that computes the same.
   *
   * <p>Source: {@code keras/src/backend/common/backend_utils.py}.
   *
   * @param added output_padding, or −1 for null
   */
  private static Spread spread(
      LayerConfig config, int size, int dilation, int stride, boolean same, int added) {
    int kernel = Math.addExact(Math.multiplyExact(size - 1, dilation), 1);
    int all;
    int before = kernel - 1;
    if (same) {
      all = added < 0 ? stride + kernel - 2 : kernel + kernel % 2 - 2 + added;
      before = Math.min(all / 2 + all % 2, before);
    } else {
      all = 2 * (kernel - 1) + (added < 0 ? Math.max(stride - kernel, 0) : added);
    }
    int behind = kernel - 1 - (all - before);
    if (kernel > Limits.ACTIVATIONS || behind < -Limits.ACTIVATIONS) {
      throw config.fault("its kernels would have a side of %s".formatted(kernel));
    }
    return new Spread(kernel + Math.max(-behind, 0), kernel - 1 - before, Math.max(behind, 0));
  }

  /** The rows and columns of output_padding, less than the strides; −1 each for null. */
  private static int[] outputPadding(LayerConfig config, Sliding window) {
    List<Integer> given = config.integers("output_padding");
    if (given.isEmpty()) {
      return new int[] {-1, -1};
    }
    boolean sequence = config.takesSequences();
    int rows = sequence ? 0 : given.get(0);
    int columns = given.get(given.size() - 1);
    boolean fits =
        given.size() <= (sequence ? 1 : 2)
            && rows >= 0
            && columns >= 0
            && (rows < window.strideY() || sequence)
            && columns < window.strideX();
    config.require("output_padding", fits, "numbers from 0, less than the strides");
    return new int[] {rows, columns};
  }

  private static int reach(LayerConfig config, int size, int stride, int kernel) {
    long reach = (size - 1L) * stride + kernel;
    if (reach > Limits.ACTIVATIONS) {
      throw config.fault("its output would have a side of %,d".formatted(reach));
    }
    return (int) reach;
  }

  /**
   * DepthwiseConv2D. In Keras and DL4J, output channel c·multiplier + m is computed from input
   * channel c.
   */
  static void depthwise(FlatLayer layer, Assembly graph) {
    LayerConfig config = layer.config();
    Image in = config.image(graph.input(layer));
    Sliding window = Sliding.of(config, "kernel_size");
    int multiplier = config.positive(MULTIPLIER, 1);
    int filters = channels(config, in, multiplier);
    boolean bias = config.flag(USE_BIAS, true);
    List<Weight> weights =
        weights(
            layer,
            names(bias, KERNEL),
            shapes(
                bias,
                filters,
                new long[] {window.height(), window.width(), in.channels(), multiplier}));
    Placed placed = place(layer, graph, window, in);
    if (window.dilated()) {
      Image out = window.out(config, in, filters);
      Groups all = new Groups(layer.vertex(), in.channels(), 1, multiplier, out);
      dilatedDepthwise(layer, graph, placed, all, weights);
      return;
    }
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
    int multiplier = config.positive(MULTIPLIER, 1);
    int between = channels(config, in, multiplier);
    int filters = config.positive("filters");
    boolean bias = config.flag(USE_BIAS, true);
    List<Weight> weights =
        weights(
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
    if (window.dilated()) {
      Image out = window.out(config, in, between);
      Groups all = new Groups(first, in.channels(), 1, multiplier, out);
      dilatedDepthwise(layer, graph, placed, all, weights.subList(0, 1));
    } else {
      graph.add(layer, first, depthwise, window.out(config, in, between), placed.input);
      graph.set(layer, first, "W", weights.get(0));
    }
    graph.add(layer, layer.vertex(), pointwise, window.out(config, in, filters), first);
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
    graph.add(layer, made, in.withChannels(units));
    graph.set(layer, "W", weights.get(0).permuted(1, 0));
    setBias(layer, graph, weights);
  }

  /** A window that DL4J accepts, and the vertex that it reads. */
  private record Placed(Sliding window, String input, Image shape) {}

  /** If DL4J rejects a convolution's padding, moves it to a separate vertex, {@code NAME.pad}. */
  private static Placed place(FlatLayer layer, Assembly graph, Sliding window, Image in) {
    String input = graph.resolved(layer)[0];
    if (!window.refused(in)) {
      return new Placed(window.fitted(in), input, in);
    }
    return pad(layer, graph, window, in, window.padding(in));
  }

  /** Pads the input by a separate vertex: rows at the top and bottom, columns left and right. */
  private static Placed pad(FlatLayer layer, Assembly graph, Sliding window, Image in, int... p) {
    String pad = layer.vertex() + ".pad";
    Image out = in.withSides(in.height() + p[0] + p[1], in.width() + p[2] + p[3]);
    graph.add(
        layer,
        pad,
        new ZeroPaddingLayer.Builder(p[0], p[1], p[2], p[3]).build(),
        out,
        graph.resolved(layer)[0]);
    return new Placed(window.valid(), pad, out);
  }

  /** A convolution of single pixels or steps: a dense layer at each. */
  static ConvolutionLayer point(int in, int out, boolean bias) {
    return layer(Sliding.ONE, in, out, bias, new ActivationIdentity());
  }

  private static ConvolutionLayer layer(
      Sliding window, int in, int out, boolean bias, IActivation activation) {
    return new ConvolutionLayer.Builder(window.height(), window.width())
        .stride(window.strideY(), window.strideX())
        .dilation(window.dilationY(), window.dilationX())
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
        .dilation(window.dilationY(), window.dilationX())
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

  /**
   * The arrays of a layer; the kernels of one that takes sequences have no height in the file and
   * get one of 1.
   */
  private static List<Weight> weights(
      FlatLayer layer, List<String> variables, List<long[]> shapes) {
    boolean flat = layer.config().takesSequences();
    List<long[]> stored =
        shapes.stream()
            .map(s -> flat && s.length == RANK ? Arrays.copyOfRange(s, 1, RANK) : s)
            .toList();
    List<Weight> weights = new ArrayList<>(Assembly.weights(layer, variables, stored));
    for (int i = 0; i < weights.size(); i++) {
      weights.set(i, weights.get(i).reshaped(shapes.get(i)));
    }
    return weights;
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
