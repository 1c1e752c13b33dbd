package cnnlab.scratch.train;

/** How the learning rate changes from step to step. */
public sealed interface Schedule {

  /**
   * The learning rate of a step.
   *
   * @param step 0, 1, 2, ...
   */
  double at(long step);

  /** Always the same. */
  record Constant(double rate) implements Schedule {
    @Override
    public double at(long step) {
      return rate;
    }
  }

  /** rate · factor^⌊step / every⌋. */
  record Step(double rate, double factor, double every) implements Schedule {
    @Override
    public double at(long step) {
      return rate * Math.pow(factor, Math.floor(step / every));
    }
  }

  /** rate · factor^step. */
  record Exponential(double rate, double factor) implements Schedule {
    @Override
    public double at(long step) {
      return rate * Math.pow(factor, step);
    }
  }

  /** Whatever the function gives for a step. */
  record Function(java.util.function.LongToDoubleFunction rate) implements Schedule {
    @Override
    public double at(long step) {
      return rate.applyAsDouble(step);
    }
  }
}
