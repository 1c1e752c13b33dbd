package cnnlab.scratch.layer;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.scratch.Network;
import cnnlab.scratch.OnnxCase;
import cnnlab.scratch.Workspace;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.Padding;
import cnnlab.scratch.kernel.Scratchpad;
import cnnlab.scratch.kernel.Window;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * ONNX operators in the engine's layers: which cases can be expressed, and their outputs.
 *
 * <p>Source of the operators' meaning: <a href="https://onnx.ai/onnx/operators/">ONNX
 * operators</a>.
 */
public final class OnnxLayers {
  /** The attributes that are read; cases with others must not be accepted. */
  private static final Map<String, Set<String>> ATTRIBUTES =
      Map.ofEntries(
          Map.entry("Conv", Set.of("auto_pad", "kernel_shape", "pads", "strides")),
          Map.entry("MaxPool", OnnxWindows.pooling("storage_order")),
          Map.entry("AveragePool", OnnxWindows.pooling("count_include_pad")),
          Map.entry("GlobalAveragePool", Set.of()),
          Map.entry("Gemm", Set.of("alpha", "beta", "transA", "transB")),
          Map.entry("Flatten", Set.of("axis")),
          Map.entry("Relu", Set.of()),
          Map.entry("LeakyRelu", Set.of("alpha")),
          Map.entry("Elu", Set.of("alpha")),
          Map.entry("Gelu", Set.of("approximate")),
          Map.entry("Sigmoid", Set.of()),
          Map.entry("Tanh", Set.of()),
          Map.entry("Softmax", Set.of("axis")),
          Map.entry("BatchNormalization", Set.of("epsilon", "training_mode")),
          Map.entry("Add", Set.of()));

  private OnnxLayers() {}

  /** The reason why a case cannot be expressed in the engine's layers; empty if it can. */
  public static Optional<String> reasonToLeaveOut(OnnxCase c) {
    if (c.expandedFrom() != null) {
      return Optional.of("the case it expands, with the same data, is there");
    }
    assertThat(ATTRIBUTES.get(c.operator())).containsAll(c.attributes()::fieldNames);
    if (!c.inputs().stream().allMatch(t -> t.type().equals("float32"))) {
      return Optional.of("integers");
    }
    return Optional.ofNullable(
        switch (c.operator()) {
          case "MaxPool", "AveragePool" -> OnnxWindows.reasonToLeaveOut(c);
          case "Add" ->
              c.input(0).shape().equals(c.input(1).shape())
                  ? null
                  : "broadcasting: Add takes inputs of one shape";
          case "Gemm" ->
              hasBias(c) && c.input(2).rank() == 2 && c.input(2).shape().get(0) > 1
                  ? "a bias for each row: Dense has one for all images"
                  : null;
          case "Flatten" ->
              c.input(0).rank() - axis(c, 1) > 3
                  ? "an image of four dimensions: ours have C, H, W"
                  : null;
          default -> null;
        });
  }

  /** The outputs of a case, computed by the engine's layers. */
  public static List<float[]> compute(OnnxCase c, Kernels kernels) {
    return switch (c.operator()) {
      case "Conv", "MaxPool", "AveragePool", "GlobalAveragePool" -> OnnxWindows.compute(c, kernels);
      case "Gemm" -> gemm(c, kernels);
      case "Flatten" -> flatten(c, kernels);
      case "Softmax" -> softmax(c, kernels);
      case "BatchNormalization" -> batchNorm(c, kernels);
      case "Add" -> add(c, kernels);
      default -> activate(c, kernels);
    };
  }

  private static Activation activation(OnnxCase c) {
    return switch (c.operator()) {
      case "Relu" -> Activation.RELU;
      case "LeakyRelu" -> Activation.leakyRelu(c.number("alpha", 0.01));
      case "Elu" -> Activation.elu(c.number("alpha", 1.0));
      case "Gelu" ->
          c.text("approximate", "none").equals("tanh") ? Activation.GELU_TANH : Activation.GELU;
      case "Sigmoid" -> Activation.SIGMOID;
      case "Tanh" -> Activation.TANH;
      default -> throw new IllegalArgumentException(c.operator());
    };
  }

  /** Of any rank: all dimensions after the first form a vector. */
  private static List<float[]> activate(OnnxCase c, Kernels kernels) {
    OnnxCase.Tensor x = c.input(0);
    Network network =
        single(Shape.vector(x.size(1, x.rank())), new Activate(activation(c)), kernels);
    return List.of(network.predict(x.values(), x.shape().get(0)));
  }

  /**
   * The first dimension is the batch. A network has one input: both terms go in as channels of one
   * image, and 1x1 convolutions by 1 and 0, which are exact, separate them.
   */
  private static List<float[]> add(OnnxCase c, Kernels kernels) {
    int n = c.input(0).shape().get(0);
    int size = c.input(0).size() / n;
    float[] x = new float[2 * n * size];
    for (int i = 0; i < 2 * n; i++) {
      System.arraycopy(c.input(i % 2).values(), i / 2 * size, x, i * size, size);
    }
    Conv2d take = new Conv2d(2, 1, Window.square(1, 1, Padding.VALID), false, false);
    return List.of(
        Network.builder(new Shape(2, 1, size))
            .add("first", take, Network.INPUT)
            .add("second", take, Network.INPUT)
            .add("add", new ElementwiseMerge(ElementwiseMerge.Op.ADD), "first", "second")
            .build(new float[] {1, 0, 0, 1}, kernels)
            .predict(x, n));
  }

  /** alpha·A'·B' + beta·C: A' is a batch of vectors, alpha·B' the weights and beta·C the bias. */
  private static List<float[]> gemm(OnnxCase c, Kernels kernels) {
    OnnxCase.Tensor a = c.input(0);
    OnnxCase.Tensor b = c.input(1);
    float[] x = c.flag("transA") ? transposed(a) : a.values();
    float[] weights = c.flag("transB") ? transposed(b) : b.values();
    int in = a.shape().get(c.flag("transA") ? 0 : 1);
    int out = b.shape().get(c.flag("transB") ? 0 : 1);
    float[] parameters = Arrays.copyOf(weights, in * out + (hasBias(c) ? out : 0));
    for (int i = 0; i < in * out; i++) {
      parameters[i] *= (float) c.number("alpha", 1.0);
    }
    for (int i = in * out; i < parameters.length; i++) {
      float[] bias = c.input(2).values();
      parameters[i] = (float) c.number("beta", 1.0) * bias[bias.length == 1 ? 0 : i - in * out];
    }
    Network network =
        Network.builder(Shape.vector(in))
            .add("dense", new Dense(in, out, hasBias(c), false))
            .build(parameters, kernels);
    return List.of(network.predict(x, a.size() / in));
  }

  private static boolean hasBias(OnnxCase c) {
    return c.inputs().size() > 2;
  }

  private static float[] transposed(OnnxCase.Tensor t) {
    int rows = t.shape().get(0);
    int columns = t.shape().get(1);
    float[] out = new float[rows * columns];
    for (int i = 0; i < out.length; i++) {
      out[i % columns * rows + i / columns] = t.values()[i];
    }
    return out;
  }

  private static int axis(OnnxCase c, int otherwise) {
    int axis = c.number("axis", otherwise);
    return axis < 0 ? axis + c.input(0).rank() : axis;
  }

  /** The dimensions before the axis are the batch, up to three from it on the image. */
  private static List<float[]> flatten(OnnxCase c, Kernels kernels) {
    OnnxCase.Tensor x = c.input(0);
    int axis = axis(c, 1);
    int[] image = {1, 1, 1};
    for (int k = axis; k < x.rank(); k++) {
      image[k - axis] = x.shape().get(k);
    }
    Network network = single(new Shape(image[0], image[1], image[2]), new Flatten(), kernels);
    int n = x.size(0, axis);
    assertThat(c.output(0).shape()).containsExactly(n, network.outputShape().channels());
    return List.of(network.predict(x.values(), n));
  }

  /**
   * The axis holds the channels; the dimensions before it are the batch, those after it the
   * positions.
   */
  private static List<float[]> softmax(OnnxCase c, Kernels kernels) {
    OnnxCase.Tensor x = c.input(0);
    int axis = axis(c, -1 + x.rank());
    Shape image = new Shape(x.shape().get(axis), 1, x.size(axis + 1, x.rank()));
    return List.of(single(image, new Softmax(), kernels).predict(x.values(), x.size(0, axis)));
  }

  /**
   * Inputs and parameters are in the engine's order: x, gamma, beta, mean, variance. In training
   * mode the running averages are outputs too.
   */
  private static List<float[]> batchNorm(OnnxCase c, Kernels kernels) {
    Shape image = OnnxWindows.image(c.input(0));
    int channels = image.channels();
    float[] parameters = new float[4 * channels];
    for (int k = 0; k < 4; k++) {
      System.arraycopy(c.input(k + 1).values(), 0, parameters, k * channels, channels);
    }
    BatchNorm layer = new BatchNorm(channels, c.number("epsilon", 1e-5), 0.9);
    Network network = Network.builder(image).add("norm", layer).build(parameters, kernels);
    int n = c.input(0).shape().get(0);
    float[] x = c.input(0).values();
    if (!c.flag("training_mode")) {
      return List.of(network.predict(x, n));
    }
    Workspace workspace = new Workspace(network, n, true, false);
    Scratchpad pad = new Scratchpad();
    workspace.begin(n, 0, 0);
    workspace.load(x, 0, 0);
    layer.partialForward(workspace.context(0, 0, pad), 0);
    layer.reduceForward(workspace.whole(0), workspace.microBatchCount());
    layer.forward(workspace.context(0, 0, pad));
    float[] y = new float[x.length];
    workspace.store(0, y, 0, 0);
    return List.of(
        y,
        Arrays.copyOfRange(parameters, 2 * channels, 3 * channels),
        Arrays.copyOfRange(parameters, 3 * channels, 4 * channels));
  }

  static Network single(Shape in, Layer layer, Kernels kernels) {
    return Network.builder(in).add("layer", layer).build(new float[0], kernels);
  }
}
