package cnnlab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkPoolTest {
  private final CountDownLatch secondRuns = new CountDownLatch(1);
  private final AtomicInteger running = new AtomicInteger();
  private final List<Integer> taken = new ArrayList<>();

  /** Runs until it is asked to stop, and some time longer, like a training that is evaluating. */
  private int untilStopped(Runnable check) throws InterruptedException {
    running.incrementAndGet();
    secondRuns.countDown();
    try {
      while (true) {
        check.run();
        Thread.onSpinWait();
      }
    } finally {
      Thread.sleep(200);
      running.decrementAndGet();
    }
  }

  private int evaluating() throws InterruptedException {
    running.incrementAndGet();
    secondRuns.countDown();
    Thread.sleep(300);
    running.decrementAndGet();
    return 2;
  }

  private void run(WorkPool.Job<Integer> first, WorkPool.Job<Integer> second, boolean goOn)
      throws IOException {
    WorkPool.<Integer>run(
        List.of(first, second, this::untilStopped),
        2,
        () -> {},
        result -> {
          taken.add(result);
          return goOn;
        });
  }

  @Test
  void awaitsRunningJobsWhenTheHandlerStops() throws IOException {
    run(
        stop -> {
          secondRuns.await();
          return 1;
        },
        this::untilStopped,
        false);
    assertThat(running).hasValue(0);
    assertThat(taken).containsExactly(1);
  }

  @Test
  void stopsAndAwaitsOtherJobsWhenOneFails() {
    assertThatThrownBy(
            () ->
                run(
                    stop -> {
                      secondRuns.await();
                      throw new IOException("disk full");
                    },
                    this::untilStopped,
                    true))
        .isInstanceOf(IOException.class)
        .hasMessage("disk full");
    assertThat(running).hasValue(0);
  }

  @Test
  void passesOnJobsThatCompleteWhileClosing() {
    assertThatThrownBy(
            () ->
                run(
                    stop -> {
                      secondRuns.await();
                      throw new IOException("disk full");
                    },
                    stop -> evaluating(),
                    true))
        .hasMessage("disk full");
    assertThat(running).hasValue(0);
    assertThat(taken).containsExactly(2);
  }

  @Test
  void passesNoFurtherResultsToAHandlerThatHasThrown() {
    assertThatThrownBy(
            () ->
                WorkPool.<Integer>run(
                    List.of(
                        stop -> {
                          secondRuns.await();
                          return 1;
                        },
                        stop -> evaluating()),
                    2,
                    () -> {},
                    result -> {
                      taken.add(result);
                      throw new IOException("disk full");
                    }))
        .hasMessage("disk full");
    assertThat(running).hasValue(0);
    assertThat(taken).containsExactly(1);
  }
}
