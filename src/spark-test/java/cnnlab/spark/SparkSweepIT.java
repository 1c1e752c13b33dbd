package cnnlab.spark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A sweep on a standalone cluster of two workers gives the bits that it gives here, whatever
 * becomes of the workers. The processes have Spark's own libraries and our one jar, as on any
 * cluster.
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
  private static Path sweep;
  private static List<String> here;

  @BeforeAll
  static void sweepHere() throws IOException {
    spark = SparkProcesses.built();
    sweep = Files.writeString(temp.resolve("sweep.yaml"), SWEEP);
    here = start("here", "--threads", "2").rows();
    assertThat(here).hasSizeGreaterThan(TRIALS).doesNotHaveDuplicates();
  }

  /** A sweep that has been started, what it says, and its run directory. */
  private record Started(Process process, Path log, Path run) {
    /** Waits for its end; the rows of its trials without the seconds. */
    List<String> rows() throws IOException {
      SparkProcesses.Ended ended = SparkProcesses.ended(process, log);
      assertThat(ended.code()).as(ended.output()).isZero();
      List<String> rows = new ArrayList<>();
      CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
      try (CSVParser csv = CSVParser.parse(run.resolve("trials.csv"), UTF_8, format)) {
        for (CSVRecord row : csv) {
          var values = row.toMap();
          values.remove("seconds");
          rows.add(values.toString());
        }
      }
      return rows;
    }

    /** Waits until so many trials are finished. */
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

  private static Started start(String name, String... options) throws IOException {
    return started(name, (log, arguments) -> spark.cnnlab(log, arguments), options);
  }

  private interface Starter {
    Process start(Path log, String... arguments) throws IOException;
  }

  private static Started started(String name, Starter starter, String... options)
      throws IOException {
    Path log = temp.resolve(name + ".log");
    Path run = temp.resolve(name);
    List<String> arguments =
        new ArrayList<>(List.of("sweep", sweep.toString(), "--out", run.toString()));
    arguments.addAll(List.of(options));
    return new Started(starter.start(log, arguments.toArray(String[]::new)), log, run);
  }

  @Test
  void aClusterGivesTheSameBitsAlsoWhenAWorkerIsKilled() throws Exception {
    try (LoopbackCluster cluster = LoopbackCluster.start(spark, temp.resolve("two"), 2)) {
      assertThat(start("cluster", "--spark", cluster.address()).rows()).isEqualTo(here);
      Started second = start("killed", "--spark", cluster.address());
      second.awaitFinished(TRIALS / 4);
      cluster.kill(0);
      assertThat(second.rows()).isEqualTo(here);
    }
  }

  @Test
  void sparkSubmitRunsTheSameJar() throws IOException {
    try (LoopbackCluster cluster = LoopbackCluster.start(spark, temp.resolve("one"), 1)) {
      Starter submit = (log, arguments) -> spark.submit(log, cluster.address(), arguments);
      assertThat(started("submitted", submit).rows()).isEqualTo(here);
    }
  }

  @Test
  void aTrialThatAlwaysEndsItsProcessFailsAndTheOthersGoOn() throws Exception {
    try (LoopbackCluster cluster = LoopbackCluster.start(spark, temp.resolve("deadly"), 1)) {
      Started run = start("deadly-run", "--spark", cluster.address());
      // One worker of one core has them in their order. Spark tries four times.
      for (int executor = 0; executor < 4; executor++) {
        cluster.killBusyExecutor(executor);
      }
      List<String> rows = run.rows();
      assertThat(rows).hasSameSizeAs(here);
      assertThat(rows).filteredOn(row -> row.contains("its process ended each time")).hasSize(1);
      assertThat(rows.stream().filter(here::contains).count()).isEqualTo(here.size() - 1);
    }
  }

  @Test
  void thisProcessAloneGivesTheSameBits() throws IOException {
    assertThat(start("local", "--spark", "local[2]").rows()).isEqualTo(here);
  }
}
