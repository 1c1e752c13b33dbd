package cnnlab.report.claim;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.report.Links;
import cnnlab.report.claim.ReproductionReport.Written;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reports written for given run directories. */
class ReproductionReportTest {
  private static final String ATTACK = "<script>alert('x')</script>\"'`|&";

  @TempDir Path temp;

  private String html(Path... runs) throws IOException {
    return Files.readString(write(runs).files().get(0));
  }

  private Written write(Path... runs) throws IOException {
    return ReproductionReport.write(List.of(runs), temp.resolve("out"), RunCopies.HOME);
  }

  private Path copy(String run) throws IOException {
    return RunCopies.copy(run, temp.resolve(run));
  }

  @Test
  void theRecordedIndexMatchesTheRecordedRuns() throws IOException {
    Path recorded = RunCopies.HOME.resolve("results/reference");
    List<Path> runs = ReproductionReport.recorded(RunCopies.HOME.resolve("results"));
    Path copy = temp.resolve("results/reference");
    ReproductionReport.writeIndex(runs, copy, RunCopies.HOME);
    // Links differ, because the copy is elsewhere; everything else is equal.
    for (String name : List.of("index.html", "report.md")) {
      assertThat(withoutLinks(copy.resolve(name)))
          .as(
              "%s is not that of the runs beside it: ./cnnlab report --reference makes it anew",
              name)
          .isEqualTo(withoutLinks(recorded.resolve(name)));
    }
    assertThat(Files.size(recorded.resolve("index.html"))).isLessThan(3_000_000);
  }

  private static String withoutLinks(Path file) throws IOException {
    return Files.readString(file)
        .replaceAll("src=\"[^\"]*/", "src=\"")
        .replaceAll("\\]\\([^)]*/", "](");
  }

  @Test
  void thePageIsSelfContained() throws IOException {
    String html = html(copy("task1"), copy("task3-report"));
    Matcher addresses = Pattern.compile("(?:src|href|url\\()[=\"']+([^\"')]*)").matcher(html);
    assertThat(addresses.results().map(match -> match.group(1)))
        .hasSizeGreaterThan(10)
        .allMatch(address -> address.startsWith("#") || address.startsWith("data:"));
    assertThat(html).doesNotContain("http://", "https://", "@import", "onclick");
  }

  @Test
  void everyTextIsEscaped() throws IOException {
    Path run = copy("task2-ablation");
    RunCopies.change(
        run,
        "result.json",
        result -> {
          result.put("experiment", ATTACK);
          ((ObjectNode) result.get("claims").get(0)).put("claim", ATTACK).put("better", ATTACK);
          ((ObjectNode) result.get("variants").get(0)).put("name", ATTACK);
        });
    RunCopies.change(
        run,
        "provenance.json",
        provenance -> {
          ((ObjectNode) provenance.get("machine")).put("cpu", ATTACK);
          ((ObjectNode) provenance.get("git")).put("commit", ATTACK);
          ((ObjectNode) provenance.get("datasets")).put(ATTACK, ATTACK);
        });
    RunCopies.change(
        run, "status.json", status -> status.put("state", "failed").put("message", ATTACK));
    Path patches = copy("task3-report");
    RunCopies.change(
        patches,
        "result.json",
        result -> {
          result.put("data", ATTACK);
          result.get("purple").forEach(f -> ((ObjectNode) f).put("feature", ATTACK));
        });
    Path keras = copy("keras");
    Files.writeString(
        keras.resolve("crosscheck.csv"),
        "scope,layer,kind,relative\nall-images,\"" + ATTACK.replace("\"", "\"\"") + "\",k,0\n");
    Written written = write(run, patches, keras);
    assertThat(written.problems()).isEmpty();
    String html = Files.readString(written.files().get(0));
    assertThat(html.split("<script", -1)).as("our own script alone").hasSize(2);
    assertThat(html).contains("&lt;script>alert(").doesNotContain("<script>alert");
    assertThat(html.split("alert\\(", -1)).hasSizeGreaterThan(10);
    String markdown = Files.readString(written.files().get(1));
    assertThat(markdown)
        .contains("&lt;script&gt;alert(")
        .contains("git checkout '<script>alert('\\''x'\\'')</script>\"'\\''`|&'");
    assertThat(markdown.replaceAll("(?s)```sh.*?```", "")).doesNotContain("<script");
  }

  @Test
  void unfinishedRunsAreShownAsSuch() throws IOException {
    Path failed = copy("task1");
    Files.delete(failed.resolve("result.json"));
    RunCopies.change(
        failed, "status.json", s -> s.put("state", "failed").put("message", "disk full"));
    Path running = copy("task2-report");
    Files.delete(running.resolve("result.json"));
    RunCopies.change(running, "status.json", s -> s.put("state", "running").putNull("endedAt"));
    Written written = write(failed, running);
    assertThat(written.problems()).isEmpty();
    assertThat(Files.readString(written.files().get(0)))
        .contains("This run failed: disk full")
        .contains("This run is not finished", "./cnnlab task2 --resume")
        .contains("Verdicts on the 19 claims of the lab report: 19 not recorded yet.");
  }

  @Test
  void aSweepShowsItsPointsAndItsConfirmation() throws IOException {
    Path sweep = copy("sweep-task2");
    Written written = write(sweep);
    assertThat(written.problems()).isEmpty();
    assertThat(Files.readString(written.files().get(1)))
        .contains("34 trials of task2 at 8 points (sobol)")
        .contains("| point 6 | 5 | 0.8739 | 0.0526 | 0.7930 to 0.9261 |")
        .contains("| gain over the base configuration, draw by draw | 5 | 0.0086 |")
        .contains("| 1 | 0.001988 | 0.2875 | 64 | 0.0448 | 3 | 0.9056 |")
        .contains("./cnnlab sweep ");
    Path stopped = RunCopies.copy("sweep-task2", temp.resolve("sweep-stopped"));
    Files.delete(stopped.resolve("result.json"));
    RunCopies.change(stopped, "status.json", s -> s.put("state", "running").putNull("endedAt"));
    assertThat(html(stopped)).contains("./cnnlab sweep --resume");
  }

  /** Charts are inverted, photographs keep their colours. */
  @Test
  void picturesFollowDarkModeAndCanBeEnlarged() throws IOException {
    Path run = copy("task1");
    ImageIO.write(
        new BufferedImage(30, 20, BufferedImage.TYPE_INT_ARGB),
        "png",
        run.resolve("other.png").toFile());
    String html = html(run);
    assertThat(html)
        .containsPattern("<img class=\"chart\" src=[^>]* alt=\"Loss and accuracy")
        .containsPattern("<img class=\"photograph\" src=[^>]* alt=\"Test images")
        .containsPattern(
            "<img class=\"clear\" src=[^>]* alt=\"other.png\" width=\"30\" height=\"20\"")
        .contains("img.chart { filter: invert", "showModal()", "aria-haspopup");
  }

  @Test
  void damagedFilesAreNamedAndOtherFilesAreShown() throws IOException {
    Path run = copy("task1");
    Path result = run.resolve("result.json");
    Files.writeString(result, Files.readString(result).substring(0, 200));
    Path picture = run.resolve("samples.png");
    Files.write(picture, Arrays.copyOf(Files.readAllBytes(picture), 5000));
    Files.writeString(run.resolve("crosscheck.csv"), "scope,layer\nonly-one\n");
    Path list = copy("task2-report");
    Files.writeString(list.resolve("provenance.json"), "[]");
    Path gone = copy("task3-report");
    Files.delete(gone.resolve("result.json"));
    Written written = write(run, list, gone, copy("task2-best"));
    assertThat(written.problems())
        .hasSize(5)
        .allMatch(problem -> problem.contains("repeat the run"))
        .anyMatch(problem -> problem.startsWith(result + " cannot be read ("))
        .anyMatch(problem -> problem.startsWith(picture + " is not a readable PNG picture"))
        .anyMatch(problem -> problem.contains("crosscheck.csv cannot be read (row 1 has 1 cells"))
        .anyMatch(
            problem ->
                problem.contains("provenance.json cannot be read (it does not contain an object)"))
        .anyMatch(
            problem -> problem.contains("result.json is missing although the run is finished"));
    String html = Files.readString(written.files().get(0));
    assertThat(html).contains("result.json cannot be read", "Loss and accuracy by epoch");
    assertThat(html).contains("0.9347", "0.9780");
  }

  @Test
  void olderDirectoriesWithFewerFilesAreShownToo() throws IOException {
    Path run = copy("task2-report");
    for (String name :
        List.of("status.json", "provenance.json", "runs.csv", "config.yaml", "confusion.png")) {
      Files.delete(run.resolve(name));
    }
    Written written = write(run);
    assertThat(written.problems()).isEmpty();
    assertThat(Files.readString(written.files().get(0)))
        .contains("0.9347 (0.9147 to 0.9503, n = 5)", "./cnnlab task2");
  }

  @Test
  void scoresOnGeneratedDataAreNotShown() throws IOException {
    Path run = copy("task3-report");
    RunCopies.change(run, "result.json", r -> r.put("data", "SYNTHETIC: blobs of colour"));
    Written written = write(run);
    for (Path file : written.files()) {
      assertThat(Files.readString(file)).contains("SYNTHETIC").doesNotContain("0.7712", "0.8511");
    }
  }

  @Test
  void separateResultsAreInSeparateTables() throws IOException {
    Path run = copy("task3-report");
    RunCopies.change(
        run,
        "result.json",
        result -> {
          ObjectNode accuracy = result.putObject("adapted").putObject("accuracy");
          accuracy.put("n", 5).put("mean", 0.7842).put("sd", 0.0041);
          ((ObjectNode) result.get("ensemble")).put("symmetriesAccuracy", 0.7764);
        });
    assertThat(Files.readString(write(run).files().get(1)))
        .contains(
            "| batch normalisation adapted to the validation patches, without their labels | 5 | 0.7842 | 0.7791 to 0.7892 |  |  |")
        .contains(
            "| ensemble of 5 networks, average over the eight symmetries | 1 | 0.7764 |  |  |  |")
        .doesNotContain("average over the eight symmetries of each patch");
  }

  @Test
  void thePageOfARunHasOnlyItsClaims() throws IOException {
    Path run = copy("task2-ablation");
    ReproductionReport.writeBeside(run, RunCopies.HOME);
    assertThat(Files.readString(run.resolve("report.html")))
        .contains("<h1>task2-ablation, seed 3</h1>")
        .contains(
            "Augmentation gives the most significant increase",
            "+0.0642 (0.0492 to 0.0792, n = 10)")
        .doesNotContain("Rotation does not help");
    try (Stream<Path> files = Files.list(run)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .contains("report.html", "report.md")
          .noneMatch(name -> name.startsWith(".tmp"));
    }
  }

  @Test
  void theNewestFinishedRunOfEachExperimentIsShown() throws IOException {
    Path results = temp.resolve("results");
    Path old = started("task1/20250101-000000-1", results, "2025-01-01T00:00:00Z", "finished");
    Path finished = started("task1/20250102-000000-1", results, "2025-01-02T00:00:00Z", "finished");
    Path died = started("task1/20250103-000000-1", results, "2025-01-03T00:00:00Z", "running");
    Path best = started("task2-best/x", results, "2025-01-01T00:00:00Z", "finished");
    started("reference/task1", results, "2025-02-01T00:00:00Z", "finished");
    Files.createDirectories(results.resolve("report"));
    assertThat(ReproductionReport.newest(results, temp).runs())
        .containsExactly(finished, died, best)
        .doesNotContain(old);
    assertThat(ReproductionReport.newest(results, temp).skipped()).isEmpty();
    assertThat(ReproductionReport.newest(temp.resolve("none"), temp).runs()).isEmpty();
  }

  @Test
  void newerTrialRunsAreSkippedAndNamed() throws IOException {
    Path results = temp.resolve("results");
    Path full = started("task1/20250101-000000-1", results, "2025-01-01T00:00:00Z", "finished");
    Path quick = started("task1/20250102-000000-1", results, "2025-01-02T00:00:00Z", "finished");
    RunCopies.change(quick, "result.json", r -> r.put("trial", "quick"));
    Path alone = started("task2/20250102-000000-1", results, "2025-01-02T00:00:00Z", "finished");
    RunCopies.change(alone, "result.json", r -> r.put("trial", "quick"));
    ReproductionReport.Newest newest = ReproductionReport.newest(results, temp);
    assertThat(newest.runs()).containsExactly(full, alone);
    String skipped =
        "Skipped: results/task1/20250102-000000-1, which is newer than results/task1/20250101-000000-1 but a trial run (QUICK).";
    assertThat(newest.skipped()).containsExactly(skipped);
    Written written = ReproductionReport.write(newest, temp.resolve("out"), temp);
    for (Path file : written.files()) {
      assertThat(Files.readString(file)).contains(skipped);
    }
  }

  @Test
  void trialRunsAreMarkedAndHaveNoVerdict() throws IOException {
    Path run = copy("task2-ablation");
    RunCopies.change(run, "result.json", r -> r.put("trial", "quick"));
    ReproductionReport.writeBeside(run, RunCopies.HOME);
    String page = Files.readString(run.resolve("report.html"));
    assertThat(page)
        .contains("<h1>QUICK: task2-ablation, seed 3</h1>", "shortened by --quick")
        .contains("QUICK: Test accuracy of each variant", "QUICK augmentation")
        .contains("QUICK: Confusion matrix")
        .contains("./cnnlab task2 --quick --config ")
        .doesNotContain("class=\"badge", "Paired differences");
    String markdown = Files.readString(write(run).files().get(1));
    assertThat(markdown)
        .contains("### QUICK: task2-ablation", "| QUICK augmentation | 10 | 0.9313 |")
        .contains("Verdicts on the 19 claims of the lab report: 19 not recorded yet.");
  }

  @Test
  void oneRepetitionHasNoSpread() throws IOException {
    Path run = copy("task2-report");
    RunCopies.change(run, "result.json", r -> r.put("n", 1).putNull("sd"));
    ReproductionReport.writeBeside(run, RunCopies.HOME);
    assertThat(Files.readString(run.resolve("report.html")))
        .contains("Test accuracy 0.9347 (n = 1, too few for an interval); trained ")
        .doesNotContain("NaN<", "standard deviation NaN");
  }

  @Test
  void deviationsFromTheExperimentAreListed() throws IOException {
    Path run = copy("task2-report");
    Path config = run.resolve("config.yaml");
    Files.writeString(config, Files.readString(config).replace("epochs: 200", "epochs: 1"));
    assertThat(Files.readString(write(run).files().get(1)))
        .contains(
            "The configuration differs from experiments/task2-report.yaml: epochs 1 instead of 200.")
        .contains("Verdicts on the 19 claims of the lab report: 19 not recorded yet.");
  }

  private static Path started(String name, Path results, String time, String state)
      throws IOException {
    Path run = RunCopies.copy("keras", results.resolve(name));
    RunCopies.change(run, "status.json", s -> s.put("state", state).put("startedAt", time));
    return run;
  }

  @Test
  void linksAreRelativeAndEncoded() {
    Links links = new Links(temp.resolve("a b"));
    assertThat(links.to(temp.resolve("a b/run #1/x%y.png"))).isEqualTo("./run%20%231/x%25y.png");
    assertThat(links.to(temp.resolve("c/x.png"))).isEqualTo("./../c/x.png");
  }
}
