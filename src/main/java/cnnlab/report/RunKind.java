package cnnlab.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** The kind of a run directory. */
public enum RunKind {
  TASK1("task1"),
  TASK2("task2"),
  TASK3("task3"),
  /** Step-by-step comparison of training in both engines. */
  PARITY("parity"),
  /** Comparison of a model file in both engines, and with the outputs of another program. */
  COMPARISON("compare"),
  /** Benchmark of images per second. */
  BENCH("bench"),
  /** A sweep, whatever its name. */
  SWEEP("sweep"),
  /** Any other run; only its files are shown. */
  OTHER("");

  private final String command;

  RunKind(String command) {
    this.command = command;
  }

  /** The command of {@code cnnlab} that creates such runs; empty for {@link #OTHER}. */
  public String command() {
    return command;
  }

  /**
   * @param experiment the experiment's name, such as {@code task2-best}
   * @param result {@code result.json}, or a missing node
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

  /** The kind of a run without a result. */
  private static RunKind ofName(String experiment) {
    for (RunKind kind : new RunKind[] {TASK1, TASK2, TASK3, PARITY, SWEEP}) {
      if (experiment.startsWith(kind.command)) {
        return kind;
      }
    }
    return OTHER;
  }
}
