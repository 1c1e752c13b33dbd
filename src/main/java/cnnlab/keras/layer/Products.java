package cnnlab.keras.layer;

import cnnlab.keras.file.LayerConfig;
import cnnlab.keras.file.TensorShape;
import cnnlab.keras.file.TensorShape.Axes;
import cnnlab.keras.file.TensorShape.Image;
import cnnlab.keras.file.TensorShape.Vector;
import cnnlab.model.product.MatrixProduct;
import cnnlab.model.shape.AxisPermutation;
import cnnlab.model.shape.Repetition;
import java.util.List;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;

/** Converts products of two inputs, and the exchange of axes that they need. */
final class Products {
  private static final int[] TRANSPOSED = {2, 1, 0};

  private Products() {}

  /**
   * A value of the graph.
   *
   * @param vertex its name
   * @param shape [M, K], or [B, M, K] with B matrices
   */
  record Matrix(String vertex, Image shape) {}

  /** Dot: the sum over one axis of each input. */
  static void dot(FlatLayer layer, Assembly graph) {
    LayerConfig config = layer.config();
    config.require("normalize", !config.flag("normalize", false), "false");
    requireTwo(layer);
    List<TensorShape> inputs = graph.inputs(layer);
    List<Integer> given = config.integers("axes");
    boolean vectors = inputs.stream().allMatch(Vector.class::isInstance);
    int[] axes = new int[2];
    boolean fits = given.size() == 1 || given.size() == 2;
    for (int k = 0; k < axes.length && fits; k++) {
      int rank = inputs.get(k).sizes().size() + 1;
      int axis = given.get(Math.min(k, given.size() - 1));
      axes[k] = axis < 0 ? axis + rank : axis;
      fits = axes[k] > 0 && axes[k] < rank && (vectors || isSequence(inputs.get(k)));
    }
    if (!fits
        || !inputs.get(0).sizes().get(axes[0] - 1).equals(inputs.get(1).sizes().get(axes[1] - 1))) {
      throw config.fault(
          "axes %s of inputs %s; expected vectors [F] or sequences [T, C], and axes of one size"
              .formatted(config.get("axes"), inputs));
    }
    if (vectors) {
      vectors(layer, graph, inputs.get(0));
      return;
    }
    Matrix a = matrix(layer, graph, 0);
    Matrix b = matrix(layer, graph, 1);
    multiply(
        layer,
        graph,
        layer.vertex(),
        axes[0] == 1 ? transposed(layer, graph, layer.vertex() + ".left", a) : a,
        axes[1] == 2 ? transposed(layer, graph, layer.vertex() + ".right", b) : b);
  }

  /** The product of a row and a column. */
  private static void vectors(FlatLayer layer, Assembly graph, TensorShape vector) {
    int size = Math.toIntExact(vector.size());
    Image row = new Image(1, 1, size, Axes.SEQUENCE);
    Image column = new Image(1, size, 1, Axes.SEQUENCE);
    Image one = new Image(1, 1, 1, Axes.SEQUENCE);
    String[] from = graph.resolved(layer);
    String left = layer.vertex() + ".row";
    String right = layer.vertex() + ".column";
    String product = layer.vertex() + ".product";
    graph.addVertex(layer, left, Vectors.reshape(vector, row), row, from[0]);
    graph.addVertex(layer, right, Vectors.reshape(vector, column), column, from[1]);
    graph.addVertex(layer, product, new MatrixProduct(), one, left, right);
    TensorShape out = new Vector(1);
    graph.addVertex(layer, layer.vertex(), Vectors.reshape(one, out), out, product);
  }

  /** keras.ops.matmul of sequences or images, the matrices of which are in their last two axes. */
  static void matmul(FlatLayer layer, Assembly graph) {
    requireTwo(layer);
    List<TensorShape> inputs = graph.inputs(layer);
    boolean images = inputs.stream().allMatch(s -> s instanceof Image i && !i.channelsFirst());
    // With other ranks, axes of one would meet the batch of the other.
    if (!images || inputs.get(0).sizes().size() != inputs.get(1).sizes().size()) {
      throw wrong(layer, inputs);
    }
    Matrix a = matrix(layer, graph, 0);
    Matrix b = matrix(layer, graph, 1);
    int rows = Math.max(a.shape.height(), b.shape.height());
    multiply(
        layer,
        graph,
        layer.vertex(),
        repeated(layer, graph, a, layer.vertex() + ".left", rows),
        repeated(layer, graph, b, layer.vertex() + ".right", rows));
  }

  private static Matrix repeated(
      FlatLayer layer, Assembly graph, Matrix matrix, String vertex, int rows) {
    Image in = matrix.shape;
    if (in.height() == rows || in.height() != 1) {
      return matrix;
    }
    Image out = new Image(rows, in.width(), in.channels());
    long[] from = {in.channels(), 1, in.width()};
    long[] to = {in.channels(), rows, in.width()};
    graph.addVertex(
        layer, vertex, new PreprocessorVertex(new Repetition(from, to)), out, matrix.vertex);
    return new Matrix(vertex, out);
  }

  /** keras.ops.transpose; the batch stays in front. */
  static void transpose(FlatLayer layer, Assembly graph) {
    List<Integer> axes = layer.config().integers("axes");
    layer
        .config()
        .require(
            "axes",
            !axes.isEmpty() && axes.get(0) == 0,
            "0, the batch, and then the other axes in some order");
    Resizings.permute(layer, graph, axes.subList(1, axes.size()), "axes");
  }

  private static void requireTwo(FlatLayer layer) {
    if (layer.inputs().size() != 2) {
      throw layer
          .config()
          .fault("it has %s inputs, expected two tensors".formatted(layer.inputs().size()));
    }
  }

  private static boolean isSequence(TensorShape shape) {
    return shape instanceof Image image && image.sequence();
  }

  private static Matrix matrix(FlatLayer layer, Assembly graph, int input) {
    return new Matrix(graph.resolved(layer)[input], (Image) graph.inputs(layer).get(input));
  }

  private static RuntimeException wrong(FlatLayer layer, Object shapes) {
    return layer
        .config()
        .fault(
            "its inputs have the shapes %s; expected matrices [M, K] and [K, P], or as many of each"
                .formatted(shapes));
  }

  /** Adds the product [M, P] of [M, K] and [K, P] as a vertex. */
  static Matrix multiply(
      FlatLayer layer, Assembly graph, String vertex, Matrix left, Matrix right) {
    Image a = left.shape;
    Image b = right.shape;
    if (a.channels() != b.width() || a.height() != b.height()) {
      throw wrong(layer, List.of(a, b));
    }
    boolean sequences = a.sequence() && b.sequence();
    Image out =
        new Image(a.height(), a.width(), b.channels(), sequences ? Axes.SEQUENCE : Axes.IMAGE);
    graph.addVertex(layer, vertex, new MatrixProduct(), out, left.vertex, right.vertex);
    return new Matrix(vertex, out);
  }

  /** Adds the transposed matrix as a vertex. */
  static Matrix transposed(FlatLayer layer, Assembly graph, String vertex, Matrix matrix) {
    Image in = matrix.shape;
    Image out = new Image(in.height(), in.channels(), in.width(), in.axes());
    graph.addVertex(
        layer, vertex, new PreprocessorVertex(new AxisPermutation(TRANSPOSED)), out, matrix.vertex);
    return new Matrix(vertex, out);
  }
}
