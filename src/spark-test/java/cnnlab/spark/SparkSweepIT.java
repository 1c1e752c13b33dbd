package cnnlab.spark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A sweep on a standalone cluster of two workers is bit-identical to a local one, even if workers
 * die. The processes have Spark's own libraries and the project's jar, as on any cluster.
 */
@Timeout(900)
class SparkSweepIT {
  private static final int TRIALS = 24;
  private static final String SWEEP =
      """
      experiment: spark-sweep
      task: task2
      set:
        epochs: 8
        evaluationLimit: 500
        network.blocks: [[8], [16]]
        network.dense: 32
      space:
        network.dropout: [0, 0.25, 0.5]
        optimizer.learningRate: [1e-3, 3e-3]
      search: {method: grid}
      repetitions: 4
      confirm: {repetitions: 1, base: true}
      """;

  @TempDir private static Path temp;
  private static SparkProcesses spark;
  private static Path agent;
  private static Path sweep;

  /** The rows of the table without the seconds, by trial, in the table's order. */
  private static Map<String, String> here;

  @BeforeAll
  static void sweepHere() throws IOException {
    spark = SparkProcesses.built();
    agent = TrialTrap.jar(temp.resolve("trap.jar"));
    sweep = Files.writeString(temp.resolve("sweep.yaml"), SWEEP);
    here = start("here", List.of(), "--threads", "2").rows();
    assertThat(here).hasSizeGreaterThan(TRIALS);
  }

  /** A running sweep with its output and its run directory. */
  private record Started(Process process, Path log, Path run) {
    SparkProcesses.Ended ended() throws IOException {
      return SparkProcesses.ended(process, log);
    }

    /** Waits until it ends. */
    Map<String, String> rows() throws IOException {
      SparkProcesses.Ended ended = ended();
      assertThat(ended.code()).as(ended.output()).isZero();
      Map<String, String> rows = new LinkedHashMap<>();
      CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
      try (CSVParser csv = CSVParser.parse(run.resolve("trials.csv"), UTF_8, format)) {
        for (CSVRecord row : csv) {
          Map<String, String> values = row.toMap();
          values.remove("seconds");
          assertThat(rows.put(row.get("trial"), values.toString())).isNull();
        }
      }
      return rows;
    }

    /** Waits until the given number of trials are finished. */
    void awaitFinished(int trials) throws IOException, InterruptedException {
      while (finished() < trials) {
        assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
        Thread.sleep(50);
      }
    }

    private long finished() throws IOException {
      Path folder = run.resolve("trials");
      if (!Files.isDirectory(folder)) {
        return 0;
      }
      try (Stream<Path> trials = Files.list(folder)) {
        return trials.filter(t -> Files.exists(t.resolve("outcome.json"))).count();
      }
    }
  }

  private static Started start(String name, List<String> settings, String... options)
      throws IOException {
    Path log = temp.resolve(name + ".log");
    return new Started(
        spark.cnnlab(log, settings, arguments(name, options)), log, temp.resolve(name));
  }

  /** Resumes a sweep. */
  private static Started resume(Started ended, String... options) throws IOException {
    Path log = temp.resolve(ended.run.getFileName() + "-resumed.log");
    List<String> arguments = new ArrayList<>(List.of("sweep", "--resume", ended.run.toString()));
    arguments.addAll(List.of(options));
    return new Started(spark.cnnlab(log, List.of(), arguments), log, ended.run);
  }

  private static List<String> arguments(String name, String... options) {
    List<String> arguments =
        new ArrayList<>(List.of("sweep", sweep.toString(), "--out", temp.resolve(name).toString()));
    arguments.addAll(List.of(options));
    return arguments;
  }

  /** A trial of the search whose point is not the best, whether or not the trial fails. */
  private static String loser() {
    String best =
        here.keySet().stream()
            .filter(id -> id.startsWith("confirm-") && !id.startsWith("confirm-base"))
            .map(id -> id.split("-")[1])
            .findFirst()
            .orElseThrow();
    return best.equals("1") ? "2-2" : "1-2";
  }

  @Test
  void aClusterIsBitIdenticalEvenIfAWorkerIsKilled() throws Exception {
    try (LoopbackCluster cluster = LoopbackCluster.start(spark, temp.resolve("two"), 2, 1)) {
      String[] there = {"--spark", cluster.address()};
      assertRows(start("cluster", List.of(), there).rows(), here);
      Started second = start("killed", List.of(), there);
      second.awaitFinished(TRIALS / 4);
      cluster.kill(0);
      assertRows(second.rows(), here);
    }
  }

  /** Asserts that both tables have the same rows in the same order. */
  private static void assertRows(Map<String, String> rows, Map<String, String> expected) {
    assertThat(List.copyOf(rows.entrySet())).isEqualTo(List.copyOf(expected.entrySet()));
  }

  @Test
  void sparkSubmitRunsTheSameJar() throws IOException {
    try (LoopbackCluster cluster = LoopbackCluster.start(spark, temp.resolve("one"), 1, 1)) {
      Path log = temp.resolve("submitted.log");
      Process process = spark.submit(log, cluster.address(), arguments("submitted"));
      assertRows(new Started(process, log, temp.resolve("submitted")).rows(), here);
    }
  }

  /** Another trial always runs in the same process, and must not be blamed. */
  @Test
  void aTrialThatAlwaysKillsItsProcessFailsAndTheOthersContinue() throws IOException {
    String deadly = loser();
    List<String> settings =
        List.of(
            "-Dspark.task.maxFailures=2",
            "-Dspark.executor.extraJavaOptions=" + TrialTrap.halt(agent, deadly));
    try (LoopbackCluster cluster = LoopbackCluster.start(spark, temp.resolve("deadly"), 1, 2)) {
      String[] there = {"--spark", cluster.address()};
      Map<String, String> rows = start("lenient", settings, there).rows();
      Map<String, String> others = new LinkedHashMap<>(here);
      others.remove(deadly);
      assertThat(rows.remove(deadly)).contains("its process died on every attempt", "134");
      assertRows(rows, others);

      Started strict =
          start("strict", settings, "--spark", cluster.address(), "--max-failures", "0");
      SparkProcesses.Ended ended = strict.ended();
      assertThat(ended.code()).as(ended.output()).isEqualTo(1);
      assertThat(ended.output())
          .contains("1 trial failed, more than --max-failures 0", deadly, "its process died");
      assertRows(resume(strict, there).rows(), here);
    }
  }

  /**
   * Uses SIGTERM, which Java handles like Ctrl-C, but which the process that starts Maven cannot
   * disable.
   */
  @Test
  void finishedTrialsAreKeptWhenTheUserStops() throws Exception {
    List<String> settings =
        List.of("-Dspark.executor.extraJavaOptions=" + TrialTrap.hang(agent, loser()));
    try (LoopbackCluster cluster = LoopbackCluster.start(spark, temp.resolve("stopped"), 1, 2)) {
      Started run = start("interrupted", settings, "--spark", cluster.address());
      run.awaitFinished(TRIALS - 1);
      run.process.destroy();
      SparkProcesses.Ended ended = run.ended();
      assertThat(ended.code()).as(ended.output()).isEqualTo(128 + 15);
      assertThat(ended.output()).contains("Interrupted. Finished work is kept", "--resume");
      assertThat(run.run.resolve("status.json")).content().contains("\"interrupted\"");
      cluster.awaitNoExecutors();

      Started resumed = resume(run);
      assertRows(resumed.rows(), here);
      assertThat(resumed.log).content().contains(TRIALS - 1 + " of them were finished earlier");
    }
  }

  @Test
  void localSparkIsBitIdentical() throws IOException {
    assertRows(start("local", List.of(), "--spark", "local[2]").rows(), here);
  }
}
