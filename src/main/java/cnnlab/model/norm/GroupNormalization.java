package cnnlab.model.norm;

import java.util.Collection;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Group normalisation (Wu and He 2018) or, with one group at every position alone, layer
 * normalisation (Ba, Kiros and Hinton 2016): y = gamma · (x − mean) / √(var + eps) + beta, with
 * mean and (biased) var of the values of one image in C/G neighbouring channels, or of those at one
 * position. Input and output [N, C, H, W] or [N, F]; parameters {@code gamma} and {@code beta} [1,
 * C].
 */
public final class GroupNormalization extends FeedForwardLayer {
  private static final long serialVersionUID = 1;

  @JsonProperty private final int groups;
  @JsonProperty private final boolean everyPosition;
  @JsonProperty private final double eps;
  @JsonProperty private final boolean gammaTrained;
  @JsonProperty private final boolean betaTrained;

  @JsonCreator
  GroupNormalization(
      @JsonProperty("groups") int groups,
      @JsonProperty("everyPosition") boolean everyPosition,
      @JsonProperty("eps") double eps,
      @JsonProperty("gammaTrained") boolean gammaTrained,
      @JsonProperty("betaTrained") boolean betaTrained) {
    this.groups = groups;
    this.everyPosition = everyPosition;
    this.eps = eps;
    this.gammaTrained = gammaTrained;
    this.betaTrained = betaTrained;
    setActivationFn(new ActivationIdentity());
  }

  /**
   * @param channels C, or F of vectors
   * @param groups G, a divisor of C
   * @param everyPosition whether every position has a mean and variance of its own
   * @param eps added to the variance, at least 0
   * @param gammaTrained whether training changes gamma
   * @param betaTrained whether training changes beta
   * @throws IllegalArgumentException when the groups do not divide the channels, or eps is negative
   */
  public GroupNormalization(
      long channels,
      int groups,
      boolean everyPosition,
      double eps,
      boolean gammaTrained,
      boolean betaTrained) {
    this(groups, everyPosition, eps, gammaTrained, betaTrained);
    if (groups < 1 || channels < 1 || channels % groups != 0 || !(eps >= 0)) {
      throw new IllegalArgumentException(
          "%s groups of %s channels with eps %s: expected a divisor of the channels and eps of 0 or more"
              .formatted(groups, channels, eps));
    }
    setNIn(channels);
    setNOut(channels);
  }

  /** G. */
  public int groups() {
    return groups;
  }

  /** Whether every position has a mean and variance of its own. */
  public boolean everyPosition() {
    return everyPosition;
  }

  /** Added to the variance. */
  public double eps() {
    return eps;
  }

  /** Whether training changes gamma. */
  public boolean gammaTrained() {
    return gammaTrained;
  }

  /** Whether training changes beta. */
  public boolean betaTrained() {
    return betaTrained;
  }

  /** A learning rate of 0 for untrained parameters. */
  @Override
  public IUpdater getUpdaterByParam(String paramName) {
    boolean trained =
        paramName.equals(GroupNormalizationParameters.GAMMA) ? gammaTrained : betaTrained;
    return trained ? super.getUpdaterByParam(paramName) : new Sgd(0);
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialize,
      DataType type) {
    GroupNormalizationComputation layer = new GroupNormalizationComputation(conf, type);
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
    return GroupNormalizationParameters.INSTANCE;
  }

  /**
   * @throws IllegalArgumentException when the input has another number of channels
   */
  @Override
  public InputType getOutputType(int index, InputType input) {
    long channels =
        input instanceof InputTypeConvolutional image
            ? image.getChannels()
            : input.arrayElementsPerExample();
    if (channels != getNIn()) {
      throw new IllegalArgumentException(
          "layer '%s': group normalisation of %s channels cannot take %s"
              .formatted(getLayerName(), getNIn(), input));
    }
    return input;
  }

  @Override
  public void setNIn(InputType input, boolean override) {
    // The number of channels is given when the layer is made.
  }

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType input) {
    return null;
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType input) {
    long parameters = initializer().numParams(this);
    long state = getIUpdater() == null ? 0 : getIUpdater().stateSize(parameters);
    return new LayerMemoryReport.Builder(getLayerName(), GroupNormalization.class, input, input)
        .standardMemory(parameters, state)
        .workingMemory(0, 0, 2 * input.arrayElementsPerExample(), 0)
        .build();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GroupNormalization n
        && super.equals(other)
        && n.groups == groups
        && n.everyPosition == everyPosition
        && n.eps == eps
        && n.gammaTrained == gammaTrained
        && n.betaTrained == betaTrained;
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + groups;
  }

  @Override
  public String toString() {
    return "GroupNormalization(groups=%s, everyPosition=%s, eps=%s, gammaTrained=%s, betaTrained=%s, %s)"
        .formatted(groups, everyPosition, eps, gammaTrained, betaTrained, super.toString());
  }
}
