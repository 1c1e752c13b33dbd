package cnnlab.scratch;

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

  /**
   * Linear from 0 to {@code rate} over {@code warmup} steps, then half a cosine down to {@code
   * last} at {@code steps} (Loshchilov and Hutter 2017, without restarts); {@code last} afterwards.
   */
  record Cosine(double rate, double last, long warmup, long steps) implements Schedule {
    public Cosine {
      if (warmup < 0 || steps <= warmup) {
        throw new IllegalArgumentException(
            "a cosine over %d steps cannot warm up for %d".formatted(steps, warmup));
      }
    }

    @Override
    public double at(long step) {
      if (step < warmup) {
        return rate * (step + 1) / warmup;
      }
      double progress = Math.min(1, (double) (step - warmup) / (steps - warmup));
      return last + (rate - last) * 0.5 * (1 + Math.cos(Math.PI * progress));
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
