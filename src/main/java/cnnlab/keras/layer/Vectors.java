package cnnlab.keras.layer;

import cnnlab.keras.file.LayerConfig;
import cnnlab.keras.file.TensorShape;
import cnnlab.keras.file.TensorShape.Image;
import cnnlab.keras.file.TensorShape.Vector;
import cnnlab.model.layer.ChannelsLastFlatten;
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
    if (graph.feedsOnly(layer, Set.of("Dense"), VALUE_BY_VALUE)) {
      graph.add(layer, new PreprocessorVertex(new CnnToFeedForwardPreProcessor(h, w, c)), out);
      graph.markChannelsFirst(layer, image);
      graph.markView(layer);
    } else {
      graph.add(layer, new PreprocessorVertex(new ChannelsLastFlatten(h, w, c)), out);
    }
  }

  /** Reshape, if it flattens or changes nothing. */
  static void reshape(FlatLayer layer, Assembly graph) {
    LayerConfig config = layer.config();
    TensorShape in = graph.input(layer);
    List<Integer> target = config.integers("target_shape");
    if (target.size() == 1 && (target.get(0) == -1 || target.get(0) == in.size())) {
      flatten(layer, graph);
    } else if (in instanceof Image image && same(target, image)) {
      graph.pass(layer, new Image(image.height(), image.width(), image.channels()));
    } else {
      throw config.fault(
          "target_shape",
          target,
          "[-1] or [%d]: only a reshape of %s to a vector is supported".formatted(in.size(), in));
    }
  }

  /** Whether a reshape leaves an image unchanged, apart from an added channel axis. */
  private static boolean same(List<Integer> target, Image image) {
    return target.equals(List.of(image.height(), image.width(), image.channels()));
  }
}
