package cnnlab.keras.layer;

import cnnlab.keras.file.KerasFault;
import cnnlab.keras.file.LayerConfig;
import cnnlab.keras.file.TensorShape.Image;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The supported layers by Keras' class names; new ones are added here. */
public final class Catalogue {
  /** Converts a layer. */
  @FunctionalInterface
  interface Kind {
    public void add(FlatLayer layer, Assembly graph);
  }

  private static final Map<String, Kind> KINDS = new TreeMap<>();

  /** Layers for which it does not matter which axis is that of the channels. */
  private static final Set<String> VALUE_BY_VALUE =
      Set.of(
          "Activation",
          "Dropout",
          "ELU",
          "Flatten",
          "GaussianDropout",
          "GaussianNoise",
          "LeakyReLU",
          "Permute",
          "ReLU",
          "Rescaling",
          "Reshape");

  /** Layers without a data format that are supported on [C, H, W]. */
  private static final Set<String> CHANNELS_FIRST =
      Set.of(
          "Activation",
          "Add",
          "Average",
          "BatchNormalization",
          "Concatenate",
          "Dropout",
          "ELU",
          "Flatten",
          "GaussianDropout",
          "GaussianNoise",
          "GroupNormalization",
          "LayerNormalization",
          "LeakyReLU",
          "Maximum",
          "Multiply",
          "ReLU",
          "Softmax",
          "Subtract",
          "ops.Relu",
          "ops.Relu6");

  private static final Set<String> MERGES =
      Set.of("Add", "Subtract", "Multiply", "Average", "Maximum");

  static {
    for (String rank : List.of("2D", "1D")) {
      KINDS.put("Conv" + rank, Convolutions::convolution);
      KINDS.put("Conv" + rank + "Transpose", Convolutions::transposed);
      KINDS.put("DepthwiseConv" + rank, Convolutions::depthwise);
      KINDS.put("SeparableConv" + rank, Convolutions::separable);
      KINDS.put("MaxPooling" + rank, Poolings::max);
      KINDS.put("AveragePooling" + rank, Poolings::average);
      KINDS.put("GlobalMaxPooling" + rank, Poolings::globalMax);
      KINDS.put("GlobalAveragePooling" + rank, Poolings::globalAverage);
      KINDS.put("ZeroPadding" + rank, Poolings::zeroPadding);
      KINDS.put("UpSampling" + rank, Resizings::upsampling);
      KINDS.put("Cropping" + rank, Resizings::cropping);
      KINDS.put("SpatialDropout" + rank, Noise::spatialDropout);
    }
    KINDS.put("Resizing", Resizings::resizing);
    KINDS.put("Permute", Resizings::permute);
    KINDS.put("Dense", Vectors::dense);
    KINDS.put("Flatten", Vectors::flatten);
    KINDS.put("Reshape", Vectors::reshape);
    KINDS.put("BatchNormalization", Normalizations::batch);
    KINDS.put("LayerNormalization", Normalizations::layer);
    KINDS.put("GroupNormalization", Normalizations::group);
    KINDS.put("LayerScale", Normalizations::layerScale);
    KINDS.put("StochasticDepth", (layer, graph) -> graph.pass(layer));
    KINDS.put("Normalization", Normalizations::normalization);
    KINDS.put("Rescaling", Normalizations::rescaling);
    KINDS.put("Dropout", Noise::dropout);
    KINDS.put("GaussianNoise", Noise::gaussianNoise);
    KINDS.put("GaussianDropout", Noise::gaussianDropout);
    KINDS.put("Activation", ActivationLayers::named);
    KINDS.put("ReLU", ActivationLayers::relu);
    KINDS.put("LeakyReLU", ActivationLayers::leakyRelu);
    KINDS.put("ELU", ActivationLayers::elu);
    KINDS.put("Softmax", ActivationLayers::softmax);
    KINDS.put("PReLU", ActivationLayers::prelu);
    KINDS.put("Add", Merges::add);
    KINDS.put("Subtract", Merges::subtract);
    KINDS.put("Multiply", Merges::multiply);
    KINDS.put("Average", Merges::average);
    KINDS.put("Maximum", Merges::maximum);
    KINDS.put("Concatenate", Merges::concatenate);
    KINDS.put("Dot", Products::dot);
    KINDS.put("MultiHeadAttention", Attention::multiHead);
    KINDS.put("Attention", Attention::plain);
    KINDS.put("CustomScaleLayer", Merges::scaledSum);
  }

  private Catalogue() {}

  /**
   * Adds a layer to the graph.
   *
   * @throws KerasFault when its class is not supported, or its configuration or weights do not fit
   */
  public static void add(FlatLayer layer, Assembly graph) {
    String className = layer.config().className();
    boolean operation = className.startsWith(Operations.PREFIX);
    Kind kind = operation ? Operations.kind(className) : KINDS.get(className);
    if (kind == null && operation) {
      throw layer
          .config()
          .fault(
              "it is a function of keras.ops, not a layer, and is not supported; the supported functions are: "
                  + Operations.names());
    }
    if (kind == null) {
      throw layer
          .config()
          .fault(
              "this class of layer is not supported; the supported classes are: "
                  + String.join(", ", names()));
    }
    requireOneFormat(layer, graph);
    kind.add(readsChannels(layer, graph) ? graph.withSequences(layer) : layer, graph);
  }

  /**
   * Requires that a layer fits the order of the channels. Layers that have no data format, or do
   * not need it, compute along the last axis, which is not that of the channels of [C, H, W].
   */
  private static void requireOneFormat(FlatLayer layer, Assembly graph) {
    LayerConfig config = layer.config();
    boolean first = Topology.isChannelsFirst(config);
    if (first && config.takesSequences()) {
      throw config.fault(
          "data_format is channels_first; only channels_last is supported for sequences. Build the model with channels_last and copy the weights");
    }
    boolean images =
        graph.inputs(layer).stream().anyMatch(s -> s instanceof Image i && i.channelsFirst());
    if (!images || config.className().equals("Flatten")) {
      return;
    }
    boolean sided = !config.get("data_format").isMissingNode();
    boolean anyAxis = CHANNELS_FIRST.contains(config.className());
    boolean softmax = config.get("activation").toString().contains("softmax");
    if (softmax || !(sided ? first : anyAxis)) {
      throw config.fault(
          "its input is %s, channels first, %s. Build the model with channels_last and copy the weights"
              .formatted(
                  graph.inputs(layer),
                  sided && !first
                      ? "and its data_format is channels_last"
                      : "for which it is not supported"));
    }
  }

  /** Whether inputs [H, W] are sequences [T, C] for the layer. */
  private static boolean readsChannels(FlatLayer layer, Assembly graph) {
    String className = layer.config().className();
    boolean whole =
        VALUE_BY_VALUE.contains(className)
            || MERGES.contains(className)
                && graph.inputs(layer).stream().allMatch(s -> s instanceof Image i && i.bare());
    boolean softmax = layer.config().get("activation").toString().contains("softmax");
    return !whole || softmax;
  }

  /** The classes of layers that compute something. */
  public static Set<String> layers() {
    return KINDS.keySet();
  }

  private static Set<String> names() {
    Set<String> all = new TreeSet<>(layers());
    all.addAll(RandomLayers.names());
    all.add("InputLayer");
    all.add(Topology.TIME_DISTRIBUTED);
    return all;
  }
}
