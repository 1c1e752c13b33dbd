package cnnlab.scratch;

import java.util.List;

/**
 * One kind of layer: its hyper-parameters, and what it computes. A layer holds no numbers;
 * parameters and activations belong to the {@link Network} and the {@link Pass}.
 */
public sealed interface Layer
    permits Conv2d,
        MaxPool2d,
        AvgPool2d,
        GlobalAvgPool2d,
        Flatten,
        Dense,
        BatchNorm,
        Dropout,
        Add,
        Activate,
        Softmax {

  /** The field's name of this layer, for tables and messages. */
  default String kind() {
    return getClass().getSimpleName();
  }

  /**
   * The shape of the output.
   *
   * @param inputs the shapes of the inputs, one but for {@link Add}
   * @throws IllegalArgumentException when the layer does not fit these inputs
   */
  Shape outputShape(List<Shape> inputs);

  /** The parameters in the order in which they are stored. */
  default List<Parameter> parameters() {
    return List.of();
  }

  /** Computes the output of the pass's groups from its inputs. */
  void forward(Pass pass);

  /** Whether the output is the input's own memory, so that nothing is computed. */
  default boolean isView() {
    return false;
  }

  /** How many values the parameters have together. */
  default int parameterCount() {
    return parameters().stream().mapToInt(Parameter::size).sum();
  }

  /**
   * One parameter tensor.
   *
   * @param name DL4J's name for it: W, b, gamma, beta, mean, var
   * @param shape its dimensions, row-major
   */
  record Parameter(String name, List<Integer> shape) {

    static Parameter of(String name, Integer... shape) {
      return new Parameter(name, List.of(shape));
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
