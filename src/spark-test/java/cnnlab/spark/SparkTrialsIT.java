package cnnlab.spark;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.spark.SparkProcesses.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Trials on a standalone cluster of two workers give the bits they give here, whatever becomes of
 * the workers. The processes have Spark's own libraries and our one jar, as on any cluster.
 */
@Timeout(600)
class SparkTrialsIT {
  private static final int TRIALS = 24;

  @TempDir private static Path temp;
  private static SparkProcesses spark;
  private static List<String> here;

  @BeforeAll
  static void runHere() throws IOException {
    spark = SparkProcesses.built();
    here = run("2", "here").outcomes();
    assertThat(here).hasSize(TRIALS).filteredOn(line -> line.contains("failed")).hasSize(1);
  }

  /** A program that runs the trials, and the files of what it says and finds. */
  private record Started(Process process, Path log, Path file) {
    List<String> outcomes() throws IOException {
      Ended ended = SparkProcesses.ended(process, log);
      assertThat(ended.code()).as(ended.output()).isZero();
      return Files.readAllLines(file);
    }

    /** Waits until so many trials are finished. */
    void awaitFinished(int trials) throws IOException, InterruptedException {
      while (finished() < trials) {
        assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
        Thread.sleep(50);
      }
    }

    private long finished() throws IOException {
      return Files.readString(log).lines().filter(line -> line.startsWith("finished")).count();
    }
  }

  private static Started run(String where, String name) throws IOException {
    Path log = temp.resolve(name + ".log");
    Path file = temp.resolve(name + ".txt");
    Process process =
        spark.program(log, TrialRuns.class, where, file.toString(), String.valueOf(TRIALS));
    return new Started(process, log, file);
  }

  @Test
  void aClusterGivesTheSameBitsAlsoWhenAWorkerIsKilled() throws Exception {
    try (LoopbackCluster cluster =
        LoopbackCluster.start(spark, temp.resolve("cluster"), 2)) {
      assertThat(run(cluster.address(), "cluster").outcomes()).isEqualTo(here);
      Started second = run(cluster.address(), "killed");
      second.awaitFinished(TRIALS / 4);
      cluster.kill(0);
      assertThat(second.outcomes()).isEqualTo(here);
    }
  }

  @Test
  void aTrialWhoseProcessAlwaysEndsFailsAndTheOthersGoOn() throws Exception {
    try (LoopbackCluster cluster = LoopbackCluster.start(spark, temp.resolve("deadly"), 1)) {
      Started run = run(cluster.address(), "deadly-run");
      // One worker of one core begins the trials in their order.
      run.awaitFinished(1);
      while (run.process().isAlive() && !Files.readString(run.log()).contains("finished trial-002")) {
        cluster.killExecutors();
        Thread.sleep(500);
      }
      List<String> outcomes = run.outcomes();
      assertThat(outcomes).hasSize(TRIALS);
      assertThat(outcomes.stream().filter(here::contains).count()).isGreaterThan(TRIALS / 2);
      assertThat(outcomes).anyMatch(line -> line.contains("its process ended each time"));
    }
  }

  @Test
  void thisProcessAloneGivesTheSameBits() throws IOException {
    assertThat(run("local[2]", "local").outcomes()).isEqualTo(here);
  }
}
