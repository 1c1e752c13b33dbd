package cnnlab.experiment;

import cnnlab.config.Checks;

/**
 * Adam with the defaults of Keras, or AdamW if {@code weightDecay} &gt; 0, with a constant or a
 * cosine learning rate.
 *
 * @param learningRate the learning rate, or the highest of a cosine schedule
 * @param cosine whether the learning rate falls along a cosine to 0 at the end
 * @param warmup share of the steps in which a cosine schedule first rises, in [0, 1)
 * @param weightDecay decoupled weight decay of all weights except biases, at least 0
 * @param clipNorm upper limit on the gradient norm of each parameter array; see {@link
 *     cnnlab.model.GradientClipping}; 0 for no limit
 */
public record OptimizerConfig(
    double learningRate, boolean cosine, double warmup, double weightDecay, double clipNorm) {
  /**
   * @throws IllegalArgumentException when a number is out of range
   */
  public OptimizerConfig {
    Checks.stepSize("learningRate", learningRate);
    Checks.inUnitInterval("warmup", warmup);
    Checks.require(weightDecay >= 0, "weightDecay", weightDecay, "0 or more");
    Checks.require(
        clipNorm == 0 || clipNorm >= 1e-30 && clipNorm <= 1e30,
        "clipNorm",
        clipNorm,
        "0, or from 1.0E-30 to 1.0E30");
  }

  /** The number of warm-up steps of a cosine schedule, always less than {@code steps}. */
  public int warmupSteps(int steps) {
    return (int) Math.min(Math.round(warmup * steps), steps - 1);
  }
}
