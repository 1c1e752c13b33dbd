package cnnlab.model;

import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Layer normalisation (Ba et al. 2016) over the features of [N, F] or over the channels of [N, C,
 * H, W] at each position, as Keras does by default: y = gamma · (x − mean) / √(var + eps) + beta.
 * Gamma and beta [C] begin as 1 and 0. DL4J has it inside dense layers only.
 */
public final class LayerNormalization extends SameDiffLayer {
  public static final String GAMMA = "gamma";
  public static final String BETA = "beta";

  private static final long serialVersionUID = 1;

  @JsonProperty private final double eps;
  @JsonProperty private final boolean scale;
  @JsonProperty private final boolean center;
  @JsonProperty private long channels;

  /**
   * @param eps added to the variance, positive; 1e-3 in Keras
   * @param scale whether gamma is there
   * @param center whether beta is there
   */
  @JsonCreator
  public LayerNormalization(
      @JsonProperty("eps") double eps,
      @JsonProperty("scale") boolean scale,
      @JsonProperty("center") boolean center) {
    this.eps = eps;
    this.scale = scale;
    this.center = center;
  }

  public double eps() {
    return eps;
  }

  /** Whether gamma is there. */
  public boolean scale() {
    return scale;
  }

  /** Whether beta is there. */
  public boolean center() {
    return center;
  }

  /** C, once the input is known. */
  public long channels() {
    return channels;
  }

  @Override
  public void setNIn(InputType inputType, boolean override) {
    channels =
        inputType instanceof InputType.InputTypeConvolutional image
            ? image.getChannels()
            : inputType.arrayElementsPerExample();
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    return inputType;
  }

  /** Both count as biases: penalties on weights leave them alone, as in batch normalisation. */
  @Override
  public void defineParameters(SDLayerParams params) {
    if (scale) {
      params.addBiasParam(GAMMA, channels);
    }
    if (center) {
      params.addBiasParam(BETA, channels);
    }
  }

  @Override
  public void initializeParameters(Map<String, INDArray> params) {
    params.forEach((name, values) -> values.assign(name.equals(GAMMA) ? 1 : 0));
  }

  @Override
  public SDVariable defineLayer(
      SameDiff sameDiff, SDVariable x, Map<String, SDVariable> params, SDVariable mask) {
    long[] broadcast =
        x.getShape().length == 2 ? new long[] {1, channels} : new long[] {1, channels, 1, 1};
    SDVariable centered = x.sub(x.mean(true, 1));
    SDVariable variance = centered.mul(centered).mean(true, 1);
    SDVariable y = centered.div(sameDiff.math().sqrt(variance.add(eps)));
    if (scale) {
      y = y.mul(params.get(GAMMA).reshape(broadcast));
    }
    return center ? y.add(params.get(BETA).reshape(broadcast)) : y;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LayerNormalization n
        && super.equals(other)
        && n.eps == eps
        && n.scale == scale
        && n.center == center
        && n.channels == channels;
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + Double.hashCode(eps);
  }

  @Override
  public String toString() {
    return "LayerNormalization(eps=%s, scale=%s, center=%s)".formatted(eps, scale, center);
  }
}
