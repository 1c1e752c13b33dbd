package cnnlab.model.layer;

import java.util.Arrays;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastAddOp;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastMulOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Computes y = scale · x + offset with constants, one for all channels or one for each: the
 * Rescaling layer of Keras, as the preprocessor of a {@link
 * org.deeplearning4j.nn.conf.graph.PreprocessorVertex}. Input and output [N, C, H, W] or [N, F].
 */
public final class ChannelAffine implements InputPreProcessor {
  private static final long serialVersionUID = 1;

  @JsonProperty private final float[] scale;
  @JsonProperty private final float[] offset;

  /**
   * @param scale one factor, or one for each channel or feature
   * @param offset one offset, or one for each channel or feature
   * @throws IllegalArgumentException when an array is empty, or the two are for different numbers
   *     of channels
   */
  @JsonCreator
  public ChannelAffine(
      @JsonProperty("scale") float[] scale, @JsonProperty("offset") float[] offset) {
    if (scale.length == 0
        || offset.length == 0
        || scale.length > 1 && offset.length > 1 && scale.length != offset.length) {
      throw new IllegalArgumentException(
          "%d scales and %d offsets: give one, or one for each channel"
              .formatted(scale.length, offset.length));
    }
    this.scale = scale.clone();
    this.offset = offset.clone();
  }

  /** The scales: one, or one for each channel. */
  public float[] scale() {
    return scale.clone();
  }

  /** The offsets: one, or one for each channel. */
  public float[] offset() {
    return offset.clone();
  }

  @Override
  public INDArray preProcess(INDArray input, int miniBatchSize, LayerWorkspaceMgr workspaceMgr) {
    INDArray y = workspaceMgr.dup(ArrayType.ACTIVATIONS, input, 'c');
    multiply(y);
    if (offset.length == 1) {
      return y.addi(offset[0]);
    }
    return Nd4j.getExecutioner().exec(new BroadcastAddOp(y, vector(offset, y), y, 1));
  }

  /** dx = scale · dy. */
  @Override
  public INDArray backprop(INDArray output, int miniBatchSize, LayerWorkspaceMgr workspaceMgr) {
    INDArray dx = workspaceMgr.dup(ArrayType.ACTIVATION_GRAD, output, 'c');
    multiply(dx);
    return dx;
  }

  private void multiply(INDArray x) {
    if (scale.length == 1) {
      x.muli(scale[0]);
    } else {
      Nd4j.getExecutioner().exec(new BroadcastMulOp(x, vector(scale, x), x, 1));
    }
  }

  private static INDArray vector(float[] values, INDArray like) {
    return Nd4j.createFromArray(values).castTo(like.dataType());
  }

  /**
   * @throws IllegalArgumentException when the number of channels or features of the input does not
   *     fit
   */
  @Override
  public InputType getOutputType(InputType inputType) {
    long channels =
        inputType instanceof InputType.InputTypeConvolutional image
            ? image.getChannels()
            : inputType.arrayElementsPerExample();
    int given = Math.max(scale.length, offset.length);
    if (given > 1 && given != channels) {
      throw new IllegalArgumentException(
          "scale and offset are for %d channels, the input is %s".formatted(given, inputType));
    }
    return inputType;
  }

  @Override
  public Pair<INDArray, MaskState> feedForwardMaskArray(
      INDArray maskArray, MaskState currentMaskState, int minibatchSize) {
    return new Pair<>(maskArray, currentMaskState);
  }

  @Override
  public ChannelAffine clone() {
    return new ChannelAffine(scale, offset);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChannelAffine a
        && Arrays.equals(a.scale, scale)
        && Arrays.equals(a.offset, offset);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(scale) + Arrays.hashCode(offset);
  }

  @Override
  public String toString() {
    return "ChannelAffine(scale=%s, offset=%s)"
        .formatted(Arrays.toString(scale), Arrays.toString(offset));
  }
}
