package cnnlab.cli.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cnnlab.Outcome;
import cnnlab.PseudoTerminal;
import cnnlab.store.RunDirectory;
import cnnlab.store.RunStatus;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunsCommandTest {
  private static final Instant NOON = Instant.parse("2025-03-04T12:00:00Z");

  @TempDir Path temp;
  private Path results;
  private Path good;
  private Path failed;
  private Path died;
  private Path older;
  private Path reference;

  @BeforeEach
  void makeRuns() throws IOException {
    results = temp.resolve("results");
    reference = finished("reference", 0, 0.91);
    older = finished("task2", 1, 0.92);
    failed = run("task2", 2).directory();
    write(
        failed,
        "status.json",
        "{'state': 'failed', 'startedAt': '2025-03-04T14:00:00Z', 'endedAt': '2025-03-04T14:00:01Z'}");
    died = run("task2", 3).directory();
    write(
        died,
        "status.json",
        "{'state': 'running', 'startedAt': '2025-03-04T15:00:00Z', 'process': {'pid': 99999999, 'host': 'gone'}}");
    Files.setLastModifiedTime(died.resolve("status.json"), FileTime.from(NOON));
    write(
        died,
        "provenance.json",
        "{'git': {'commit': '0123456789', 'dirty': true}, 'arguments': ['task2', '--quick']}");
    good = finished("task2", 4, 0.9347);
    write(
        good,
        "config.yaml",
        "experiment: task2\nseed: 4\noptimizer: {learningRate: 0.01}\naugmentation:\n- rotate: {degrees: 18}\n");
  }

  private RunDirectory run(String experiment, int hour) throws IOException {
    Clock clock = Clock.fixed(NOON.plus(Duration.ofHours(hour)), ZoneOffset.UTC);
    RunDirectory run = RunDirectory.create(results, experiment, hour, clock);
    write(
        run.directory(),
        "config.yaml",
        "experiment: %s%nseed: %d%noptimizer: {learningRate: 0.1}%n".formatted(experiment, hour));
    run.close(); // as its process would
    return run;
  }

  private Path finished(String experiment, int hour, double mean) throws IOException {
    RunDirectory run = run(experiment, hour);
    run.writeJson("result.json", Map.of("mean", mean, "n", 5, "accuracies", List.of(mean)));
    run.finish();
    return run.directory();
  }

  private static void write(Path run, String file, String text) throws IOException {
    Files.writeString(run.resolve(file), text.replace('\'', '"'));
  }

  private Outcome runs(String... arguments) {
    List<String> all = new ArrayList<>(List.of("runs"));
    all.addAll(Arrays.asList(arguments));
    all.addAll(List.of("--results", results.toString()));
    return Outcome.of(all.toArray(String[]::new));
  }

  @Test
  void theListHasTheNewestFirstAndShowsWhatDied() {
    Outcome list = runs();
    assertThat(list.code()).isZero();
    List<String> lines = list.out().lines().toList();
    assertThat(lines.get(0))
        .contains("started", "experiment", "seed", "state", "result", "seconds", "commit", "run");
    assertThat(lines.get(2)).contains("finished", "0.9347", "mean test accuracy", good.toString());
    assertThat(lines.get(3)).contains("died", "0123456+", died.toString());
    assertThat(lines.get(4)).contains("failed", "1.0", failed.toString());
    assertThat(lines.get(6)).contains("reference", "0.91");
    assertThat(lines.get(7)).contains("died", "task2 --resume " + died);
  }

  @Test
  void theListSaysWhichVariantAScoreIsOfAndWhatIsATrial() throws IOException {
    write(
        good,
        "result.json",
        "{'trial': 'quick', 'mean': 0.9, 'variants': [{'name': 'none'}, {'name': 'dropout'}]}");
    List<String> lines = runs().out().lines().toList();
    assertThat(lines.get(0)).containsSubsequence("result", "which is", "of variant", "trial");
    assertThat(lines.get(2)).containsSubsequence("0.9000", "mean test accuracy", "none", "QUICK");
    assertThat(lines.get(3)).as("by its command line").contains("QUICK");
    assertThat(lines.get(5)).contains("0.9200").doesNotContain("QUICK");
    JsonNode json = new ObjectMapper().readTree(runs("--json", "--limit", "1").out());
    assertThat(json.get(0).get("variant").asText()).isEqualTo("none");
    assertThat(json.get(0).get("trial").asText()).isEqualTo("quick");
  }

  @Test
  void theListIsAlsoForMachines() throws IOException {
    JsonNode json = new ObjectMapper().readTree(runs("--json", "--state", "died,failed").out());
    assertThat(json).hasSize(2);
    assertThat(json.get(0).get("state").asText()).isEqualTo("died");
    assertThat(json.get(0).get("commit").asText()).isEqualTo("0123456789");
    assertThat(json.get(0).get("seconds").isNull()).isTrue();
    assertThat(json.get(1).get("seconds").asDouble()).isEqualTo(1);
    assertThat(runs("--csv", "--limit", "1").out().lines())
        .first()
        .isEqualTo(
            "run,experiment,seed,state,startedAt,seconds,metric,value,commit,dirty,command,variant,trial");
    assertThat(runs("--csv", "--limit", "1").out()).contains("task2,4,finished", "0.9347");
    assertThat(runs("--experiment", "ref").out()).doesNotContain("task2");
  }

  @Test
  void damagedFilesAreNamedAndTheOtherRunsListed() throws IOException {
    Files.writeString(good.resolve("result.json"), "{\"mean\":");
    Outcome list = runs("--json");
    assertThat(list.code()).isZero();
    assertThat(new ObjectMapper().readTree(list.out())).hasSize(4);
  }

  @Test
  void diffShowsWhatDiffers() throws IOException {
    String name = older.getFileName().toString();
    Outcome diff = runs("diff", name, good.toString());
    assertThat(diff.code()).isZero();
    assertThat(diff.out())
        .containsPattern("optimizer.learningRate +0.1 +0.01\n")
        .containsPattern("augmentation\\[0\\].rotate.degrees +\\(no such key\\) +18\n")
        .containsPattern("mean +0.9200 +0.9347 +0.0147")
        .containsPattern("\nn +5 +5 +0")
        .doesNotContainPattern("\nexperiment ")
        .doesNotContain("accuracies");
    assertThat(runs("diff", name, good.toString(), "--all").out())
        .containsPattern("\nexperiment +task2 +task2\n");
    JsonNode json = new ObjectMapper().readTree(runs("diff", "--json", name, name).out());
    assertThat(json.get("settings")).isEmpty();
    assertThat(json.get("metrics").get(0).get("difference").asDouble()).isZero();
  }

  @Test
  void anUnknownRunIsWrongUsage() {
    Outcome diff = runs("diff", "nobody", good.toString());
    assertThat(diff.code()).isEqualTo(2);
    assertThat(diff.err()).contains("nobody", "no such run", results.toString());
  }

  @Test
  void pruneSaysWhatItWouldRemoveAndRemovesNothingUnasked() throws IOException {
    long bytes =
        Files.size(failed.resolve("status.json")) + Files.size(failed.resolve("config.yaml"));
    Outcome dry = runs("prune", "--state", "failed");
    assertThat(dry.code()).isZero();
    assertThat(dry.out())
        .contains(
            failed.toString(), "Nothing was removed; --yes removes 1 run, " + bytes + " bytes.");
    assertThat(failed).exists();
    assertThat(runs("prune", "--yes", "--dry-run", "--state", "failed").out()).contains("Nothing");
    assertThat(failed).exists();
  }

  @Test
  void pruneRemovesFailedAndDiedRuns() {
    Outcome prune = runs("prune", "--yes", "--state", "failed,died");
    assertThat(prune.code()).isZero();
    assertThat(prune.out()).contains("Removed 2 of 2 runs");
    assertThat(failed).doesNotExist();
    assertThat(died).doesNotExist();
    assertThat(good).isDirectory();
    assertThat(older).isDirectory();
  }

  @Test
  void quietPruneSaysOnlyWhatWasRemoved() {
    Outcome prune = runs("prune", "--quiet", "--yes", "--state", "failed,died");
    assertThat(prune.out()).startsWith("Removed 2 of 2 runs").hasLineCount(1);
    assertThat(runs("prune", "-q", "--state", "finished").out()).contains("Nothing was removed");
  }

  @Test
  void pruneKeepsTheNewestTheRunningAndTheReference() throws IOException {
    Path running = RunDirectory.create(results, "task2", 9, Clock.systemUTC()).directory();
    Path notOurs = Files.createDirectories(results.resolve("task2/notes"));
    Outcome prune = runs("prune", "--yes", "--keep", "1", "--state", "finished");
    assertThat(prune.out()).contains("Removed 1 of 1 run,");
    assertThat(older).doesNotExist();
    assertThat(good).isDirectory();
    assertThat(runs("prune", "--yes", "--older-than", "1d").out()).contains("Removed 3 of 3 runs");
    assertThat(reference).isDirectory();
    assertThat(running).isDirectory();
    assertThat(notOurs).isDirectory();
    assertThat(good).doesNotExist();
    Outcome inside =
        Outcome.of(
            "runs", "prune", "--yes", "--keep=0", "--results", reference.getParent().toString());
    assertThat(inside.out()).contains("No run");
    assertThat(reference.resolve(RunStatus.FILE)).exists();
  }

  @Test
  void pruneNeedsAConditionItUnderstands() {
    assertThat(runs("prune", "--yes").code()).isEqualTo(2);
    assertThat(runs("prune", "--state", "running").err()).contains("running");
    assertThat(runs("prune", "--state", "sleeping").err()).contains("sleeping", "died");
    assertThat(runs("prune", "--older-than", "soon").err()).contains("soon", "30d");
    assertThat(runs("prune", "--keep", "-1").code()).isEqualTo(2);
    assertThat(good).isDirectory();
  }

  @Test
  void onATerminalTheListFitsAndSaysWhatIsLeftOut() throws IOException, InterruptedException {
    String maker = PseudoTerminal.maker().orElse(null);
    assumeTrue(maker != null, "neither util-linux' script nor python3 is here");
    write(
        good,
        "result.json",
        "{'trial': 'quick', 'mean': 0.9, 'variants': [{'name': 'none'}, {'name': 'dropout'}]}");
    List<String> list = List.of("cnnlab.Main", "runs", "--results", results.toString());
    try (PseudoTerminal terminal = PseudoTerminal.java(maker, temp, list)) {
      assertThat(terminal.end()).isZero();
      List<String> lines = terminal.shown().replace("\r", "").lines().toList();
      assertThat(lines.get(0)).containsSubsequence("state", "result", "trial", "run");
      assertThat(lines.get(2)).containsSubsequence("finished", "0.9000", "QUICK", good.toString());
      assertThat(terminal.shown())
          .contains("Columns omitted to fit the terminal: commit", "--json");
      assertThat(terminal.shown()).contains("task2 --resume " + died);
      int path = reference.toString().length() + "finished  0.9000  QUICK  ".length();
      assertThat(lines.subList(0, 7))
          .allMatch(line -> line.length() <= Math.max(PseudoTerminal.COLUMNS, path));
    }
    assertThat(runs().out()).contains("commit").doesNotContain("Columns omitted");
  }

  @Test
  void theNumbersOfAKindHaveTheSameDecimals() throws IOException {
    write(
        good,
        "result.json",
        "{'n': 5, 'a': {'mean': 1.0, 'sd': 0.0001, 'seconds': 3}, 'b': {'mean': 0.5, 'sd': 0.02, 'seconds': 1234.56}}");
    write(
        older,
        "result.json",
        "{'n': 4, 'a': {'mean': 1.0, 'sd': 0.0002, 'seconds': 4}, 'b': {'mean': 0.25, 'sd': 0.02, 'seconds': 0.12}}");
    String diff = runs("diff", older.toString(), good.toString()).out();
    assertThat(diff)
        .containsPattern("\nn +4 +5 +1\n")
        .containsPattern("a.mean +1.0000 +1.0000 +0\\.?0*\n")
        .containsPattern("b.mean +0.2500 +0.5000 +0.2500\n")
        .containsPattern("a.sd +0.0002 +0.0001 +-0.0001\n")
        .containsPattern("b.sd +0.0200 +0.0200 ")
        .containsPattern("a.seconds +4.0 +3.0 +-1.0\n")
        .containsPattern("b.seconds +0.1 +1234.6 +1234.4\n");
  }
}
