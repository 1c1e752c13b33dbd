package cnnlab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.console.Output;
import cnnlab.run.InterruptedRunException;
import cnnlab.run.Origin;
import cnnlab.run.StopRequest;
import cnnlab.store.RunDirectory;
import com.fasterxml.jackson.databind.node.NullNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TrainingPoolTest {
  private static final Output SILENT =
      Output.plain(new PrintStream(OutputStream.nullOutputStream()));

  @TempDir Path temp;

  record Config(int epochs) {}

  record Row(String variant, int repetition, double seconds) implements FinishedTraining.Row {}

  private static FinishedTraining<Row> finished(int repetition) {
    return new FinishedTraining<>(new Row("a", repetition, 1), new float[] {0.5f, 0.5f});
  }

  private static FinishedTrainings<Row> trainings(RunDirectory run) throws IOException {
    return FinishedTrainings.open(
        run,
        new Origin(NullNode.getInstance()),
        new FinishedTrainings.Spec<>(List.of("a"), 4, 2, Row.class, row -> List.of()));
  }

  private static TrainingPool.Plan<Config> plan() {
    return new TrainingPool.Plan<>(
        List.of(new Variant<>("a", new Config(1))), 4, Config::epochs, 2, "");
  }

  @Test
  void stopsRunningTrainingsAndKeepsFinishedOnes() throws IOException {
    RunDirectory run = RunDirectory.at(temp);
    CountDownLatch secondRuns = new CountDownLatch(1);
    try (StopRequest interruption = StopRequest.watch(() -> {})) {
      TrainingPool.Training<Config, Row> trial =
          (variant, repetition, listener) -> {
            if (repetition == 1) {
              await(secondRuns);
              interruption.request();
              return finished(1);
            }
            secondRuns.countDown();
            while (true) {
              listener.batchDone(1, 1, 0);
              Thread.onSpinWait();
            }
          };
      FinishedTrainings<Row> trainings = trainings(run);
      assertThatThrownBy(
              () -> TrainingPool.run(plan(), trainings, trial, row -> "", interruption, SILENT))
          .isInstanceOf(InterruptedRunException.class);
    }
    FinishedTrainings<Row> kept = trainings(run);
    assertThat(kept.rows()).extracting(Row::repetition).containsExactly(1);

    try (StopRequest interruption = StopRequest.watch(() -> {})) {
      TrainingPool.run(
          plan(),
          kept,
          (v, repetition, l) -> finished(repetition),
          row -> "",
          interruption,
          SILENT);
    }
    assertThat(kept.rows()).extracting(Row::repetition).containsExactly(1, 2, 3, 4);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
