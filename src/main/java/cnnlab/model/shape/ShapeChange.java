package cnnlab.model.shape;

import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The preprocessor of a {@link org.deeplearning4j.nn.conf.graph.PreprocessorVertex} that gives its
 * input another shape. Without parameters; two are equal if their texts are.
 */
abstract class ShapeChange implements InputPreProcessor {
  private static final long serialVersionUID = 1;

  /** The output [n, …], as a new array or a view of the input. */
  abstract INDArray forward(INDArray input, long n);

  /** dLoss/dInput from dLoss/dOutput, as a new array or a view. */
  abstract INDArray backward(INDArray gradient, long n);

  /**
   * The shape of the output.
   *
   * @throws IllegalArgumentException when the input does not fit
   */
  abstract InputType output(InputType input);

  /** The class with all that was given to its constructor. */
  @Override
  public abstract String toString();

  @Override
  public final INDArray preProcess(
      INDArray input, int miniBatchSize, LayerWorkspaceMgr workspaceMgr) {
    return workspaceMgr.dup(ArrayType.ACTIVATIONS, forward(input, input.size(0)), 'c');
  }

  @Override
  public final INDArray backprop(
      INDArray output, int miniBatchSize, LayerWorkspaceMgr workspaceMgr) {
    return workspaceMgr.dup(ArrayType.ACTIVATION_GRAD, backward(output, output.size(0)), 'c');
  }

  @Override
  public final InputType getOutputType(InputType inputType) {
    return output(inputType);
  }

  @Override
  public final Pair<INDArray, MaskState> feedForwardMaskArray(
      INDArray maskArray, MaskState currentMaskState, int minibatchSize) {
    return new Pair<>(maskArray, currentMaskState);
  }

  /** The error for an input that does not fit. */
  final IllegalArgumentException refusal(InputType input) {
    return new IllegalArgumentException("%s cannot take %s".formatted(this, input));
  }

  /** [C, H, W] of an image. */
  final long[] image(InputType input) {
    if (!(input instanceof InputType.InputTypeConvolutional image)) {
      throw refusal(input);
    }
    return new long[] {image.getChannels(), image.getHeight(), image.getWidth()};
  }

  /** The type of [C, H, W]. */
  static InputType image(long[] shape) {
    return InputType.convolutional(shape[1], shape[2], shape[0]);
  }

  @Override
  public ShapeChange clone() {
    try {
      return (ShapeChange) super.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public final boolean equals(Object other) {
    return other != null && other.getClass() == getClass() && other.toString().equals(toString());
  }

  @Override
  public final int hashCode() {
    return toString().hashCode();
  }
}
