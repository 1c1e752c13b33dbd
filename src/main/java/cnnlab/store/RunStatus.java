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
 * The content of {@code status.json}: the state of a run.
 *
 * @param state the state that the run last recorded; see {@link #effectiveState}
 * @param startedAt when the run was started or last resumed; null if unknown
 * @param endedAt when the run ended, null while it is running
 * @param message why it failed, otherwise null
 * @param process the running process; null if the run has ended (results that are passed on should
 *     not name a host) and for runs of earlier versions
 */
public record RunStatus(
    State state, Instant startedAt, Instant endedAt, String message, Process process) {

  /** Name of the file. */
  public static final String FILE = "status.json";

  /** A run that is alive touches its file much more often than this; see {@link Heartbeat}. */
  static final Duration STALE = Duration.ofMinutes(5);

  /** Two readings of the same start time may differ by this much. */
  private static final Duration SAME_TIME = Duration.ofSeconds(2);

  /** The state of a run. */
  public enum State {
    /** It is running. */
    RUNNING,
    /** It completed. */
    FINISHED,
    /** It ended with an error. */
    FAILED,
    /** The user stopped it; it can be resumed. */
    INTERRUPTED,
    /**
     * Recorded as running, but its process is gone: it was killed, or the machine went down. Never
     * written, only deduced.
     */
    DIED;

    /** The form used in files and tables. */
    @JsonValue
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The state with this lower-case name, if there is one. */
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
   * A running process.
   *
   * @param pid its process id
   * @param host the machine's name, null if unknown
   * @param startedAt when the process was started, to distinguish it from a later process with the
   *     same id; null if unknown
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
   * @throws IOException if the file is missing or is not a status file
   */
  public static RunStatus read(Path run) throws IOException {
    Path file = run.resolve(FILE);
    try {
      JsonNode json = Json.read(file);
      String name = json.path("state").asText();
      State state =
          State.of(name).orElseThrow(() -> new IOException("'%s' is not a state".formatted(name)));
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
    // Messages of files that cannot be read need the exception's class.
    return e.getClass() == IOException.class ? e.getMessage() : e.toString();
  }

  /**
   * The state as judged from outside: a run recorded as running has died if its process was on this
   * machine and is gone, or if its process is elsewhere (or not recorded) and the file has not been
   * touched for five minutes.
   *
   * @param run the run directory this status was read from
   * @param now the current time
   * @throws IOException if the file is gone
   */
  public State effectiveState(Path run, Instant now) throws IOException {
    if (state != State.RUNNING) {
      return state;
    }
    boolean alive =
        process != null && process.isHere() ? process.isAlive() : isRecent(run.resolve(FILE), now);
    return alive ? State.RUNNING : State.DIED;
  }

  /** Whether the run is running in another process. */
  boolean isComputedElsewhere(Path run, Instant now) throws IOException {
    return process != null
        && !(process.isHere() && process.pid() == ProcessHandle.current().pid())
        && effectiveState(run, now) == State.RUNNING;
  }

  /**
   * Whether the process that created a {@code run.lock.held} file is alive.
   *
   * @param text the content of the file: the process as JSON
   */
  static boolean lives(Path run, Path file, String text, Instant now) throws IOException {
    Process process = null;
    try {
      process = process(Json.parse(text));
    } catch (IOException | DateTimeException damaged) {
      // The file was created a moment ago, or by a process that was killed while writing.
    }
    if (process != null && process.isHere()) {
      return process.isAlive();
    }
    // The heartbeat touches only the status file.
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
