package cnnlab.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Touches a run's {@code status.json} while the run is alive, so that another machine with the same
 * disk can tell whether it died.
 */
public final class Heartbeat implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
  private static final Duration EVERY = Duration.ofSeconds(30);

  private final Path file;
  private final ScheduledExecutorService timer;

  private Heartbeat(Path file) {
    this.file = file;
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "heartbeat");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Starts a heartbeat; writing the file counts as the first beat. */
  public static Heartbeat of(RunDirectory run) {
    return every(EVERY, run);
  }

  static Heartbeat every(Duration interval, RunDirectory run) {
    Heartbeat heartbeat = new Heartbeat(run.path(RunStatus.FILE));
    heartbeat.timer.scheduleAtFixedRate(
        heartbeat::beat, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    return heartbeat;
  }

  private void beat() {
    try {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    } catch (IOException e) {
      // The next beat may succeed; this must not stop the run.
      LOG.debug("{} cannot be touched", file, e);
    }
  }

  /** Stops; the run's final state has been written by then. */
  @Override
  public void close() {
    timer.shutdownNow();
  }
}
