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
 * What became of a trial. Scores are the same bits wherever it ran; the seconds are not.
 *
 * @param id the trial's
 * @param scores on the validation images, by name; empty when the trial diverged or failed
 * @param seconds it took
 * @param divergence where and how the training diverged, such as {@code epoch 1, batch 2: the loss
 *     is NaN}, else null. It says something about the configuration, and would again: it is no
 *     failure, counts towards no limit of them, and is not tried again
 * @param failure why the trial came to no end, else null
 */
public record TrialOutcome(
    String id, TreeMap<String, Double> scores, double seconds, String divergence, Failure failure)
    implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  /**
   * Why a trial failed.
   *
   * @param message for a person
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

  /** Of a trial that came to its end. */
  public static TrialOutcome of(Trial trial, Map<String, Double> scores, double seconds) {
    return new TrialOutcome(trial.id(), new TreeMap<>(scores), seconds, null, null);
  }

  /**
   * Of a trial whose training diverged.
   *
   * @param divergence where and how
   * @param seconds until then
   */
  static TrialOutcome diverged(Trial trial, String divergence, double seconds) {
    return new TrialOutcome(trial.id(), new TreeMap<>(), seconds, divergence, null);
  }

  /**
   * Of a trial that did not.
   *
   * @param seconds until it failed
   */
  public static TrialOutcome failed(Trial trial, Throwable cause, double seconds) {
    return new TrialOutcome(trial.id(), new TreeMap<>(), seconds, null, Failure.of(cause));
  }

  /** Whether it came to no end. */
  public boolean failed() {
    return failure != null;
  }

  /** Whether its training diverged. */
  public boolean diverged() {
    return divergence != null;
  }

  /** {@code trained}, {@code diverged} or {@code failed}. */
  public String name() {
    return failed() ? "failed" : diverged() ? "diverged" : "trained";
  }

  /** Why there are no scores, or null. */
  public String reason() {
    return failed() ? failure.message() : divergence;
  }

  /** As it is kept; {@link #ofJson} of it gives an equal outcome, to the last bit. */
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
   * @throws IllegalArgumentException when it is something else
   */
  public static TrialOutcome ofJson(String json) {
    try {
      return Json.exact(json, TrialOutcome.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a trial's outcome: " + e.getOriginalMessage(), e);
    }
  }
}
