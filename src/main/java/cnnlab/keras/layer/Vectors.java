package cnnlab.keras.layer;

import cnnlab.keras.file.LayerConfig;
import cnnlab.keras.file.TensorShape;
import cnnlab.keras.file.TensorShape.Axes;
import cnnlab.keras.file.TensorShape.Image;
import cnnlab.keras.file.TensorShape.Vector;
import cnnlab.model.layer.ChannelsLastFlatten;
import cnnlab.model.shape.ChannelsLastReshape;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.nd4j.linalg.activations.IActivation;

/** Converts layers from images to vectors, and dense layers. */
final class Vectors {
  /** Layers that treat all values of a vector alike, so that their order does not matter. */
  private static final Set<String> VALUE_BY_VALUE =
      Set.of("Dropout", "GaussianDropout", "GaussianNoise", "ReLU", "LeakyReLU", "ELU", "Flatten");

  private Vectors() {}

  /** Dense; its kernel is permuted if the input is an image flattened in channels-first order. */
  static void dense(FlatLayer layer, Assembly graph) {
    LayerConfig config = layer.config();
    int units = config.positive("units");
    boolean bias = config.flag("use_bias", true);
    if (graph.input(layer) instanceof Image) {
      Convolutions.dense(layer, graph, config.image(graph.input(layer)), units, bias);
      return;
    }
    long in = graph.input(layer).size();
    List<Weight> weights =
        Assembly.weights(
            layer,
            bias ? List.of("kernel", "bias") : List.of("kernel"),
            bias
                ? List.of(new long[] {in, units}, new long[] {units})
                : List.of(new long[][] {{in, units}}));
    BaseLayer made = layer(graph.isOutput(layer), in, units, bias, Activations.of(config, false));
    Regularizers.apply(layer, graph, made, "kernel_regularizer", "bias_regularizer");
    graph.add(layer, made, new Vector(units));
    Image image = graph.channelsFirst(layer);
    graph.set(
        layer,
        "W",
        image == null
            ? weights.get(0)
            : weights
                .get(0)
                .reshaped(image.height(), image.width(), image.channels(), units)
                .permuted(2, 0, 1, 3));
    if (bias) {
      graph.set(layer, "b", weights.get(1));
    }
  }

  private static BaseLayer layer(
      boolean output, long in, int units, boolean bias, IActivation activation) {
    return output
        ? new OutputLayer.Builder(Assembly.loss(activation))
            .nIn(in)
            .nOut(units)
            .hasBias(bias)
            .activation(activation)
            .build()
        : new DenseLayer.Builder().nIn(in).nOut(units).hasBias(bias).activation(activation).build();
  }

  /**
   * Flatten. If only dense layers read the result, the order is channels first, as in DL4J, and
   * their kernels are permuted. Otherwise it is channels last, as in Keras.
   */
  static void flatten(FlatLayer layer, Assembly graph) {
    if (!(graph.input(layer) instanceof Image image)) {
      graph.pass(layer);
      return;
    }
    Vector out = new Vector(image.size());
    int h = image.height();
    int w = image.width();
    int c = image.channels();
    if (image.channelsFirst() && !Topology.isChannelsFirst(layer.config())) {
      // Keras moves the channels to the end only if the layer itself says that they are first.
      graph.add(layer, new PreprocessorVertex(new CnnToFeedForwardPreProcessor(h, w, c)), out);
      graph.markView(layer);
    } else if (graph.feedsOnly(layer, Set.of("Dense"), VALUE_BY_VALUE)) {
      graph.add(layer, new PreprocessorVertex(new CnnToFeedForwardPreProcessor(h, w, c)), out);
      graph.markChannelsFirst(layer, image);
      graph.markView(layer);
    } else {
      graph.add(layer, new PreprocessorVertex(new ChannelsLastFlatten(h, w, c)), out);
    }
  }

  /** Reshape: to a vector, [H, W] or [H, W, C]; one side may be -1. */
  static void reshape(FlatLayer layer, Assembly graph) {
    reshape(layer, graph, layer.config().integers("target_shape"), "target_shape");
  }

  /** Reshapes to the given sides, of which one may be -1; {@code key} holds them. */
  static void reshape(FlatLayer layer, Assembly graph, List<Integer> target, String key) {
    TensorShape in = graph.input(layer);
    int[] sides = sides(layer.config(), in, target, key);
    TensorShape out =
        switch (sides.length) {
          case 1 -> new Vector(sides[0]);
          case 2 -> new Image(sides[0], sides[1], 1, Axes.BARE);
          default -> new Image(sides[0], sides[1], sides[2]);
        };
    if (out instanceof Vector) {
      flatten(layer, graph);
    } else if (Arrays.equals(channelsLast(in), channelsLast(out))) {
      graph.pass(layer, out);
    } else {
      graph.add(layer, reshape(in, out), out);
    }
  }

  /** A vertex that keeps the values in Keras' order and gives them another shape. */
  static PreprocessorVertex reshape(TensorShape in, TensorShape out) {
    return new PreprocessorVertex(new ChannelsLastReshape(channelsLast(in), channelsLast(out)));
  }

  private static int[] sides(LayerConfig config, TensorShape in, List<Integer> target, String key) {
    int[] sides = target.stream().mapToInt(Integer::intValue).toArray();
    long known = 1;
    int open = -1;
    boolean fine = sides.length >= 1 && sides.length <= 3;
    for (int i = 0; fine && i < sides.length; i++) {
      fine = sides[i] > 0 || sides[i] == -1 && open < 0;
      open = sides[i] == -1 ? i : open;
      known *= sides[i] == -1 ? 1 : sides[i];
      fine &= known <= in.size();
    }
    fine = fine && (open >= 0 ? in.size() % known == 0 : known == in.size());
    if (!fine) {
      throw config.fault(
          key, target, "one to three sides for the %d values of %s".formatted(in.size(), in));
    }
    if (open >= 0) {
      sides[open] = (int) (in.size() / known);
    }
    return sides;
  }

  /** [H, W, C] or [F]. */
  private static long[] channelsLast(TensorShape shape) {
    return shape instanceof Image image
        ? new long[] {image.height(), image.width(), image.channels()}
        : new long[] {shape.size()};
  }
}
