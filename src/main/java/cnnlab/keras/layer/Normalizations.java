package cnnlab.keras.layer;

import cnnlab.keras.file.LayerConfig;
import cnnlab.keras.file.TensorShape;
import cnnlab.keras.file.TensorShape.Image;
import cnnlab.model.layer.ChannelAffine;
import cnnlab.model.layer.PartialBatchNormalization;
import cnnlab.model.norm.GroupNormalization;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;

/** Converts normalisations and rescaling. */
final class Normalizations {
  private static final String GAMMA = "gamma";
  private static final String BETA = "beta";
  private static final String AXIS = "axis";
  private static final int DEFAULT_GROUPS = 32;
  private static final double EPSILON = 1e-3;
  private static final double MOMENTUM = 0.99;

  /** Keras' smallest divisor in Normalization. */
  private static final double SMALLEST_DEVIATION = 1e-7;

  private Normalizations() {}

  /** BatchNormalization; without scale gamma stays 1, without center beta stays 0. */
  static void batch(FlatLayer layer, Assembly graph) {
    LayerConfig config = layer.config();
    TensorShape in = graph.input(layer);
    int channels = in instanceof Image ? config.image(in).channels() : Math.toIntExact(in.size());
    config.requireChannelAxis(AXIS, in);
    config.require("renorm", !config.flag("renorm", false), "false");
    boolean scale = config.flag("scale", true);
    boolean center = config.flag("center", true);
    List<String> names = trained(scale, center);
    names.add("moving_mean");
    names.add("moving_variance");
    List<Weight> weights =
        Assembly.weights(layer, names, names.stream().map(name -> new long[] {channels}).toList());
    graph.add(layer, layer(config, channels, scale, center), in);
    int next = 0;
    graph.set(layer, GAMMA, scale ? weights.get(next++) : Weight.constant(GAMMA, channels, 1));
    graph.set(layer, BETA, center ? weights.get(next++) : Weight.constant(BETA, channels, 0));
    graph.set(layer, "mean", weights.get(next++));
    graph.set(layer, "var", weights.get(next));
    Regularizers.noteIgnored(layer, graph, "gamma_regularizer", "beta_regularizer");
  }

  private static BatchNormalization layer(
      LayerConfig config, int channels, boolean scale, boolean center) {
    BatchNormalization made =
        scale && center
            ? new BatchNormalization.Builder().useLogStd(false).build()
            : new PartialBatchNormalization(scale, center);
    made.setEps(config.number("epsilon", EPSILON, 0, 1));
    made.setDecay(config.number("momentum", MOMENTUM, 0, 1));
    made.setNIn(channels);
    made.setNOut(channels);
    return made;
  }

  /** LayerNormalization over the channels of a pixel or the features of a vector. */
  static void layer(FlatLayer layer, Assembly graph) {
    LayerConfig config = layer.config();
    config.require("rms_scaling", !config.flag("rms_scaling", false), "false");
    group(layer, graph, 1, true);
  }

  /** GroupNormalization; -1 groups means a group for each channel. */
  static void group(FlatLayer layer, Assembly graph) {
    boolean each = layer.config().integers("groups").equals(List.of(-1));
    int groups = each ? channels(layer, graph) : layer.config().positive("groups", DEFAULT_GROUPS);
    group(layer, graph, groups, false);
  }

  private static int channels(FlatLayer layer, Assembly graph) {
    TensorShape in = graph.input(layer);
    return in instanceof Image ? layer.config().image(in).channels() : Math.toIntExact(in.size());
  }

  private static void requireLastAxis(FlatLayer layer, Assembly graph) {
    layer.config().requireChannelAxis(AXIS, graph.input(layer));
  }

  private static void group(FlatLayer layer, Assembly graph, int groups, boolean everyPosition) {
    LayerConfig config = layer.config();
    int channels = channels(layer, graph);
    requireLastAxis(layer, graph);
    boolean divides = channels % groups == 0;
    config.require("groups", divides, "a divisor of the %s channels".formatted(channels));
    boolean scale = config.flag("scale", true);
    boolean center = config.flag("center", true);
    List<String> names = trained(scale, center);
    List<Weight> weights =
        Assembly.weights(layer, names, names.stream().map(name -> new long[] {channels}).toList());
    double eps = config.number("epsilon", EPSILON, 0, 1);
    graph.add(
        layer,
        new GroupNormalization(channels, groups, everyPosition, eps, scale, center),
        graph.input(layer));
    graph.set(layer, GAMMA, scale ? weights.get(0) : Weight.constant(GAMMA, channels, 1));
    graph.set(
        layer, BETA, center ? weights.get(weights.size() - 1) : Weight.constant(BETA, channels, 0));
    Regularizers.noteIgnored(layer, graph, "gamma_regularizer", "beta_regularizer");
  }

  /** LayerScale of ConvNeXt: one factor for each channel. */
  static void layerScale(FlatLayer layer, Assembly graph) {
    int channels = channels(layer, graph);
    Weight factors = Assembly.weights(layer, List.of(GAMMA), List.of(new long[] {channels})).get(0);
    graph.note(layer, "its factors are constants here and would not be trained");
    graph.add(layer, affine(factors.values(), new float[] {0}), graph.input(layer));
  }

  /** Normalization: (x − mean) / √variance of the data it was adapted to, for each channel. */
  static void normalization(FlatLayer layer, Assembly graph) {
    LayerConfig config = layer.config();
    TensorShape in = graph.input(layer);
    int channels = in instanceof Image ? config.image(in).channels() : Math.toIntExact(in.size());
    boolean whole = config.integers(AXIS).isEmpty();
    if (!whole) {
      config.requireChannelAxis(AXIS, in);
    }
    config.require("invert", !config.flag("invert", false), "false");
    float[] mean;
    float[] variance;
    if (config.get("mean").isMissingNode()) {
      long[] shape = whole ? new long[0] : new long[] {channels};
      List<Weight> weights =
          Assembly.weights(
              layer,
              List.of("mean", "variance", Assembly.COUNT),
              List.of(shape, shape, new long[0]));
      mean = weights.get(0).values();
      variance = weights.get(1).values();
    } else {
      mean = config.numbers("mean", 0);
      variance = config.numbers("variance", 1);
    }
    float[] shift = new float[mean.length];
    float[] scale = new float[variance.length];
    for (int c = 0; c < shift.length; c++) {
      shift[c] = -mean[c];
    }
    for (int c = 0; c < scale.length; c++) {
      scale[c] = (float) (1 / Math.max(Math.sqrt(variance[c]), SMALLEST_DEVIATION));
    }
    requireOneOrEach(config, in, shift, channels);
    requireOneOrEach(config, in, scale, channels);
    String centred = layer.vertex() + ".centred";
    graph.addVertex(layer, centred, affine(new float[] {1}, shift), in, graph.resolved(layer));
    graph.addVertex(layer, layer.vertex(), affine(scale, new float[] {0}), in, centred);
  }

  private static PreprocessorVertex affine(float[] scale, float[] offset) {
    return new PreprocessorVertex(new ChannelAffine(scale, offset));
  }

  private static void requireOneOrEach(
      LayerConfig config, TensorShape in, float[] given, long channels) {
    if (given.length != 1 && given.length != channels) {
      throw config.fault(
          "%s numbers to rescale %s, expected 1 or %s".formatted(given.length, in, channels));
    }
  }

  /** Rescaling: x · scale + offset, each a single number or one for each channel. */
  static void rescaling(FlatLayer layer, Assembly graph) {
    LayerConfig config = layer.config();
    TensorShape in = graph.input(layer);
    float[] scale = config.numbers("scale", 1);
    float[] offset = config.numbers("offset", 0);
    long channels = in instanceof Image image ? image.channels() : in.size();
    requireOneOrEach(config, in, scale, channels);
    requireOneOrEach(config, in, offset, channels);
    graph.add(layer, affine(scale, offset), in);
  }

  /** The names of the weights that are trained. */
  private static List<String> trained(boolean scale, boolean center) {
    List<String> names = new ArrayList<>();
    if (scale) {
      names.add(GAMMA);
    }
    if (center) {
      names.add(BETA);
    }
    return names;
  }
}
