package cnnlab.bench.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.bench.model.BenchModel;
import cnnlab.bench.worker.Request.Task;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Processes that measure. */
class WorkerProcessTest {
  @Test
  void trainingTask3FitsItsHeap() throws IOException {
    try (WorkerProcess worker = WorkerProcess.start("scratch", 2, 512)) {
      Answer answer = worker.ask(new Request("task3", Task.TRAIN, 128, 0.01));
      assertThat(answer.done()).isTrue();
      assertThat(answer.seconds()).isPositive();
      long sum = 0;
      for (long nanos : answer.nanos()) {
        sum += nanos;
      }
      assertThat(sum * 1e-9).isCloseTo(answer.seconds(), org.assertj.core.data.Offset.offset(1e-6));
    }
  }

  /** Each needs about 60 MB: together they would not fit. */
  @Test
  void theMemoryIsForOneModel() throws IOException {
    try (WorkerProcess worker = WorkerProcess.start("reference", 1, 128)) {
      for (String model : new String[] {"task3", "task2-best", "task3", "task2-best"}) {
        assertThat(worker.ask(new Request(model, Task.TRAIN, 1, 0.01)).done()).isTrue();
      }
    }
  }

  @Test
  void reportsTheLastOutputOfAProcessThatEnds() throws IOException {
    try (WorkerProcess worker = WorkerProcess.start("reference", 1, 512)) {
      assertThatThrownBy(() -> worker.ask(new Request("task1", Task.TRAIN, -1, 0.01)))
          .isInstanceOf(IOException.class)
          .hasMessageContainingAll(
              "engine reference with 1 thread",
              "exit code 1",
              "task1 train at batch size -1",
              "Exception");
    }
  }

  @Test
  void enginesThatComputeSomethingElseAreFound() throws IOException {
    Agreement agreement = new Agreement();
    try (WorkerProcess worker = WorkerProcess.start("scratch", 1, 512)) {
      BenchModel model = BenchModel.open("task2-best");
      assertThat(agreement.outputs(worker, model).agrees()).isTrue();
      // The process opens the network by its name, with the weights of its seed.
      BenchModel other = BenchModel.open("results/reference/task2-best");
      BenchModel changed =
          new BenchModel(
              "task2-best", null, other.graph(), other.input(), other.outputs(), 0, "no");
      Agreement.Finding finding = new Agreement().outputs(worker, changed);
      assertThat(finding.agrees()).isFalse();
      assertThat(finding.difference()).contains("outputs differ from ours by up to");
    }
  }

  @Test
  void anEngineLearnsAsItself() {
    BenchModel model = BenchModel.open("task3").withoutDropout().orElseThrow();
    RandomInputs inputs = RandomInputs.of(model, 16);
    double[] plain = losses("reference", inputs);
    double[] fast = losses("scratch", inputs);
    for (int i = 0; i < plain.length; i++) {
      assertThat(fast[i]).isCloseTo(plain[i], org.assertj.core.data.Offset.offset(1e-3));
    }
    assertThat(plain[0]).isNotEqualTo(plain[1]);
  }

  private static double[] losses(String engine, RandomInputs inputs) {
    BenchModel model = BenchModel.open("task3").withoutDropout().orElseThrow();
    try {
      return BenchWorker.losses(Runners.open(engine, model, true, 1), inputs, 16);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
