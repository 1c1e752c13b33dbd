package cnnlab.scratch.layer;

import cnnlab.scratch.kernel.ConvolutionGeometry;
import cnnlab.scratch.kernel.Range;
import cnnlab.scratch.kernel.Scratchpad;
import cnnlab.scratch.kernel.Window;
import java.util.List;

/**
 * A layer: its hyper-parameters and what it computes. It holds no parameters and no activations;
 * those belong to the {@code Network} and the {@link LayerContext}.
 */
public sealed interface Layer
    permits Conv2d,
        MaxPool2d,
        AvgPool2d,
        GlobalAvgPool2d,
        GlobalMaxPool2d,
        ZeroPad2d,
        Flatten,
        FlattenChannelsLast,
        Dense,
        DepthwiseConv2d,
        TransposedConv2d,
        GroupConv2d,
        BatchNorm,
        GroupNorm,
        RandomFactors,
        GaussianNoise,
        ElementwiseMerge,
        Concatenate,
        MatrixProduct,
        Activate,
        ScaleShift,
        Rearrangement,
        BilinearResize2d,
        Resample2d,
        PRelu,
        Softmax,
        LogSoftmax {

  /** The usual name of this layer, for tables and messages. */
  default String kind() {
    return getClass().getSimpleName();
  }

  /**
   * The shape of the output.
   *
   * @param inputs the shapes of the inputs, one but for {@link ElementwiseMerge}, {@link
   *     Concatenate} and {@link MatrixProduct}
   * @throws IllegalArgumentException when the layer does not fit these inputs
   */
  Shape outputShape(List<Shape> inputs);

  /** The parameters in the order in which they are stored. */
  default List<Parameter> parameters() {
    return List.of();
  }

  /** Computes the output from the inputs, for the groups of the context. */
  void forward(LayerContext context);

  /**
   * The chain rule: from the gradient of the loss with respect to the output, computes the gradient
   * with respect to each input, and adds the one with respect to the parameters to the context's
   * parameter gradients (but see {@link #weightRows}). May change the output's gradient.
   */
  void backward(LayerContext context);

  /**
   * Rows of a weight matrix whose gradient is computed from the whole batch at once by {@link
   * #weightGradient} rather than summed over micro-batches in {@link #backward}; 0 for none.
   */
  default int weightRows() {
    return 0;
  }

  /**
   * Computes some rows of the weight gradient from all groups. Threads may compute different rows
   * at the same time.
   *
   * @param context of the whole batch; its scratchpad is not used
   * @param rows of the weight matrix
   * @param pad working memory of the thread
   */
  default void weightGradient(LayerContext context, Range rows, Scratchpad pad) {
    throw new UnsupportedOperationException(kind() + " has no weight matrix");
  }

  /**
   * Memory for what the layer keeps from forward to backward, or null.
   *
   * @param in the first input's shape
   * @param groups the largest number of groups
   * @param lanes L
   */
  default Object newState(Shape in, int groups, int lanes) {
    return null;
  }

  /**
   * A layer that always computes what this one computes at inference, in training too, so that a
   * backward pass gives the gradients of inference. It has the same parameters, or none.
   *
   * @param parameters all parameters of the network; they are only read
   * @param offset where this layer's begin
   * @return this layer, unless it computes something else in training
   */
  default Layer atInference(float[] parameters, int offset) {
    return this;
  }

  /** The sliding window, or null if the layer has none. */
  default Window window() {
    return null;
  }

  /**
   * The window on the input, or null if the layer has none.
   *
   * @param in the first input's shape
   */
  default Window.Geometry geometry(Shape in) {
    Window window = window();
    return window == null ? null : window.on(in.height(), in.width());
  }

  /**
   * The number of values that {@link #expand} writes; 0 if the layer computes with the parameters
   * as they are stored.
   */
  default int expandedCount() {
    return 0;
  }

  /**
   * Writes what the layer computes with in place of its parameters. Called before each batch, by
   * one thread.
   *
   * @param parameters all parameters of the network
   * @param begin where the layer's begin
   * @param expanded receives {@link #expandedCount} values
   */
  default void expand(float[] parameters, int begin, float[] expanded) {}

  /**
   * The convolution with this layer's window on its input, or null if it is not a convolution.
   *
   * @param geometry the window on the input
   */
  default ConvolutionGeometry convolution(Window.Geometry geometry) {
    return null;
  }

  /** Whether the output is the input's own memory, so that nothing is computed. */
  default boolean isView() {
    return false;
  }

  /** The number of values of all parameters. */
  default int parameterCount() {
    return parameters().stream().mapToInt(Parameter::size).sum();
  }

  /**
   * One parameter tensor.
   *
   * @param name DL4J's name for it: W, b, gamma, beta, mean, var
   * @param trainable whether the optimiser changes it; false for running averages and fixed values
   * @param shape its dimensions, row-major
   */
  record Parameter(String name, boolean trainable, List<Integer> shape) {

    static Parameter of(String name, Integer... shape) {
      return new Parameter(name, true, List.of(shape));
    }

    /** The number of values. */
    public int size() {
      return shape.stream().reduce(1, Math::multiplyExact);
    }
  }

  /** The only input's shape. */
  static Shape single(Layer layer, List<Shape> inputs) {
    if (inputs.size() != 1) {
      throw new IllegalArgumentException(
          "%s takes one input, not %d".formatted(layer.kind(), inputs.size()));
    }
    return inputs.get(0);
  }

  /** The only input's shape, checked for its number of channels or features. */
  static Shape withChannels(Layer layer, List<Shape> inputs, int channels) {
    Shape in = single(layer, inputs);
    if (in.channels() != channels) {
      throw new IllegalArgumentException(
          "%s was made for %d input channels, its input is %s"
              .formatted(layer.kind(), channels, in));
    }
    return in;
  }
}
