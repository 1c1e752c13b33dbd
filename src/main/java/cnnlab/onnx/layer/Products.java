package cnnlab.onnx.layer;

import cnnlab.model.product.MatrixProduct;
import cnnlab.onnx.read.OnnxNode;
import cnnlab.onnx.read.Tensor;
import cnnlab.onnx.read.Value;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.nd4j.linalg.activations.impl.ActivationIdentity;

/** Converts products with a matrix. */
final class Products {
  private Products() {}

  /** Gemm: alpha · A · B + beta · C with constants B and C. */
  static Live gemm(Call call) {
    OnnxNode node = call.node();
    Tensor b = call.constant(1);
    if (node.flag("transA", false)) {
      throw node.fault("transA", 1, "0");
    }
    float alpha = (float) node.number("alpha", 1);
    float beta = (float) node.number("beta", 1);
    boolean transposed = node.flag("transB", false);
    requireMatrix(node, b);
    int in = Math.toIntExact(b.shape()[transposed ? 1 : 0]);
    int out = Math.toIntExact(b.shape()[transposed ? 0 : 1]);
    Tensor c = call.constantOrNull(2);
    if (c != null && c.size() != 1 && (c.size() != out || c.shape()[c.shape().length - 1] != out)) {
      throw node.fault(
          "C has shape %s; only one value, or one for each of the %d outputs, is supported"
              .formatted(Arrays.toString(c.shape()), out));
    }
    Supplier<float[]> weights = () -> scaled(alpha, (transposed ? b.permuted(1, 0) : b).floats());
    Supplier<float[]> bias = c == null ? null : () -> scaled(beta, repeated(c.floats(), out));
    // Several rows for each example, whose matrices are put in place of the batch.
    if (call.live(0).rank() > 2) {
      return pixels(call, 0, call.live(0).rank() - 1, in, out, weights, bias);
    }
    return dense(call, call.vector(0), in, out, weights, bias);
  }

  /** MatMul with a constant matrix, of vectors or of the channels of each pixel. */
  static Value matMul(Call call) {
    OnnxNode node = call.node();
    if (call.isLive(0) && call.isLive(1)) {
      return product(call);
    }
    boolean first = !call.isLive(0);
    Tensor given = call.constant(first ? 0 : 1);
    requireMatrix(node, given);
    // A · x is a product with the transposed A along the axis before the last.
    Tensor b = first ? given.permuted(1, 0) : given;
    int in = Math.toIntExact(b.shape()[0]);
    int out = Math.toIntExact(b.shape()[1]);
    int index = first ? 1 : 0;
    Live whole = call.live(index);
    if (whole.rank() == 2 && !first) {
      return dense(call, call.vector(0), in, out, b::floats, null);
    }
    return pixels(call, index, whole.rank() - (first ? 2 : 1), in, out, b::floats, null);
  }

  /** A dense layer along one axis, at each place of the others. */
  private static Live pixels(
      Call call,
      int input,
      int axis,
      int in,
      int out,
      Supplier<float[]> weights,
      Supplier<float[]> bias) {
    OnnxNode node = call.node();
    Live x = call.withChannels(input, axis);
    if (x.isVector()) {
      x = call.graph().layouts().image(call.name(), x);
    }
    if (x.channels() != in) {
      throw node.fault(
          "a matrix [%s, %s] for inputs %s; expected one that applies to the features or channels"
              .formatted(in, out, x.text()));
    }
    ConvolutionLayer made =
        new ConvolutionLayer.Builder(1, 1)
            .nIn(in)
            .nOut(out)
            .hasBias(bias != null)
            .activation(new ActivationIdentity())
            .build();
    Live y = call.graph().layer(call.name(), made, x.withChannels("", out), x);
    Supplier<float[]> kernels = () -> Tensor.reals(weights.get(), in, out).permuted(1, 0).floats();
    call.graph().set(node, y, "W", (long) in * out, kernels);
    if (bias != null) {
      call.graph().set(node, y, "b", out, bias);
    }
    return y;
  }

  /** MatMul of two values: a matrix [M, K] times a matrix [K, P], or several of each. */
  private static Value product(Call call) {
    long[] a = call.live(0).shape();
    long[] b = call.live(1).shape();
    int rank = a.length;
    boolean fits =
        rank == b.length
            && rank >= 3
            && a[0] == Tensor.BATCH
            && b[0] == Tensor.BATCH
            && a[rank - 1] == b[rank - 2]
            && Arrays.equals(a, 1, rank - 2, b, 1, rank - 2);
    if (!fits) {
      throw call.node()
          .fault(
              "values of the shapes %s and %s; expected matrices [N, M, K] and [N, K, P], or as many of each for an example"
                  .formatted(Shapes.text(a), Shapes.text(b)));
    }
    long count = Tensor.size(Arrays.copyOfRange(a, 1, rank - 2));
    long rows = a[rank - 2];
    long columns = b[rank - 1];
    Live left = matrices(call, 0, count, rows, a[rank - 1]);
    Live right = matrices(call, 1, count, b[rank - 2], columns);
    Live out =
        new Live(
            "",
            List.of((int) columns, (int) count, (int) rows),
            List.of(0, Live.HEIGHT, Live.WIDTH, Live.CHANNELS));
    Live y = call.graph().vertex(call.name(), new MatrixProduct(), out, left, right);
    long[] shape = a.clone();
    shape[rank - 1] = columns;
    return call.graph().layouts().reshaped(call.name(), y, shape);
  }

  /** Matrices [N, count, rows, columns] as images [N, columns, count, rows]. */
  private static Live matrices(Call call, int input, long count, long rows, long columns) {
    Layouts layouts = call.graph().layouts();
    String name = call.name() + (input == 0 ? ".left" : ".right");
    long[] four = {Tensor.BATCH, count, rows, columns};
    Value all = layouts.reshaped(name, call.live(input), four);
    return layouts.image(name, layouts.transposed(name, all, new int[] {0, 3, 1, 2}));
  }

  private static Live dense(
      Call call, Live x, int in, int out, Supplier<float[]> weights, Supplier<float[]> bias) {
    if (in != x.channels()) {
      throw call.node()
          .fault("weights for %d features, the input has %d".formatted(in, x.channels()));
    }
    Supplier<float[]> added = bias == null ? Fusion.biasBehind(call, out) : bias;
    DenseLayer made =
        new DenseLayer.Builder()
            .nIn(in)
            .nOut(out)
            .hasBias(added != null)
            .activation(new ActivationIdentity())
            .build();
    Live y = call.graph().layer(call.name(), made, new Live("", List.of(out), List.of(0, 1)), x);
    call.graph().set(call.node(), y, "W", (long) in * out, weights);
    if (added != null) {
      call.graph().set(call.node(), y, "b", out, added);
    }
    return y;
  }

  private static void requireMatrix(OnnxNode node, Tensor b) {
    if (b.shape().length != 2 || b.size() == 0) {
      throw node.fault("B", Arrays.toString(b.shape()), "a matrix");
    }
  }

  private static float[] scaled(float factor, float[] values) {
    if (factor == 1) {
      return values;
    }
    float[] scaled = new float[values.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = factor * values[i];
    }
    return scaled;
  }

  private static float[] repeated(float[] values, int count) {
    if (values.length == count) {
      return values;
    }
    float[] all = new float[count];
    Arrays.fill(all, values[0]);
    return all;
  }
}
