package cnnlab.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.config.Resolved;
import cnnlab.config.UsageException;
import cnnlab.store.RunDirectory;
import cnnlab.task1.Task1Config;
import cnnlab.training.StopListener;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunTest {
  @TempDir Path temp;

  @Test
  void aRunThatThrowsIsMarkedAsFailedWithTheReason() throws IOException {
    Path out = temp.resolve("run");
    Run run = start(out);
    assertThat(status(out).get("state").asText()).isEqualTo("running");
    assertThatThrownBy(
            () ->
                run.execute(
                    r -> {
                      throw new IllegalStateException("layer 'conv1': something broke");
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(status(out).get("state").asText()).isEqualTo("failed");
    assertThat(status(out).get("message").asText()).isEqualTo("layer 'conv1': something broke");
    assertThat(status(out).get("endedAt").asText()).isNotEmpty();
  }

  @Test
  void aRunThatReturnsIsFinished() throws IOException {
    Path out = temp.resolve("run");
    String result = start(out).execute(r -> "done");
    assertThat(result).isEqualTo("done");
    assertThat(status(out).get("state").asText()).isEqualTo("finished");
    assertThat(out.resolve("config.yaml")).isNotEmptyFile();
  }

  /** Nothing that was trained is lost to its page. */
  @Test
  void aRunWhosePageCannotBeMadeIsFinishedAndGetsItLater() throws IOException {
    Path out = temp.resolve("run");
    Run run = start(out);
    Files.createDirectories(out.resolve("report.html/in-the-way"));
    assertThat(run.<String>execute(r -> "done")).isEqualTo("done");
    assertThat(status(out).get("state").asText()).isEqualTo("finished");
    RunOptions resume =
        new RunOptions(
            null, List.of(), null, null, false, out, null, null, List.of("task1", "--resume"));
    PrintStream silent = new PrintStream(OutputStream.nullOutputStream());
    assertThatThrownBy(() -> Run.complete(resume, silent))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("report.html");
    RunDirectory.delete(out.resolve("report.html"));
    assertThat(Run.complete(resume, silent)).isTrue();
    assertThat(out.resolve("report.html")).isNotEmptyFile();
    assertThat(Run.complete(resume, silent)).isFalse();
  }

  @Test
  void aDirectoryThatAnotherRunHasIsRefused() throws IOException {
    Path out = temp.resolve("run");
    start(out)
        .execute(
            run -> {
              assertThatThrownBy(() -> start(out))
                  .isInstanceOf(UsageException.class)
                  .hasMessageContainingAll("--out", out.toString());
              RunOptions resume =
                  new RunOptions(
                      null, List.of(), null, null, false, out, null, null, List.of("task1"));
              assertThatThrownBy(
                      () ->
                          Run.start(
                              "task1",
                              resume,
                              new Resolved<>(Task1Config.DEFAULT, Map.of()),
                              "task1",
                              1))
                  .isInstanceOf(UsageException.class)
                  .hasMessageContainingAll("--resume", out.toString(), "still running");
              return null;
            });
  }

  @Test
  void theWorkingDirectoryIsCalledByItsName() {
    assertThat(RunOptions.display(Path.of(""))).isEqualTo(Path.of("."));
    assertThat(RunOptions.display(Path.of("results/x"))).isEqualTo(Path.of("results/x"));
  }

  @Test
  void aRunThatTheUserStopsIsInterruptedAndSaysHowToGoOn() throws IOException {
    Path out = temp.resolve("run");
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      Run run = start(out);
      assertThatThrownBy(
              () ->
                  run.execute(
                      r -> {
                        r.interruption().request();
                        new StopListener(r.interruption()::check).batchDone(1, 128, 0.5);
                        return null;
                      }))
          .isInstanceOf(InterruptedRunException.class);
    } finally {
      System.setErr(before);
    }
    assertThat(status(out).get("state").asText()).isEqualTo("interrupted");
    assertThat(err.toString(StandardCharsets.UTF_8))
        .containsOnlyOnce("Interrupted.")
        .contains("task1 --resume " + out);
    assertThat(RunDirectory.reopen(out).directory()).isEqualTo(out);
  }

  @Test
  void anOutputDirectoryThatCannotBeUsedIsAMistakeOfTheUser() throws IOException {
    Path full = Files.createDirectory(temp.resolve("full"));
    Path file = Files.writeString(full.resolve("file"), "x");
    for (Path out : List.of(full, file, file.resolve("below"))) {
      assertThatThrownBy(() -> start(out))
          .isInstanceOf(UsageException.class)
          .hasMessageContaining("--out")
          .hasMessageContaining(out.toString());
    }
    assertThat(full).isDirectoryContaining(f -> f.equals(file));
  }

  private static Run start(Path out) throws IOException {
    RunOptions options =
        new RunOptions(null, List.of(), null, null, false, null, out, null, List.of("task1"));
    return Run.start("task1", options, new Resolved<>(Task1Config.DEFAULT, Map.of()), "task1", 1);
  }

  private static JsonNode status(Path out) throws IOException {
    return new ObjectMapper().readTree(out.resolve("status.json").toFile());
  }
}
