package cnnlab.experiment;

import cnnlab.config.Checks;
import cnnlab.model.Updaters;

/**
 * Adam's hyperparameters; the defaults are those of Keras.
 *
 * @param learningRate step size, positive
 * @param beta1 decay of the first moment, in [0, 1)
 * @param beta2 decay of the second moment, in [0, 1)
 * @param epsilon added to the square root of the second moment, positive
 */
public record AdamConfig(double learningRate, double beta1, double beta2, double epsilon) {
  public static final AdamConfig KERAS =
      new AdamConfig(1e-3, Updaters.BETA1, Updaters.BETA2, Updaters.EPSILON);

  /**
   * @throws IllegalArgumentException when a number is out of range
   */
  public AdamConfig {
    Checks.stepSize("learningRate", learningRate);
    Checks.inUnitInterval("beta1", beta1);
    Checks.inUnitInterval("beta2", beta2);
    Checks.stepSize("epsilon", epsilon);
  }
}
