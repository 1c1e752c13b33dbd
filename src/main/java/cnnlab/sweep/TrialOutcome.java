package cnnlab.sweep;

import cnnlab.report.Json;
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
 * @param scores on the validation images, by name; empty when the trial failed
 * @param seconds it took
 * @param failure why there are no scores, else null
 */
public record TrialOutcome(
    String id, TreeMap<String, Double> scores, double seconds, Failure failure)
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

    static Failure of(Throwable e) {
      StringWriter stack = new StringWriter();
      e.printStackTrace(new PrintWriter(stack, true));
      String message = e.getMessage() == null ? e.toString() : e.getMessage();
      return new Failure(message, stack.toString());
    }
  }

  /** Of a trial that came to its end. */
  static TrialOutcome of(Trial trial, Map<String, Double> scores, double seconds) {
    return new TrialOutcome(trial.id(), new TreeMap<>(scores), seconds, null);
  }

  /**
   * Of a trial that did not.
   *
   * @param seconds until it failed
   */
  public static TrialOutcome failed(Trial trial, Throwable cause, double seconds) {
    return new TrialOutcome(trial.id(), new TreeMap<>(), seconds, Failure.of(cause));
  }

  /** Whether there are no scores. */
  public boolean failed() {
    return failure != null;
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
