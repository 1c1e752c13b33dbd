package cnnlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {
  private static final String RUN = "results/reference/task1";

  @TempDir Path temp;

  @Test
  void writesBothFilesWhereItIsTold() throws IOException {
    Path out = temp.resolve("with space/report");
    Outcome outcome = Outcome.of("report", RUN, "--out", out.toString());
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("report.html", "report.md");
    assertThat(Files.readString(out.resolve("report.html"))).contains("7.304e-6", "data:image/png");
    assertThat(Files.readString(out.resolve("report.md"))).contains("7.304e-6", "training.png");
  }

  @Test
  void quietItNamesOnlyWhatItWrote() {
    Outcome outcome = Outcome.of("report", "-q", RUN, "--out", temp.toString());
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out().lines()).hasSize(2).allMatch(line -> line.startsWith("Written: "));
  }

  @Test
  void theRecordedRunsGoElsewhereWhenAsked() {
    Outcome outcome = Outcome.of("report", "--reference", "--out", temp.toString());
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(temp.resolve("report.html")).isNotEmptyFile();
  }

  @Test
  void wrongUsageIsExitCode2() throws IOException {
    String missing = temp.resolve("missing").toString();
    expectUsage("no such folder", "report", missing);
    expectUsage("is not a run directory", "report", temp.toString());
    expectUsage("it excludes RUN_DIR", "report", "--reference", RUN);
    Path file = Files.createFile(temp.resolve("file"));
    expectUsage("is a file", "report", RUN, "--out", file.toString());
  }

  private static void expectUsage(String message, String... arguments) {
    Outcome outcome = Outcome.of(arguments);
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains(message);
  }

  @Test
  void aDamagedFileIsExitCode1AndTheReportIsWritten() throws IOException {
    Path run = Files.createDirectory(temp.resolve("task1"));
    Files.writeString(run.resolve("result.json"), "{\"experiment\": ");
    Path out = temp.resolve("out");
    Outcome outcome = Outcome.of("report", run.toString(), "--out", out.toString());
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).contains(run.resolve("result.json").toString(), "repeat the run");
    assertThat(Files.readString(out.resolve("report.html"))).contains("result.json cannot be read");
  }
}
