package cnnlab.model.layer;

import java.util.Collection;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.InputTypeUtil;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Group convolution over p4m: translations, quarter turns and mirrorings (Cohen and Welling 2016,
 * "Group equivariant convolutional networks", ICML). Stride 1, same padding; DL4J has no such
 * layer.
 *
 * <p>The eight orientations of a channel lie one below the other, so that they share what DL4J
 * shares within a channel: input [N, C, H, W] if it is an image to be lifted, else [N, C, 8H, W];
 * output [N, O, 8H, W]. Weights {@code W} [O, C, k, k] or [O, C, 8, k, k]; bias {@code b} [1, O],
 * the same in all orientations. {@link FilterBank} gives the formula.
 */
public final class GroupConvolution extends FeedForwardLayer {
  private static final long serialVersionUID = 1;

  @JsonProperty private final int side;
  @JsonProperty private final boolean lifting;
  @JsonProperty private final boolean hasBias;

  @JsonCreator
  GroupConvolution(
      @JsonProperty("side") int side,
      @JsonProperty("lifting") boolean lifting,
      @JsonProperty("hasBias") boolean hasBias) {
    if (side < 1 || side % 2 == 0) {
      throw new IllegalArgumentException(
          "group convolution: kernel side %d found, an odd number expected, so that the kernel turns about a pixel"
              .formatted(side));
    }
    this.side = side;
    this.lifting = lifting;
    this.hasBias = hasBias;
  }

  /**
   * A layer without activation; {@link #setActivationFn} gives it one.
   *
   * @param channels O, at least 1, output channels of eight orientations
   * @param side k, rows and columns of the kernel, odd
   * @param lifting whether the input is an image, without orientations
   * @param hasBias whether a bias is added
   * @throws IllegalArgumentException when a number is out of range
   */
  public GroupConvolution(int channels, int side, boolean lifting, boolean hasBias) {
    this(side, lifting, hasBias);
    if (channels < 1) {
      throw new IllegalArgumentException(
          "group convolution: %d channels found, at least 1 expected".formatted(channels));
    }
    setNOut(channels);
    setActivationFn(new ActivationIdentity());
  }

  /** k, rows and columns of the kernel. */
  public int side() {
    return side;
  }

  /** Whether the input is an image, without orientations. */
  public boolean lifting() {
    return lifting;
  }

  /** Whether a bias is added. */
  public boolean hasBias() {
    return hasBias;
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialize,
      DataType type) {
    if (type != DataType.FLOAT) {
      throw new IllegalArgumentException(
          "layer '%s': group convolution computes in FLOAT, the network is %s"
              .formatted(getLayerName(), type));
    }
    GroupConvolutionComputation layer = new GroupConvolutionComputation(conf, type);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    Map<String, INDArray> table = initializer().init(conf, parameters, initialize);
    layer.setParamTable(table);
    layer.setConf(conf);
    return layer;
  }

  @Override
  public ParamInitializer initializer() {
    return GroupConvolutionParameters.INSTANCE;
  }

  /**
   * @throws IllegalArgumentException when the input is no image, or its height does not divide into
   *     eight orientations
   */
  @Override
  public InputType getOutputType(int index, InputType input) {
    InputTypeConvolutional image = image(input);
    return InputType.convolutional(
        lifting ? FilterBank.ORIENTATIONS * image.getHeight() : image.getHeight(),
        image.getWidth(),
        getNOut());
  }

  @Override
  public void setNIn(InputType input, boolean override) {
    if (getNIn() <= 0 || override) {
      setNIn(image(input).getChannels());
    }
  }

  private InputTypeConvolutional image(InputType input) {
    if (!(input instanceof InputTypeConvolutional image)) {
      throw new IllegalArgumentException(
          "layer '%s': group convolution takes images, its input is %s"
              .formatted(getLayerName(), input));
    }
    if (!lifting && image.getHeight() % FilterBank.ORIENTATIONS != 0) {
      throw new IllegalArgumentException(
          "layer '%s': group convolution reads eight orientations one below the other, so the height must be a multiple of 8; its input is %s"
              .formatted(getLayerName(), input));
    }
    return image;
  }

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType input) {
    return InputTypeUtil.getPreProcessorForInputTypeCnnLayers(input, getLayerName());
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType input) {
    long parameters = initializer().numParams(this);
    long state = getIUpdater() == null ? 0 : getIUpdater().stateSize(parameters);
    return new LayerMemoryReport.Builder(
            getLayerName(), GroupConvolution.class, input, getOutputType(-1, input))
        .standardMemory(parameters, state)
        .workingMemory(0, 0, expandedValues(), 0)
        .build();
  }

  /**
   * The number of values of the filter bank with all transformed weights and biases; {@link
   * Long#MAX_VALUE} if there are more.
   */
  public long expandedValues() {
    long stored = initializer().numParams(this);
    return stored < 0 || stored > Long.MAX_VALUE / FilterBank.ORIENTATIONS
        ? Long.MAX_VALUE
        : stored * FilterBank.ORIENTATIONS;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GroupConvolution g
        && super.equals(other)
        && g.side == side
        && g.lifting == lifting
        && g.hasBias == hasBias;
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + side;
  }

  @Override
  public String toString() {
    return "GroupConvolution(side=%s, lifting=%s, hasBias=%s, %s)"
        .formatted(side, lifting, hasBias, super.toString());
  }
}
