package cnnlab.scratch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A caller never waits forever, even if threads end, fail or are misused. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ThreadTeamTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void nothingRunsAfterTheEnd(int threads) {
    ThreadTeam team = new ThreadTeam(threads);
    team.run(4, (task, pad) -> {});
    team.close();
    team.close();
    for (int count : new int[] {0, 1, 4}) {
      assertThatThrownBy(() -> team.run(count, (task, pad) -> {}))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
    }
  }

  @Test
  void whatSeveralTasksThrowIsKept() {
    try (ThreadTeam team = new ThreadTeam(2)) {
      CountDownLatch both = new CountDownLatch(2);
      assertThatThrownBy(
              () ->
                  team.run(
                      2,
                      (task, pad) -> {
                        both.countDown();
                        await(both);
                        throw new IllegalArgumentException("task " + task);
                      }))
          .isInstanceOf(IllegalArgumentException.class)
          .satisfies(
              e -> {
                assertThat(e.getSuppressed()).hasSize(1);
                assertThat(e.getMessage() + e.getSuppressed()[0].getMessage())
                    .contains("task 0", "task 1");
              });
      AtomicInteger done = new AtomicInteger();
      team.run(9, (task, pad) -> done.incrementAndGet());
      assertThat(done).hasValue(9);
    }
  }

  /** A checked exception, which generics or other languages on the JVM can throw undeclared. */
  @Test
  void whatNeedsNoDeclarationIsPassedOnToo() {
    try (ThreadTeam team = new ThreadTeam(3)) {
      Exception checked = new Exception("checked");
      assertThatThrownBy(
              () -> team.run(50, (task, pad) -> ThreadTeamTest.<RuntimeException>raise(checked)))
          .hasRootCause(checked);
      assertThatThrownBy(
              () ->
                  team.run(
                      50,
                      (task, pad) -> {
                        throw new StackOverflowError();
                      }))
          .isInstanceOf(StackOverflowError.class);
      team.run(5, (task, pad) -> {});
    }
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void raise(Throwable thrown) throws E {
    throw (E) thrown;
  }

  @Test
  void workIsDoneToItsEndWhenTheTeamIsClosedMeanwhile() throws InterruptedException {
    for (int round = 0; round < 200; round++) {
      ThreadTeam team = new ThreadTeam(3);
      AtomicInteger done = new AtomicInteger();
      Thread closing = new Thread(team::close);
      closing.start();
      try {
        team.run(20, (task, pad) -> done.incrementAndGet());
        assertThat(done).hasValue(20);
      } catch (IllegalStateException e) {
        assertThat(done).hasValue(0);
      }
      closing.join();
    }
  }

  @Test
  void oneThreadAtATime() {
    try (ThreadTeam team = new ThreadTeam(2)) {
      assertThatThrownBy(() -> team.run(2, (task, pad) -> team.run(2, (inner, other) -> {})))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("one thread at a time");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
