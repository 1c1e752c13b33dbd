package cnnlab.run.history;

import cnnlab.store.RunStatus;
import cnnlab.store.TrialMark;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * A summary of a run.
 *
 * @param run its directory, relative to the working directory if it lies below it
 * @param experiment name of the experiment
 * @param seed its seed, null if it is not known
 * @param state its effective state
 * @param startedAt when it was started or last resumed
 * @param seconds time from then to its end or, if it is running, to now; null if it died
 * @param metric the name of its main score, null without a result
 * @param value its main score, null without a result
 * @param commit the revision of the sources, null if it is not known
 * @param dirty whether there were uncommitted changes; null like {@code commit}
 * @param command the command it was started with, such as {@code task2}; null if it is not known
 * @param variant the variant of the main score, null if there is only one
 * @param trial {@code quick} or {@code synthetic} for a trial, null for a full run
 */
public record RunSummary(
    Path run,
    String experiment,
    Long seed,
    RunStatus.State state,
    Instant startedAt,
    Double seconds,
    String metric,
    Double value,
    String commit,
    Boolean dirty,
    String command,
    String variant,
    String trial) {

  /**
   * Reads a run directory.
   *
   * @param now the current time, to tell a run that died from a running one
   * @throws IOException if one of its files is damaged; the message names it
   */
  public static RunSummary read(Path run, Instant now) throws IOException {
    RunStatus status = RunStatus.read(run);
    JsonNode config = RunFiles.config(run);
    JsonNode result = RunFiles.result(run);
    JsonNode provenance = RunFiles.provenance(run);
    RunStatus.State state = status.effectiveState(run, now);
    MainMetric main = MainMetric.of(result);
    return new RunSummary(
        run,
        experiment(run, config, result),
        number(config.path("seed"), result.path("seed")),
        state,
        status.startedAt(),
        seconds(status, state, now),
        main == null ? null : main.name(),
        main == null ? null : main.value(),
        provenance.path("git").path("commit").asText(null),
        provenance.path("git").path("dirty").isBoolean()
            ? (Boolean) provenance.path("git").path("dirty").asBoolean()
            : null,
        command(provenance),
        main == null ? null : main.variant(),
        TrialMark.json(TrialMark.of(config, result, provenance)));
  }

  private static String experiment(Path run, JsonNode config, JsonNode result) {
    String folder = String.valueOf(run.toAbsolutePath().getParent().getFileName());
    return config.path("experiment").asText(result.path("experiment").asText(folder));
  }

  private static Long number(JsonNode first, JsonNode second) {
    JsonNode found = first.isIntegralNumber() ? first : second;
    return found.isIntegralNumber() ? (Long) found.longValue() : null;
  }

  private static Double seconds(RunStatus status, RunStatus.State state, Instant now) {
    Instant end = state == RunStatus.State.RUNNING ? now : status.endedAt();
    return status.startedAt() == null || end == null
        ? null
        : (Double) (Duration.between(status.startedAt(), end).toMillis() / 1e3);
  }

  /** The first argument, if it is a command and not an option. */
  private static String command(JsonNode provenance) {
    String first = provenance.path("arguments").path(0).asText("");
    return first.matches("[a-z][a-z0-9-]*") ? first : null;
  }
}
