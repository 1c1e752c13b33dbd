package cnnlab.keras.layer;

import cnnlab.keras.file.KerasFault;
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

  static {
    KINDS.put("Conv2D", Convolutions::convolution);
    KINDS.put("Conv2DTranspose", Convolutions::transposed);
    KINDS.put("DepthwiseConv2D", Convolutions::depthwise);
    KINDS.put("SeparableConv2D", Convolutions::separable);
    KINDS.put("MaxPooling2D", Poolings::max);
    KINDS.put("AveragePooling2D", Poolings::average);
    KINDS.put("GlobalMaxPooling2D", Poolings::globalMax);
    KINDS.put("GlobalAveragePooling2D", Poolings::globalAverage);
    KINDS.put("ZeroPadding2D", Poolings::zeroPadding);
    KINDS.put("UpSampling2D", Resizings::upsampling);
    KINDS.put("Resizing", Resizings::resizing);
    KINDS.put("Cropping2D", Resizings::cropping);
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
    KINDS.put("SpatialDropout2D", Noise::spatialDropout);
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
    if ("channels_first".equals(layer.config().get("data_format").asText())) {
      throw layer
          .config()
          .fault(
              "data_format is channels_first; only channels_last, Keras' default, is supported. Build the model with channels_last and copy the weights");
    }
    kind.add(layer, graph);
  }

  /** The classes of layers that compute something. */
  public static Set<String> layers() {
    return KINDS.keySet();
  }

  private static Set<String> names() {
    Set<String> all = new TreeSet<>(layers());
    all.addAll(RandomLayers.names());
    all.add("InputLayer");
    return all;
  }
}
