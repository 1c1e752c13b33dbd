package cnnlab.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class RunLockTest {
  private static final RunLock.Locker NO_LOCKS =
      channel -> {
        throw new IOException("No locks available");
      };

  @TempDir Path temp;

  /** A process that holds a run directory until it is killed, and reports what it did. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws IOException {
      try (RunDirectory run = RunDirectory.at(Path.of(arguments[0]))) {
        System.out.println("held " + run.tryWritePng("image.png", mark -> new byte[] {1}));
        System.in.read();
      }
    }
  }

  private Process hold(String out, String... flags) throws IOException {
    List<String> line =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    line.addAll(List.of(flags));
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), Holder.class.getName(), out));
    Process process =
        new ProcessBuilder(line)
            .directory(temp.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader reader = new BufferedReader(process.inputReader(StandardCharsets.UTF_8));
    assertThat(reader.readLine()).isEqualTo("held true");
    return process;
  }

  @Test
  void aRunIsLockedUntilItsProcessEnds() throws Exception {
    Path run = temp.resolve("run");
    Process other = hold("run");
    try {
      assertThat(RunLock.take(run)).isEmpty();
      assertThatThrownBy(() -> RunDirectory.at(run)).hasMessageContaining("not empty");
      assertThatThrownBy(() -> RunDirectory.reopen(run))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll(run.toString(), "still running", "process " + other.pid());
    } finally {
      other.destroyForcibly().waitFor();
    }
    try (RunDirectory resumed = RunDirectory.reopen(run)) {
      assertThat(RunLock.take(run)).isEmpty();
      resumed.finish();
    }
    assertThat(run.resolve(RunLock.FILE)).doesNotExist();
  }

  /** The working directory is the empty path; pictures do not need a folder for temporary files. */
  @Test
  void aRunCanUseTheWorkingDirectoryWithoutATemporaryFolder() throws Exception {
    Process process = hold(".", "-Djava.io.tmpdir=" + temp.resolve("missing"));
    process.getOutputStream().close();
    assertThat(process.waitFor()).isZero();
    assertThat(temp.resolve("image.png")).isRegularFile();
    assertThat(temp.resolve(RunStatus.FILE)).isRegularFile();
  }

  @Test
  void oneOfSeveralConcurrentRunsGetsTheDirectory() throws Exception {
    Path run = temp.resolve("run");
    List<Callable<Boolean>> all = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      all.add(
          () -> {
            try {
              assertThat(RunDirectory.at(run)).isNotNull();
              return true;
            } catch (IllegalArgumentException e) {
              assertThat(e).hasMessageContaining(run.toString());
              return false;
            }
          });
    }
    ExecutorService pool = Executors.newFixedThreadPool(16);
    int won = 0;
    for (Future<Boolean> f : pool.invokeAll(all)) {
      won += f.get() ? 1 : 0;
    }
    pool.shutdown();
    assertThat(won).isEqualTo(1);
  }

  @Test
  void aFileReplacesTheLockIfTheFileSystemHasNone() throws Exception {
    Path held = temp.resolve(RunLock.HELD);
    try (RunLock lock = RunLock.take(temp, NO_LOCKS).orElseThrow()) {
      assertThat(lock).isNotNull();
      assertThat(held).exists();
      assertThat(RunLock.take(temp, NO_LOCKS)).isEmpty();
    }
    assertThat(held).doesNotExist();

    Process living = new ProcessBuilder("sleep", "60").start();
    String host = RunStatus.Process.current().host();
    try {
      Files.writeString(held, Json.exact(new RunStatus.Process(living.pid(), host, null)));
      assertThat(RunLock.take(temp, NO_LOCKS)).isEmpty();
    } finally {
      living.destroyForcibly().waitFor();
    }
    Optional<RunLock> takenOver = RunLock.take(temp, NO_LOCKS);
    assertThat(takenOver).isPresent();
    takenOver.get().close();

    // The lock file of a process on another machine, or of one that was killed while writing.
    for (String text : List.of("{\"pid\": 1, \"host\": \"another-machine\"}", "{")) {
      Files.writeString(held, text);
      assertThat(RunLock.take(temp, NO_LOCKS)).isEmpty();
      Files.setLastModifiedTime(held, FileTime.from(Instant.now().minusSeconds(3600)));
      takenOver = RunLock.take(temp, NO_LOCKS);
      assertThat(takenOver).isPresent();
      takenOver.get().close();
    }
  }
}
