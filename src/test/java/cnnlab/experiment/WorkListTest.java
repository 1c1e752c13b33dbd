package cnnlab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.console.Output;
import cnnlab.training.EpochMetrics;
import cnnlab.training.EpochWatcher;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Jobs are numbers, and the result of a job is its number. */
class WorkListTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<Integer> kept = new ArrayList<>();
  private int most = Integer.MAX_VALUE;

  private final class Kept implements WorkList.ResultStore<Integer, Integer> {
    @Override
    public String name(Integer piece) {
      return "piece " + piece;
    }

    @Override
    public String nameOf(Integer result) {
      return "piece " + result;
    }

    @Override
    public int epochs(Integer piece) {
      return 10;
    }

    @Override
    public boolean contains(Integer piece) {
      return kept.contains(piece);
    }

    @Override
    public boolean store(Integer piece, Integer result) {
      kept.add(result);
      return kept.size() < most;
    }

    @Override
    public String describe(Integer result) {
      return nameOf(result) + "  done";
    }

    @Override
    public String resumedMessage(int done, int all) {
      return "%d of %d before".formatted(done, all);
    }
  }

  private void run(List<Integer> pieces, WorkList.Workers<Integer, Integer> workers)
      throws IOException {
    Output output = Output.plain(new PrintStream(out, true, StandardCharsets.UTF_8));
    WorkList.run(pieces, new Kept(), workers, () -> {}, output);
  }

  private List<String> lines() {
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void runsOpenJobsInOrderAndPrintsALineForEach() throws IOException {
    kept.add(2);
    List<Integer> asked = new ArrayList<>();
    run(
        List.of(3, 2, 1),
        (open, check, watches, finished) -> {
          asked.addAll(open);
          for (int piece : open) {
            assertThat(finished.accept(piece)).isTrue();
          }
        });
    assertThat(asked).containsExactly(3, 1);
    assertThat(kept).containsExactly(2, 3, 1);
    assertThat(lines())
        .hasSize(3)
        .startsWith("1 of 3 before")
        .anyMatch(line -> line.startsWith("2/3  piece 3  done  left "))
        .endsWith("3/3  piece 1  done  left 0 s");
  }

  @Test
  void runsNothingWhenAllJobsAreDone() throws IOException {
    kept.add(1);
    run(
        List.of(1),
        (open, check, watches, finished) -> {
          throw new IllegalStateException("asked");
        });
    assertThat(lines()).containsExactly("1 of 1 before");
  }

  @Test
  void ignoresASecondResultOfAJob() throws IOException {
    run(
        List.of(1, 2),
        (open, check, watches, finished) -> {
          for (int answer : new int[] {1, 1, 2, 1}) {
            finished.accept(answer);
          }
        });
    assertThat(kept).containsExactly(1, 2);
    assertThat(lines()).hasSize(2);
  }

  @Test
  void skipsRemainingJobsWhenTheStoreStops() throws IOException {
    most = 1;
    run(
        List.of(1, 2),
        (open, check, watches, finished) -> assertThat(finished.accept(open.get(0))).isFalse());
    assertThat(kept).containsExactly(1);
  }

  @Test
  void failsForJobsWithoutAResult() {
    assertThatThrownBy(
            () -> run(List.of(1, 2, 3), (open, check, watches, finished) -> finished.accept(2)))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("2 of 3 did not finish", "piece 1", "--resume");
    assertThat(kept).containsExactly(2);
  }

  /** No time is left once the epochs that were not reported are counted at the end. */
  @Test
  void countsTheEpochsOfAJobOnce() throws IOException {
    run(
        List.of(1, 2),
        (open, check, watches, finished) -> {
          EpochWatcher watch = watches.apply(1);
          assertThat(watches.apply(1)).isSameAs(watch);
          for (int epoch = 1; epoch <= 4; epoch++) {
            watch.epochDone(new EpochMetrics(epoch, 0, 0, 0, 0, 0, null, 0, 1));
          }
          assertThat(watch.epochs()).isEqualTo(4);
          finished.accept(1);
          finished.accept(2);
        });
    assertThat(lines().get(0)).doesNotEndWith("left 0 s");
    assertThat(lines().get(1)).endsWith("left 0 s");
  }

  /** A resumed training counts the skipped epochs once. */
  @Test
  void countsSkippedEpochsOnceAfterResuming() throws IOException {
    run(
        List.of(1),
        (open, check, watches, finished) -> {
          EpochWatcher watch = watches.apply(1);
          for (int epoch = 3; epoch <= 4; epoch++) {
            watch.epochDone(new EpochMetrics(epoch, 0, 0, 0, 0, 0, null, 0, 1));
          }
          assertThat(watch.epochs()).isEqualTo(4);
          finished.accept(1);
        });
    assertThat(lines().get(0)).endsWith("left 0 s");
  }
}
