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
 * Touches a run's {@code status.json} while the run lives, so that a machine that shares its disk
 * but not its processes sees whether it died.
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

  /** Begins; the first beat is the writing of the file. */
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
      // The next beat may succeed; a run is not stopped by this.
      LOG.debug("{} cannot be touched", file, e);
    }
  }

  /** Ends; the run's state is written by then. */
  @Override
  public void close() {
    timer.shutdownNow();
  }
}
