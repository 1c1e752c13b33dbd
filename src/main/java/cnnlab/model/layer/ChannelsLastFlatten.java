package cnnlab.model.layer;

import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The Flatten layer of Keras for images: [N, C, H, W] becomes [N, H·W·C], with the channels of a
 * pixel next to each other. DL4J flattens channels first. Preprocessor for a {@link
 * org.deeplearning4j.nn.conf.graph.PreprocessorVertex}.
 */
public final class ChannelsLastFlatten implements InputPreProcessor {
  private static final long serialVersionUID = 1;

  @JsonProperty private final long height;
  @JsonProperty private final long width;
  @JsonProperty private final long channels;

  /**
   * @param height H, at least 1
   * @param width W, at least 1
   * @param channels C, at least 1
   */
  @JsonCreator
  public ChannelsLastFlatten(
      @JsonProperty("height") long height,
      @JsonProperty("width") long width,
      @JsonProperty("channels") long channels) {
    this.height = height;
    this.width = width;
    this.channels = channels;
  }

  @Override
  public INDArray preProcess(INDArray input, int miniBatchSize, LayerWorkspaceMgr workspaceMgr) {
    INDArray pixels = workspaceMgr.dup(ArrayType.ACTIVATIONS, input.permute(0, 2, 3, 1), 'c');
    return pixels.reshape('c', input.size(0), height * width * channels);
  }

  @Override
  public INDArray backprop(INDArray output, int miniBatchSize, LayerWorkspaceMgr workspaceMgr) {
    INDArray pixels = output.reshape('c', output.size(0), height, width, channels);
    return workspaceMgr.dup(ArrayType.ACTIVATION_GRAD, pixels.permute(0, 3, 1, 2), 'c');
  }

  /**
   * @throws IllegalArgumentException when the input is not such an image
   */
  @Override
  public InputType getOutputType(InputType inputType) {
    if (!(inputType instanceof InputType.InputTypeConvolutional image
        && image.getHeight() == height
        && image.getWidth() == width
        && image.getChannels() == channels)) {
      throw new IllegalArgumentException("%s cannot take %s".formatted(this, inputType));
    }
    return InputType.feedForward(height * width * channels);
  }

  @Override
  public Pair<INDArray, MaskState> feedForwardMaskArray(
      INDArray maskArray, MaskState currentMaskState, int minibatchSize) {
    return new Pair<>(maskArray, currentMaskState);
  }

  @Override
  public ChannelsLastFlatten clone() {
    return new ChannelsLastFlatten(height, width, channels);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChannelsLastFlatten f
        && f.height == height
        && f.width == width
        && f.channels == channels;
  }

  @Override
  public int hashCode() {
    return Long.hashCode((height * 31 + width) * 31 + channels);
  }

  @Override
  public String toString() {
    return "ChannelsLastFlatten(%s x %s, %s channels)".formatted(height, width, channels);
  }
}
