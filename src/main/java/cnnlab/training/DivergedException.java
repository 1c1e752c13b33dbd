package cnnlab.training;

import cnnlab.engine.Divergence;
import cnnlab.text.Explained;
import java.util.List;

/**
 * A training diverged. Where several trainings run, the others go on, and this one is kept as
 * diverged; otherwise it ends the run. The message says where, what the value was and what to try.
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

  /** The epochs before the one in which it diverged, also those before an interruption. */
  public List<EpochMetrics> history() {
    return history;
  }

  /**
   * Refuses numbers of a network that is trained which are not finite.
   *
   * @param what one of the values is called, such as {@code a weight}
   * @param history all epochs that are done; the last of them is named
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
