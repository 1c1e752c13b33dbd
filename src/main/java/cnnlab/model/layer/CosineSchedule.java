package cnnlab.model.layer;

import java.util.Objects;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A learning rate that rises linearly from 0 to {@code rate} over {@code warmup} steps and falls
 * along half a cosine to {@code last} at {@code steps} (Loshchilov and Hutter 2017, without
 * restarts). DL4J has no such schedule.
 */
public final class CosineSchedule implements ISchedule {
  private static final long serialVersionUID = 1L;

  @JsonProperty private final double rate;
  @JsonProperty private final double last;
  @JsonProperty private final int warmup;
  @JsonProperty private final int steps;

  /**
   * @param rate the highest rate
   * @param last the rate at the end
   * @param warmup number of warm-up steps, at least 0
   * @param steps total number of steps, more than {@code warmup}
   * @throws IllegalArgumentException when {@code warmup} is not less than {@code steps}
   */
  public CosineSchedule(
      @JsonProperty("rate") double rate,
      @JsonProperty("last") double last,
      @JsonProperty("warmup") int warmup,
      @JsonProperty("steps") int steps) {
    if (warmup < 0 || steps <= warmup) {
      throw new IllegalArgumentException(
          "a cosine schedule of %d steps cannot have %d warm-up steps".formatted(steps, warmup));
    }
    this.rate = rate;
    this.last = last;
    this.warmup = warmup;
    this.steps = steps;
  }

  @Override
  public double valueAt(int iteration, int epoch) {
    if (iteration < warmup) {
      return rate * (iteration + 1) / warmup;
    }
    double progress = Math.min(1, (double) (iteration - warmup) / (steps - warmup));
    return last + (rate - last) * 0.5 * (1 + Math.cos(Math.PI * progress));
  }

  @Override
  public ISchedule clone() {
    return new CosineSchedule(rate, last, warmup, steps);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CosineSchedule c
        && rate == c.rate
        && last == c.last
        && warmup == c.warmup
        && steps == c.steps;
  }

  @Override
  public int hashCode() {
    return Objects.hash(rate, last, warmup, steps);
  }
}
