package cnnlab.model;

import cnnlab.model.layer.CosineSchedule;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;

/** Creates DL4J's optimisers. */
public final class Updaters {
  /** Adam's decay of the mean gradient in Keras. */
  public static final double BETA1 = 0.9;

  /** Adam's decay of the mean squared gradient in Keras. */
  public static final double BETA2 = 0.999;

  /** Adam's epsilon in Keras. */
  public static final double EPSILON = 1e-7;

  private Updaters() {}

  /** Adam (Kingma and Ba 2015). The default epsilon is 1e-7 in Keras and 1e-8 in DL4J. */
  public static IUpdater adam(double learningRate, double beta1, double beta2, double epsilon) {
    return new Adam(learningRate, beta1, beta2, epsilon);
  }

  /**
   * Adam with a learning rate that rises linearly and then falls along a cosine to zero; see {@link
   * CosineSchedule}.
   *
   * @param learningRate the highest rate
   * @param warmup number of warm-up steps
   * @param steps total number of steps
   */
  public static IUpdater adamCosine(
      double learningRate, double beta1, double beta2, double epsilon, int warmup, int steps) {
    return new Adam.Builder()
        .learningRateSchedule(new CosineSchedule(learningRate, 0, warmup, steps))
        .beta1(beta1)
        .beta2(beta2)
        .epsilon(epsilon)
        .build();
  }

  /**
   * Adam with the other hyperparameters of Keras.
   *
   * @param learningRate constant, or the highest of a cosine
   * @param cosine whether to use the schedule of {@link #adamCosine}
   */
  public static IUpdater keras(double learningRate, boolean cosine, int warmup, int steps) {
    return cosine
        ? adamCosine(learningRate, BETA1, BETA2, EPSILON, warmup, steps)
        : adam(learningRate, BETA1, BETA2, EPSILON);
  }
}
