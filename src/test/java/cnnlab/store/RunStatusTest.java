package cnnlab.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.store.RunStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunStatusTest {
  private static final String HERE = RunStatus.Process.current().host();

  @TempDir Path temp;

  private State effectiveState(RunStatus.Process process, Duration sinceLastBeat)
      throws IOException {
    Instant now = Instant.now();
    Path file = temp.resolve(RunStatus.FILE);
    JsonFile.write(file, new RunStatus(State.RUNNING, now, null, null, process));
    Files.setLastModifiedTime(file, FileTime.from(now.minus(sinceLastBeat)));
    RunStatus read = RunStatus.read(temp);
    assertThat(read.process()).isEqualTo(process);
    return read.effectiveState(temp, now);
  }

  @Test
  void aRunWithALiveLocalProcessIsRunning() throws IOException {
    assertThat(effectiveState(RunStatus.Process.current(), Duration.ofDays(1)))
        .isEqualTo(State.RUNNING);
  }

  @Test
  void aRunWhoseLocalProcessIsGoneHasDied() throws Exception {
    Process gone = new ProcessBuilder("hostname").start();
    gone.waitFor();
    assertThat(effectiveState(new RunStatus.Process(gone.pid(), HERE, null), Duration.ZERO))
        .isEqualTo(State.DIED);
  }

  @Test
  void aReusedProcessIdIsDetected() throws IOException {
    RunStatus.Process earlier =
        new RunStatus.Process(
            ProcessHandle.current().pid(), HERE, Instant.parse("2020-01-01T00:00:00Z"));
    assertThat(effectiveState(earlier, Duration.ZERO)).isEqualTo(State.DIED);
  }

  @Test
  void theHeartbeatDecidesForRemoteProcesses() throws IOException {
    RunStatus.Process elsewhere = new RunStatus.Process(1, "another-machine", Instant.now());
    assertThat(effectiveState(elsewhere, Duration.ofMinutes(4))).isEqualTo(State.RUNNING);
    assertThat(effectiveState(elsewhere, Duration.ofMinutes(6))).isEqualTo(State.DIED);
    assertThat(effectiveState(null, Duration.ofMinutes(4))).isEqualTo(State.RUNNING);
    assertThat(effectiveState(null, Duration.ofMinutes(6))).isEqualTo(State.DIED);
  }

  @Test
  void theHeartbeatTouchesTheFileUntilItIsClosed() throws Exception {
    RunDirectory run = RunDirectory.create(temp, "task1", 1, Clock.systemUTC());
    Path file = run.path(RunStatus.FILE);
    FileTime old = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
    Files.setLastModifiedTime(file, old);
    try (Heartbeat beat = Heartbeat.every(Duration.ofMillis(10), run)) {
      assertThat(beat).isNotNull();
      for (int i = 0; i < 500 && Files.getLastModifiedTime(file).equals(old); i++) {
        Thread.sleep(10);
      }
    }
    assertThat(Files.getLastModifiedTime(file)).isGreaterThan(old);
  }

  @Test
  void theProcessIsRecordedOnlyWhileRunning() throws IOException {
    RunDirectory run = RunDirectory.create(temp, "task1", 1, Clock.systemUTC());
    assertThat(RunStatus.read(run.directory()).process()).isEqualTo(RunStatus.Process.current());
    run.interrupt();
    RunStatus status = RunStatus.read(run.directory());
    assertThat(status.state()).isEqualTo(State.INTERRUPTED);
    assertThat(status.process()).isNull();
    assertThat(status.endedAt()).isNotNull();
  }

  @Test
  void aRunOfAnotherProcessCannotBeResumed() throws IOException {
    RunStatus.Process elsewhere = new RunStatus.Process(7, "another-machine", Instant.now());
    JsonFile.write(
        temp.resolve(RunStatus.FILE),
        new RunStatus(State.RUNNING, Instant.now(), null, null, elsewhere));
    assertThatThrownBy(() -> RunDirectory.reopen(temp))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(temp.toString(), "still running", "process 7 on another-machine");
  }

  @Test
  void aDamagedFileIsNamed() throws IOException {
    Path file = temp.resolve(RunStatus.FILE);
    for (String text :
        new String[] {
          "{", "{\"state\": \"sleeping\"}", "{\"state\": \"failed\", \"startedAt\": \"x\"}"
        }) {
      Files.writeString(file, text);
      assertThatThrownBy(() -> RunStatus.read(temp))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file.toString());
    }
  }
}
