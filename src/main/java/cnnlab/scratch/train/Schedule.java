package cnnlab.scratch.train;

/** The learning rate as a function of the step. */
public sealed interface Schedule {

  /**
   * The learning rate of a step.
   *
   * @param step 0, 1, 2, ...
   */
  double at(long step);

  /**
   * The same rate at every step.
   *
   * @param rate the learning rate
   */
  record Constant(double rate) implements Schedule {
    @Override
    public double at(long step) {
      return rate;
    }
  }

  /**
   * rate · factor^⌊step / every⌋.
   *
   * @param rate the first learning rate
   * @param factor by which it is multiplied
   * @param every the number of steps between two changes, positive
   */
  record Step(double rate, double factor, double every) implements Schedule {
    @Override
    public double at(long step) {
      return rate * Math.pow(factor, Math.floor(step / every));
    }
  }

  /**
   * rate · factor^step.
   *
   * @param rate the first learning rate
   * @param factor by which it is multiplied at every step
   */
  record Exponential(double rate, double factor) implements Schedule {
    @Override
    public double at(long step) {
      return rate * Math.pow(factor, step);
    }
  }

  /**
   * Any function of the step.
   *
   * @param rate gives the learning rate of a step
   */
  record Function(java.util.function.LongToDoubleFunction rate) implements Schedule {
    @Override
    public double at(long step) {
      return rate.applyAsDouble(step);
    }
  }
}
