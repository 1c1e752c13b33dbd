package cnnlab.keras.layer;

import cnnlab.keras.file.LayerConfig;
import cnnlab.keras.file.TensorShape;
import cnnlab.keras.file.TensorShape.Axes;
import cnnlab.keras.file.TensorShape.Image;
import cnnlab.keras.layer.Products.Matrix;
import cnnlab.model.layer.ChannelAffine;
import cnnlab.model.layer.ChannelSoftmax;
import cnnlab.model.shape.AxisRegrouping;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;

/**
 * Converts attention (Vaswani et al. 2017): softmax(Q Kᵀ) V, where the queries Q, the keys K and
 * the values V are sequences.
 *
 * <p>Source: {@code keras/src/layers/attention/multi_head_attention.py} and {@code attention.py}.
 */
final class Attention {
  private static final List<String> PARTS = List.of("query", "key", "value", "output");
  private static final double MOST_DROPPED = 1 - 1e-6;

  private final FlatLayer layer;
  private final Assembly graph;
  private final LayerConfig config;

  private Attention(FlatLayer layer, Assembly graph) {
    this.layer = layer;
    this.graph = graph;
    this.config = layer.config();
  }

  /**
   * MultiHeadAttention: projects queries, keys and values for each head, attends in each, and
   * projects the heads' outputs. The vertices are {@code NAME.query}, {@code NAME.key}, {@code
   * NAME.value} and, each with all heads, {@code NAME.scores}, {@code NAME.weights}, {@code
   * NAME.heads} and {@code NAME}.
   */
  static void multiHead(FlatLayer layer, Assembly graph) {
    new Attention(layer, graph).multiHead();
  }

  /** Attention: softmax(Q Kᵀ · scale) V without projections. */
  static void plain(FlatLayer layer, Assembly graph) {
    new Attention(layer, graph).plain();
  }

  private List<Matrix> inputs() {
    List<TensorShape> shapes = graph.inputs(layer);
    if (shapes.size() < 2 || shapes.size() > 3) {
      throw config.fault(
          "it has %s inputs, expected a query, a value and perhaps a key".formatted(shapes.size()));
    }
    List<Matrix> all = new ArrayList<>();
    for (int k = 0; k < 3; k++) {
      int input = Math.min(k, shapes.size() - 1);
      all.add(new Matrix(graph.resolved(layer)[input], config.image(shapes.get(input))));
    }
    return all;
  }

  private void multiHead() {
    Matrix query = inputs().get(0);
    Matrix value = inputs().get(1);
    Matrix key = inputs().get(2);
    int heads = config.positive("num_heads");
    int keySize = config.positive("key_dim");
    int valueSize = config.positive("value_dim", keySize);
    requireSettings(query.shape(), value.shape(), key.shape());
    List<Integer> shape = config.integers("output_shape");
    config.require(
        "output_shape",
        shape.size() <= 1 && shape.stream().allMatch(s -> s > 0),
        "the number of channels of the output");
    int outputs = shape.isEmpty() ? query.shape().channels() : shape.get(0);
    boolean bias = config.flag("use_bias", true);
    List<long[]> shapes = new ArrayList<>();
    add(shapes, bias, query.shape().channels(), heads, keySize);
    add(shapes, bias, key.shape().channels(), heads, keySize);
    add(shapes, bias, value.shape().channels(), heads, valueSize);
    shapes.add(new long[] {heads, valueSize, outputs});
    if (bias) {
      shapes.add(new long[] {outputs});
    }
    List<Weight> weights =
        Assembly.weights(
            layer, PARTS, bias ? List.of("kernel", "bias") : List.of("kernel"), shapes);
    int step = bias ? 2 : 1;
    int keys = heads * keySize;
    int values = heads * valueSize;
    Matrix q = project(query, "query", keys, weights.subList(0, step));
    Matrix k = project(key, "key", keys, weights.subList(step, 2 * step));
    Matrix v = project(value, "value", values, weights.subList(2 * step, 3 * step));
    Matrix scaled = scaled(q, "query.scaled", (float) (1 / Math.sqrt(keySize)));
    Matrix each =
        attend(
            split(scaled, "query.heads", heads, false),
            split(k, "key.heads", heads, true),
            split(v, "value.heads", heads, false));
    Matrix joined = join(each, query.shape(), heads * valueSize);
    project(joined, null, outputs, weights.subList(3 * step, 4 * step));
    Regularizers.noteIgnored(layer, graph, "activity_regularizer");
  }

  private void requireSettings(Image query, Image value, Image key) {
    for (String setting : List.of("use_gate", "sliding_window")) {
      boolean none = config.get(setting).isMissingNode() || !config.get(setting).asBoolean(true);
      config.require(setting, none, "null or false");
    }
    boolean one = query.axes() == value.axes() && value.axes() == key.axes();
    if (!one || value.width() != key.width() || value.height() != key.height()) {
      throw config.fault(
          "query %s, value %s and key %s; expected as many axes, and as many keys as values"
              .formatted(query, value, key));
    }
    List<Integer> axes = config.integers("attention_axes");
    List<Integer> all = query.sequence() ? List.of(1) : List.of(1, 2);
    config.require(
        "attention_axes", axes.isEmpty() || axes.equals(all), "%s, all positions".formatted(all));
  }

  private static void add(List<long[]> shapes, boolean bias, long channels, long heads, long size) {
    shapes.add(new long[] {channels, heads, size});
    if (bias) {
      shapes.add(new long[] {heads, size});
    }
  }

  /** A dense layer at each position; the last one has the layer's name. */
  private Matrix project(Matrix in, String part, int units, List<Weight> weights) {
    String vertex = part == null ? layer.vertex() : layer.vertex() + "." + part;
    int channels = in.shape().channels();
    ConvolutionLayer made = Convolutions.point(channels, units, weights.size() > 1);
    Regularizers.apply(layer, graph, made, "kernel_regularizer", "bias_regularizer");
    Image out = in.shape().withChannels(units);
    graph.add(layer, vertex, made, out, in.vertex());
    graph.set(layer, vertex, "W", weights.get(0).reshaped(channels, units).permuted(1, 0));
    if (weights.size() > 1) {
      graph.set(layer, vertex, "b", weights.get(1).reshaped(units));
    }
    return new Matrix(vertex, out);
  }

  private Matrix scaled(Matrix in, String part, float factor) {
    String vertex = layer.vertex() + "." + part;
    ChannelAffine scale = new ChannelAffine(new float[] {factor}, new float[] {0});
    graph.addVertex(layer, vertex, new PreprocessorVertex(scale), in.shape(), in.vertex());
    return new Matrix(vertex, in.shape());
  }

  /**
   * The channels [heads · D] of T positions as a matrix [T, D] for each head, or transposed, [D,
   * T].
   */
  private Matrix split(Matrix in, String part, int heads, boolean transposed) {
    Image shape = in.shape();
    int size = shape.channels() / heads;
    int steps = shape.height() * shape.width();
    Image out = transposed ? new Image(heads, size, steps) : new Image(heads, steps, size);
    AxisRegrouping regrouping =
        new AxisRegrouping(
            sides(shape),
            new long[] {heads, size, steps},
            transposed ? new int[] {2, 0, 1} : new int[] {1, 0, 2},
            sides(out));
    String vertex = layer.vertex() + "." + part;
    graph.addVertex(layer, vertex, new PreprocessorVertex(regrouping), out, in.vertex());
    return new Matrix(vertex, out);
  }

  /** The matrices [T, D] of all heads as channels [heads · D] of the queries' positions. */
  private Matrix join(Matrix each, Image query, int channels) {
    Image in = each.shape();
    Image out = query.withChannels(channels);
    AxisRegrouping regrouping =
        new AxisRegrouping(
            sides(in),
            new long[] {in.channels(), in.height(), in.width()},
            new int[] {1, 0, 2},
            sides(out));
    String vertex = layer.vertex() + ".joined";
    graph.addVertex(layer, vertex, new PreprocessorVertex(regrouping), out, each.vertex());
    return new Matrix(vertex, out);
  }

  private static long[] sides(Image image) {
    return new long[] {image.channels(), image.height(), image.width()};
  }

  /** softmax(Q Kᵀ) V, given Kᵀ. */
  private Matrix attend(Matrix query, Matrix key, Matrix value) {
    return Products.multiply(
        layer,
        graph,
        layer.vertex() + ".heads",
        weights(Products.multiply(layer, graph, layer.vertex() + ".scores", query, key)),
        value);
  }

  private Matrix weights(Matrix scores) {
    String vertex = layer.vertex() + ".weights";
    graph.add(
        layer, vertex, new ActivationLayer(new ChannelSoftmax()), scores.shape(), scores.vertex());
    double rate = config.number("dropout", 0, 0, MOST_DROPPED);
    if (rate == 0) {
      return new Matrix(vertex, scores.shape());
    }
    String dropped = layer.vertex() + ".dropout";
    DropoutLayer dropout = new DropoutLayer.Builder(new Dropout(1 - rate)).build();
    graph.add(layer, dropped, dropout, scores.shape(), vertex);
    return new Matrix(dropped, scores.shape());
  }

  private void plain() {
    config.word("score_mode", "dot", Set.of("dot"));
    List<Matrix> all = inputs();
    boolean sequences = all.stream().allMatch(m -> m.shape().axes() == Axes.SEQUENCE);
    if (!sequences) {
      throw config.fault(
          "its inputs have the shapes %s, expected sequences [T, C]"
              .formatted(graph.inputs(layer)));
    }
    Matrix query = all.get(0);
    if (config.flag("use_scale", false)) {
      Weight scale = Assembly.weights(layer, List.of("scale"), List.of(new long[][] {{}})).get(0);
      graph.note(layer, "its scale is fixed in training");
      query = scaled(query, "query.scaled", scale.values()[0]);
    }
    Matrix key = Products.transposed(layer, graph, layer.vertex() + ".key", all.get(2));
    Matrix scores = Products.multiply(layer, graph, layer.vertex() + ".scores", query, key);
    Products.multiply(layer, graph, layer.vertex(), weights(scores), all.get(1));
  }
}
