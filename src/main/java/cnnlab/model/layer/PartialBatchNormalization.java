package cnnlab.model.layer;

import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Batch normalisation without training of gamma or beta: {@code scale=False} and {@code
 * center=False} in Keras. Initially gamma is 1 and beta is 0.
 */
public final class PartialBatchNormalization extends BatchNormalization {
  private static final long serialVersionUID = 1;

  @JsonProperty private final boolean gammaTrained;
  @JsonProperty private final boolean betaTrained;

  /**
   * @param gammaTrained whether training changes gamma
   * @param betaTrained whether training changes beta
   */
  @JsonCreator
  public PartialBatchNormalization(
      @JsonProperty("gammaTrained") boolean gammaTrained,
      @JsonProperty("betaTrained") boolean betaTrained) {
    this.gammaTrained = gammaTrained;
    this.betaTrained = betaTrained;
    setUseLogStd(false);
  }

  /** Whether training changes gamma. */
  public boolean gammaTrained() {
    return gammaTrained;
  }

  /** Whether training changes beta. */
  public boolean betaTrained() {
    return betaTrained;
  }

  /**
   * A learning rate of 0 for untrained parameters; DL4J's NoOp would subtract the gradient itself.
   */
  @Override
  public IUpdater getUpdaterByParam(String paramName) {
    boolean stays =
        switch (paramName) {
          case BatchNormalizationParamInitializer.GAMMA -> !gammaTrained;
          case BatchNormalizationParamInitializer.BETA -> !betaTrained;
          default -> false;
        };
    return stays ? new Sgd(0) : super.getUpdaterByParam(paramName);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PartialBatchNormalization p
        && super.equals(other)
        && p.gammaTrained == gammaTrained
        && p.betaTrained == betaTrained;
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + Boolean.hashCode(gammaTrained);
  }

  @Override
  public String toString() {
    return "PartialBatchNormalization(gammaTrained=%s, betaTrained=%s, %s)"
        .formatted(gammaTrained, betaTrained, super.toString());
  }
}
