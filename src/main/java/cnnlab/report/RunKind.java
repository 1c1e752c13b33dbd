package cnnlab.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** What a run directory is of. */
public enum RunKind {
  TASK1("task1"),
  TASK2("task2"),
  TASK3("task3"),
  /** Training step by step beside the library. */
  PARITY("parity"),
  /** A model file in both engines, and beside what another program says. */
  COMPARISON("compare"),
  /** Images per second. */
  BENCH("bench"),
  /** Many trainings by validation scores, whatever its name. */
  SWEEP("sweep"),
  /** Anything else; shown with its files only. */
  OTHER("");

  private final String command;

  RunKind(String command) {
    this.command = command;
  }

  /** The command of {@code cnnlab} that makes such runs; empty for {@link #OTHER}. */
  public String command() {
    return command;
  }

  /**
   * @param experiment the experiment's name, such as {@code task2-best}
   * @param result {@code result.json}, missing where there is none
   */
  public static RunKind of(String experiment, JsonNode result) {
    if (result.has("maxParameterDifference")) {
      return PARITY;
    }
    if (result.has("tolerance") && result.has("layers")) {
      return COMPARISON;
    }
    if (result.has("rows") && result.has("repeats")) {
      return BENCH;
    }
    if (result.has("ranking") && result.has("trialSeconds")) {
      return SWEEP;
    }
    if (result.has("convSumAbsDifference")) {
      return TASK1;
    }
    if (result.has("patches")) {
      return TASK3;
    }
    if (result.has("accuracies")) {
      return TASK2;
    }
    return ofName(experiment.toLowerCase(Locale.ROOT));
  }

  /** Of a run that has no result. */
  private static RunKind ofName(String experiment) {
    for (RunKind kind : new RunKind[] {TASK1, TASK2, TASK3, PARITY, SWEEP}) {
      if (experiment.startsWith(kind.command)) {
        return kind;
      }
    }
    return OTHER;
  }
}
