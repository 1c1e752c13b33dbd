package cnnlab.keras.layer;

import cnnlab.keras.file.LayerConfig;
import cnnlab.keras.file.TensorShape;
import cnnlab.keras.file.TensorShape.Image;
import cnnlab.model.layer.ChannelAffine;
import cnnlab.model.layer.ExponentialLinear;
import cnnlab.model.layer.GeluExact;
import cnnlab.model.layer.GeluTanh;
import cnnlab.model.layer.RectifiedLinear;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex.Op;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.nd4j.linalg.activations.impl.ActivationLReLU;

/**
 * Converts functions of {@code keras.ops} and arithmetic on tensors, such as {@code x * 2 + 1}.
 *
 * <p>Source: {@code keras/src/ops/nn.py} and {@code numpy.py}.
 */
final class Operations {
  /** Marks the names of functions, some of which are those of layers, too. */
  static final String PREFIX = "ops.";

  private static final Map<String, Catalogue.Kind> KINDS = new TreeMap<>();

  static {
    KINDS.put("Add", (layer, graph) -> sum(layer, graph, Op.Add));
    KINDS.put("Subtract", (layer, graph) -> sum(layer, graph, Op.Subtract));
    KINDS.put("Multiply", Operations::product);
    KINDS.put("Divide", Operations::quotient);
    KINDS.put("TrueDivide", Operations::quotient);
    KINDS.put("Negative", (layer, graph) -> affine(layer, graph, -1, 0));
    KINDS.put("Maximum", Operations::maximum);
    KINDS.put("Minimum", Operations::minimum);
    KINDS.put("Clip", Operations::clip);
    KINDS.put("Power", Operations::power);
    KINDS.put("Square", Operations::square);
    KINDS.put("Mean", (layer, graph) -> reduce(layer, graph, PoolingType.AVG));
    KINDS.put("Max", (layer, graph) -> reduce(layer, graph, PoolingType.MAX));
    KINDS.put("Concatenate", Merges::concatenate);
    KINDS.put("Reshape", Operations::reshape);
    KINDS.put("Matmul", Products::matmul);
    KINDS.put("Transpose", Products::transpose);
    KINDS.put("Gelu", Operations::gelu);
    KINDS.put("LeakyRelu", Operations::leakyRelu);
    KINDS.put("Elu", Operations::elu);
    KINDS.put("Softmax", ActivationLayers::softmax);
    activation("Relu", "relu");
    activation("Relu6", "relu6");
    activation("Sigmoid", "sigmoid");
    activation("Silu", "silu");
    activation("Tanh", "tanh");
    activation("Exp", "exponential");
    activation("Softplus", "softplus");
    activation("Softsign", "softsign");
    activation("HardSigmoid", "hard_sigmoid");
    activation("HardSilu", "hard_silu");
    activation("LogSigmoid", "log_sigmoid");
    activation("Selu", "selu");
  }

  private Operations() {}

  private static void activation(String function, String name) {
    KINDS.put(
        function,
        (layer, graph) ->
            ActivationLayers.add(
                layer, graph, Activations.named(name, graph.input(layer) instanceof Image)));
  }

  /** How the function is converted; null if it is not supported. */
  static Catalogue.Kind kind(String className) {
    return KINDS.get(className.substring(PREFIX.length()));
  }

  /** The supported functions. */
  static String names() {
    return String.join(", ", KINDS.keySet());
  }

  /**
   * The only constant among the arguments; null if there is none.
   *
   * @return one number, or one for each channel or feature
   */
  private static float[] constant(FlatLayer layer, Assembly graph) {
    List<JsonNode> given = layer.constants().stream().filter(c -> c != null).toList();
    if (given.isEmpty()) {
      return null;
    }
    JsonNode value = given.get(0);
    value = value.isNumber() ? value : value.path("config").path("value");
    while (value.isArray() && value.size() == 1) {
      value = value.get(0);
    }
    List<Float> numbers = new ArrayList<>();
    for (JsonNode one : value.isArray() ? value : List.of(value)) {
      numbers.add(one.isNumber() ? one.floatValue() : Float.NaN);
    }
    TensorShape in = graph.input(layer);
    long channels = in instanceof Image image ? image.channels() : in.size();
    boolean fits = numbers.size() == 1 || numbers.size() == channels;
    if (given.size() > 1 || !fits || !numbers.stream().allMatch(Float::isFinite)) {
      throw layer
          .config()
          .fault(
              "it is called with a constant (%s); expected a number, or one for each of %d channels"
                  .formatted(InboundNodes.shortened(value.toString()), channels));
    }
    float[] all = new float[numbers.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = numbers.get(i);
    }
    return all;
  }

  private static float single(FlatLayer layer, Assembly graph) {
    float[] c = constant(layer, graph);
    if (c == null || c.length != 1) {
      throw layer.config().fault("only a number is supported as its second argument");
    }
    return c[0];
  }

  /** Whether the constant is the first argument, as in 1 − x. */
  private static boolean constantFirst(FlatLayer layer) {
    return layer.constants().get(0) != null;
  }

  /** x + y, x + c, x − y, x − c or c − x. */
  private static void sum(FlatLayer layer, Assembly graph, Op op) {
    float[] c = constant(layer, graph);
    if (c == null) {
      tensors(layer, graph, op);
    } else if (op == Op.Add) {
      affine(layer, graph, new float[] {1}, c);
    } else if (constantFirst(layer)) {
      affine(layer, graph, new float[] {-1}, c);
    } else {
      affine(layer, graph, new float[] {1}, times(c, -1));
    }
  }

  private static void product(FlatLayer layer, Assembly graph) {
    float[] c = constant(layer, graph);
    if (c == null) {
      tensors(layer, graph, Op.Product);
    } else {
      affine(layer, graph, c, new float[] {0});
    }
  }

  private static void quotient(FlatLayer layer, Assembly graph) {
    float[] c = constant(layer, graph);
    if (c == null || constantFirst(layer)) {
      throw layer.config().fault("only a division by a constant is supported");
    }
    float[] factors = new float[c.length];
    for (int i = 0; i < c.length; i++) {
      factors[i] = 1 / c[i];
    }
    affine(layer, graph, factors, new float[] {0});
  }

  private static float[] times(float[] values, float factor) {
    float[] all = values.clone();
    for (int i = 0; i < all.length; i++) {
      all[i] *= factor;
    }
    return all;
  }

  /** Tensors of one rank; those of several would be aligned at their last axis. */
  private static void tensors(FlatLayer layer, Assembly graph, Op op) {
    List<TensorShape> inputs = graph.inputs(layer);
    if (inputs.stream().map(shape -> shape.sizes().size()).distinct().count() > 1) {
      throw layer
          .config()
          .fault("its inputs have the shapes %s, of different ranks".formatted(inputs));
    }
    Merges.elementWise(layer, graph, op);
  }

  private static void affine(FlatLayer layer, Assembly graph, float scale, float offset) {
    affine(layer, graph, new float[] {scale}, new float[] {offset});
  }

  private static void affine(FlatLayer layer, Assembly graph, float[] scale, float[] offset) {
    graph.add(layer, new PreprocessorVertex(new ChannelAffine(scale, offset)), graph.input(layer));
  }

  private static void maximum(FlatLayer layer, Assembly graph) {
    if (constant(layer, graph) == null) {
      tensors(layer, graph, Op.Max);
    } else {
      limit(layer, graph, single(layer, graph), null);
    }
  }

  /** min(x, c) = −max(−x, −c). */
  private static void minimum(FlatLayer layer, Assembly graph) {
    float c = single(layer, graph);
    rectified(layer, graph, new float[] {-1, c}, null, new float[] {-1, c});
  }

  private static void clip(FlatLayer layer, Assembly graph) {
    float low = (float) layer.config().number("x_min");
    float high = (float) layer.config().number("x_max");
    if (high <= low) {
      throw layer.config().fault("x_max", high, "more than x_min, " + low);
    }
    limit(layer, graph, low, high);
  }

  private static void limit(FlatLayer layer, Assembly graph, float low, Float high) {
    Double most = high == null ? null : (double) high - low;
    rectified(layer, graph, new float[] {1, -low}, most, new float[] {1, low});
  }

  /**
   * After · relu(before · x + …) + …, as three vertices, each pair of numbers a scale and an
   * offset.
   */
  private static void rectified(
      FlatLayer layer, Assembly graph, float[] before, Double most, float[] after) {
    TensorShape shape = graph.input(layer);
    String shifted = layer.vertex() + ".shifted";
    String limited = layer.vertex() + ".limited";
    graph.addVertex(layer, shifted, affine(before), shape, graph.resolved(layer));
    graph.add(layer, limited, new ActivationLayer(new RectifiedLinear(most, 0, 0)), shape, shifted);
    graph.addVertex(layer, layer.vertex(), affine(after), shape, limited);
  }

  private static PreprocessorVertex affine(float[] numbers) {
    return new PreprocessorVertex(
        new ChannelAffine(new float[] {numbers[0]}, new float[] {numbers[1]}));
  }

  private static void power(FlatLayer layer, Assembly graph) {
    if (constantFirst(layer) || single(layer, graph) != 2) {
      throw layer.config().fault("only the power x ** 2 is supported");
    }
    square(layer, graph);
  }

  private static void square(FlatLayer layer, Assembly graph) {
    String in = graph.resolved(layer)[0];
    graph.addVertex(
        layer, layer.vertex(), new ElementWiseVertex(Op.Product), graph.input(layer), in, in);
  }

  /** The mean or maximum over height and width, or over the steps of a sequence. */
  private static void reduce(FlatLayer layer, Assembly graph, PoolingType type) {
    LayerConfig config = layer.config();
    config.image(graph.input(layer));
    int rank = graph.input(layer).sizes().size() + 1;
    List<Integer> axes =
        config.integers("axis").stream().map(a -> a < 0 ? a + rank : a).sorted().toList();
    config.require(
        "axis",
        axes.equals(rank == 4 ? List.of(1, 2) : List.of(1)),
        "[1, 2], height and width, or 1 for a sequence");
    config.require("initial", config.get("initial").isMissingNode(), "null");
    Poolings.global(layer, graph, type);
  }

  /** Reshape; the first side, that of the batch, is left out. */
  private static void reshape(FlatLayer layer, Assembly graph) {
    List<Integer> sides = new ArrayList<>();
    JsonNode given = layer.config().get("newshape");
    for (int i = 1; i < given.size(); i++) {
      sides.add(given.get(i).isIntegralNumber() ? given.get(i).intValue() : 0);
    }
    Vectors.reshape(layer, graph, sides, "newshape");
  }

  private static void gelu(FlatLayer layer, Assembly graph) {
    boolean approximate = layer.config().flag("approximate", true);
    ActivationLayers.add(layer, graph, approximate ? new GeluTanh() : new GeluExact());
  }

  private static void leakyRelu(FlatLayer layer, Assembly graph) {
    double slope = layer.config().number("negative_slope", Activations.LEAKY_SLOPE);
    ActivationLayers.add(layer, graph, new ActivationLReLU(slope));
  }

  private static void elu(FlatLayer layer, Assembly graph) {
    ActivationLayers.add(layer, graph, new ExponentialLinear(layer.config().number("alpha", 1)));
  }
}
