package cnnlab.training;

import cnnlab.engine.Divergence;
import cnnlab.text.Explained;
import java.util.List;

/**
 * A training diverged. If several trainings run, the others continue and this one is recorded as
 * diverged; otherwise the run ends. The message gives the place, the value and a remedy.
 */
public final class DivergedException extends RuntimeException implements Explained {
  private static final long serialVersionUID = 1L;

  private final transient Divergence divergence;
  private final transient List<EpochMetrics> history;

  /**
   * @param divergence where and how
   * @param history the epochs before the one in which it diverged
   */
  public DivergedException(Divergence divergence, List<EpochMetrics> history) {
    super("the training diverged, " + divergence + ". " + divergence.advice());
    this.divergence = divergence;
    this.history = List.copyOf(history);
  }

  /** Where and how. */
  public Divergence divergence() {
    return divergence;
  }

  /** The epochs before the one in which it diverged, including those before an interruption. */
  public List<EpochMetrics> history() {
    return history;
  }

  /**
   * Requires that numbers of a trained network are finite.
   *
   * @param what the name of such a value, such as {@code a weight}
   * @param history all completed epochs; the message names the last
   * @throws DivergedException when a value is NaN or infinite
   */
  public static void check(float[] values, String what, List<EpochMetrics> history) {
    Divergence.firstOf(values)
        .ifPresent(
            value -> {
              int epochs = history.size();
              throw new DivergedException(new Divergence(epochs, 0, what, value), history);
            });
  }

  @Override
  public boolean isUsersFault() {
    return false;
  }
}
