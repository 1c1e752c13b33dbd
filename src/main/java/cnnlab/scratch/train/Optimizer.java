package cnnlab.scratch.train;

/**
 * Changes parameters according to their gradients. The state arrays belong to the {@link
 * NetworkTrainer}; each optimiser says how many it needs.
 */
public sealed interface Optimizer {

  /** The learning rate. */
  Schedule schedule();

  /** The number of arrays to be kept from step to step, each as long as the parameters. */
  int stateArrays();

  /**
   * One step for parameters {@code begin} (inclusive) to {@code end} (exclusive).
   *
   * @param state {@link #stateArrays} arrays as long as the parameters, zero at first
   * @param step 0, 1, 2, ...
   * @param decay λ ≥ 0 of decoupled weight decay: w ← w − η·λ·w in addition to the step; 0 for none
   */
  void update(
      float[] parameters,
      float[] gradients,
      float[][] state,
      int begin,
      int end,
      long step,
      double decay);

  /**
   * Adam (Kingma and Ba 2015) in the form of Keras and DL4J, with ε outside the bias correction:
   *
   * <pre>
   *   m ← β₁m + (1 − β₁)g    v ← β₂v + (1 − β₂)g²    w ← w − η·√(1 − β₂ᵗ)/(1 − β₁ᵗ) · m/(√v + ε) − η·λ·w
   * </pre>
   *
   * With λ &gt; 0 it is AdamW (Loshchilov and Hutter 2019).
   *
   * @param schedule the learning rate η
   * @param beta1 β₁, the decay of the mean of gradients, in [0, 1)
   * @param beta2 β₂, the decay of the mean of squared gradients, in [0, 1)
   * @param epsilon ε, positive; avoids a division by 0
   */
  record Adam(Schedule schedule, double beta1, double beta2, double epsilon) implements Optimizer {
    @Override
    public int stateArrays() {
      return 2;
    }

    @Override
    public void update(
        float[] parameters,
        float[] gradients,
        float[][] state,
        int begin,
        int end,
        long step,
        double decay) {
      double rate = schedule.at(step);
      double t = step + 1.0;
      float alpha = (float) (rate * Math.sqrt(1 - Math.pow(beta2, t)) / (1 - Math.pow(beta1, t)));
      float b1 = (float) beta1;
      float b2 = (float) beta2;
      float c1 = (float) (1 - beta1);
      float c2 = (float) (1 - beta2);
      float eps = (float) epsilon;
      float keep = (float) (1 - rate * decay);
      float[] first = state[0];
      float[] second = state[1];
      for (int i = begin; i < end; i++) {
        float g = gradients[i];
        float m = b1 * first[i] + c1 * g;
        float v = b2 * second[i] + c2 * g * g;
        first[i] = m;
        second[i] = v;
        parameters[i] = keep * parameters[i] - alpha * m / ((float) Math.sqrt(v) + eps);
      }
    }
  }

  /**
   * Stochastic gradient descent, for momentum μ &gt; 0 in Nesterov's form (Sutskever et al. 2013),
   * as in Keras and DL4J:
   *
   * <pre>
   *   v ← μv − ηg    w ← w + μv − ηg
   * </pre>
   *
   * @param schedule the learning rate η
   * @param momentum μ, in [0, 1); 0 for none
   */
  record Sgd(Schedule schedule, double momentum) implements Optimizer {
    @Override
    public int stateArrays() {
      return 1;
    }

    @Override
    public void update(
        float[] parameters,
        float[] gradients,
        float[][] state,
        int begin,
        int end,
        long step,
        double decay) {
      float rate = (float) schedule.at(step);
      float mu = (float) momentum;
      float keep = (float) (1 - schedule.at(step) * decay);
      float[] velocity = state[0];
      for (int i = begin; i < end; i++) {
        float v = mu * velocity[i] - rate * gradients[i];
        velocity[i] = v;
        parameters[i] = keep * parameters[i] + mu * v - rate * gradients[i];
      }
    }
  }
}
