package cnnlab.sweep.trial;

import cnnlab.store.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Serial;
import java.io.Serializable;
import java.io.StringWriter;
import java.util.Map;
import java.util.TreeMap;

/**
 * The outcome of a trial. The scores are bit-identical wherever it ran; the seconds are not.
 *
 * @param id the trial's id
 * @param scores the scores on the validation images, by name; empty if the trial diverged or failed
 * @param seconds duration of the trial
 * @param divergence where and how the training diverged, such as {@code epoch 1, batch 2: the loss
 *     is NaN}, otherwise null. Divergence is a property of the configuration and would happen
 *     again: it is not a failure, does not count towards the limit of failures, and is not tried
 *     again
 * @param failure why the trial did not complete, otherwise null
 */
public record TrialOutcome(
    String id, TreeMap<String, Double> scores, double seconds, String divergence, Failure failure)
    implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  /**
   * Why a trial failed.
   *
   * @param message the reason, for people
   * @param stack the stack trace
   */
  public record Failure(String message, String stack) implements Serializable {
    @Serial private static final long serialVersionUID = 1L;

    public static Failure of(Throwable e) {
      StringWriter stack = new StringWriter();
      e.printStackTrace(new PrintWriter(stack, true));
      String message = e.getMessage() == null ? e.toString() : e.getMessage();
      return new Failure(message, stack.toString());
    }
  }

  /** The outcome of a trial that completed. */
  public static TrialOutcome of(Trial trial, Map<String, Double> scores, double seconds) {
    return new TrialOutcome(trial.id(), new TreeMap<>(scores), seconds, null, null);
  }

  /**
   * The outcome of a trial whose training diverged.
   *
   * @param divergence where and how
   * @param seconds time until then
   */
  static TrialOutcome diverged(Trial trial, String divergence, double seconds) {
    return new TrialOutcome(trial.id(), new TreeMap<>(), seconds, divergence, null);
  }

  /**
   * The outcome of a trial that failed.
   *
   * @param seconds time until it failed
   */
  public static TrialOutcome failed(Trial trial, Throwable cause, double seconds) {
    return new TrialOutcome(trial.id(), new TreeMap<>(), seconds, null, Failure.of(cause));
  }

  /** Whether the trial failed. */
  public boolean failed() {
    return failure != null;
  }

  /** Whether the training diverged. */
  public boolean diverged() {
    return divergence != null;
  }

  /** {@code trained}, {@code diverged} or {@code failed}. */
  public String name() {
    return failed() ? "failed" : diverged() ? "diverged" : "trained";
  }

  /** The reason for missing scores, or null. */
  public String reason() {
    return failed() ? failure.message() : divergence;
  }

  /** The outcome as JSON; {@link #ofJson} reads it back as an equal outcome, to the last bit. */
  public String toJson() {
    try {
      return Json.exact(this);
    } catch (IOException e) {
      throw new IllegalStateException("outcome of " + id + " cannot be written", e);
    }
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws IllegalArgumentException if the text is something else
   */
  public static TrialOutcome ofJson(String json) {
    try {
      return Json.exact(json, TrialOutcome.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a trial's outcome: " + e.getOriginalMessage(), e);
    }
  }
}
