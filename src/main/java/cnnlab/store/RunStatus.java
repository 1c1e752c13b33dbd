package cnnlab.store;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * The content of {@code status.json}: how far a run is.
 *
 * @param state what the run last said of itself; see {@link #effectiveState}
 * @param startedAt when the run was started or last gone on with; null when it is not known
 * @param endedAt when the run ended, null while it runs
 * @param message why it failed, else null
 * @param process the process that computes, null when the run has ended (a host's name does not
 *     belong into results that are passed on) and for runs of earlier versions
 */
public record RunStatus(
    State state, Instant startedAt, Instant endedAt, String message, Process process) {

  /** Name of the file. */
  public static final String FILE = "status.json";

  /** A living run touches its file much more often than this; see {@link Heartbeat}. */
  static final Duration STALE = Duration.ofMinutes(5);

  /** Clocks of one machine that are read twice may differ by this. */
  private static final Duration SAME_TIME = Duration.ofSeconds(2);

  /** How far a run is. */
  public enum State {
    /** It computes. */
    RUNNING,
    /** It came to its end. */
    FINISHED,
    /** It stopped by a fault. */
    FAILED,
    /** The user stopped it; it can be gone on with. */
    INTERRUPTED,
    /**
     * It says that it runs, but nobody computes: killed, or the machine went down. Never written,
     * only found out.
     */
    DIED;

    /** As files and tables have it. */
    @JsonValue
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The state of this name in lower case, if there is one. */
    public static Optional<State> of(String name) {
      for (State state : values()) {
        if (state.toString().equals(name)) {
          return Optional.of(state);
        }
      }
      return Optional.empty();
    }
  }

  /**
   * The process that computes.
   *
   * @param pid its number
   * @param host the machine's name, null when it is not known
   * @param startedAt when the process was started, so that another one of the same number is not
   *     taken for it; null when it is not known
   */
  public record Process(long pid, String host, Instant startedAt) {

    static Process current() {
      ProcessHandle here = ProcessHandle.current();
      return new Process(
          here.pid(), SystemInfo.hostName(), here.info().startInstant().orElse(null));
    }

    boolean isHere() {
      return host != null && host.equals(SystemInfo.hostName());
    }

    boolean isAlive() {
      return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::isSame).isPresent();
    }

    private boolean isSame(ProcessHandle other) {
      Instant started = other.info().startInstant().orElse(null);
      return started == null
          || startedAt == null
          || Duration.between(started, startedAt).abs().compareTo(SAME_TIME) <= 0;
    }
  }

  /**
   * Reads the status of a run.
   *
   * @param run a run directory
   * @throws IOException when there is no such file, or it is not one of ours
   */
  public static RunStatus read(Path run) throws IOException {
    Path file = run.resolve(FILE);
    try {
      JsonNode json = Json.read(file);
      String name = json.path("state").asText();
      State state =
          State.of(name)
              .orElseThrow(() -> new IOException("state '%s' is no state".formatted(name)));
      return new RunStatus(
          state,
          instant(json.get("startedAt")),
          instant(json.get("endedAt")),
          json.path("message").asText(null),
          process(json.get("process")));
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": no such file", e);
    } catch (IOException | DateTimeException e) {
      throw new IOException("%s: not a status file: %s".formatted(file, reason(e)), e);
    }
  }

  private static String reason(Exception e) {
    // Those of files that cannot be read say nothing without their names.
    return e.getClass() == IOException.class ? e.getMessage() : e.toString();
  }

  /**
   * The state as it is seen from outside: a run that says it runs has died when its process is on
   * this machine and gone, or elsewhere (or not named) and its file was not touched for five
   * minutes.
   *
   * @param run the run directory this status was read from
   * @param now the time
   * @throws IOException when the file is gone
   */
  public State effectiveState(Path run, Instant now) throws IOException {
    if (state != State.RUNNING) {
      return state;
    }
    boolean alive =
        process != null && process.isHere() ? process.isAlive() : isRecent(run.resolve(FILE), now);
    return alive ? State.RUNNING : State.DIED;
  }

  /** Whether the run is computed by another process than this one. */
  boolean isComputedElsewhere(Path run, Instant now) throws IOException {
    return process != null
        && !(process.isHere() && process.pid() == ProcessHandle.current().pid())
        && effectiveState(run, now) == State.RUNNING;
  }

  /**
   * Whether the process lives that made a file to hold a run directory.
   *
   * @param text the content of the file: the process as JSON
   */
  static boolean lives(Path run, Path file, String text, Instant now) throws IOException {
    Process process = null;
    try {
      process = process(Json.parse(text));
    } catch (IOException | DateTimeException damaged) {
      // Made a moment ago, or by a process that was killed while it wrote.
    }
    if (process != null && process.isHere()) {
      return process.isAlive();
    }
    // The heartbeat touches the status alone.
    return isRecent(file, now) || isRecent(run.resolve(FILE), now);
  }

  private static boolean isRecent(Path file, Instant now) throws IOException {
    return Files.exists(file)
        && Files.getLastModifiedTime(file).toInstant().isAfter(now.minus(STALE));
  }

  private static Process process(JsonNode json) {
    return json == null || json.isNull()
        ? null
        : new Process(
            json.path("pid").asLong(),
            json.path("host").asText(null),
            instant(json.get("startedAt")));
  }

  private static Instant instant(JsonNode json) {
    return json == null || json.isNull() ? null : Instant.parse(json.asText());
  }
}
