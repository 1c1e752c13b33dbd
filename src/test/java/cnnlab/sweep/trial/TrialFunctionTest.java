package cnnlab.sweep.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.data.Datasets;
import cnnlab.data.file.DataException;
import cnnlab.run.InterruptedRunException;
import cnnlab.training.EpochWatcher;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The outcome of a trial depends only on the trial. */
class TrialFunctionTest {
  private static final TrialFunction FUNCTION =
      new TrialFunction(Datasets.locate(null, Map.of(), Path.of(""), Path.of("")));

  /** A configuration with everything that is random or has a state. */
  private static final String TASK2 =
      """
      seed: 7
      epochs: 4
      evaluationLimit: 300
      network: {blocks: [[4], [8]], dense: 16, dropout: 0.5}
      optimizer: {cosine: true, warmup: 0.2, weightDecay: 0.1}
      averageDecay: 0.9
      balanced: true
      """;

  private static final String TASK3 =
      """
      data: synthetic
      epochs: 4
      trainLimit: 256
      evaluationLimit: 100
      optimizer: {cosine: true}
      mixUp: 0.2
      """;

  @TempDir Path temp;

  private static Trial trial(String task, int repetition, int epochs) {
    String configuration = task.equals("task2") ? TASK2 : TASK3;
    return new Trial("a", "a", task, configuration, repetition, epochs);
  }

  private static Map<String, Double> scores(Trial trial, Path checkpoint) {
    TrialOutcome outcome = FUNCTION.run(trial, checkpoint, () -> {});
    assertThat(outcome.failure()).isNull();
    assertThat(outcome.scores()).containsKeys("validationAccuracy", "validationLoss");
    return outcome.scores();
  }

  @ParameterizedTest
  @ValueSource(strings = {"task2", "task3"})
  void resumedTrainingsAreBitIdentical(String task) {
    Map<String, Double> whole = scores(trial(task, 1, 4), null);
    Path checkpoint = temp.resolve("checkpoint.bin");
    Map<String, Double> stopped = scores(trial(task, 1, 1), checkpoint);
    assertThat(checkpoint).exists();
    scores(trial(task, 1, 3), checkpoint);
    assertThat(scores(trial(task, 1, 4), checkpoint)).isEqualTo(whole).isNotEqualTo(stopped);
    assertThat(scores(trial(task, 1, 1), null)).isEqualTo(stopped);
    assertThat(scores(trial(task, 2, 4), null)).isNotEqualTo(whole);
  }

  @Test
  void trialsDoNotDependOnOthersOrOrder() throws IOException {
    List<Trial> trials = new ArrayList<>();
    for (int r = 1; r <= 4; r++) {
      trials.add(new Trial("t" + r, "t" + r, "task2", TASK2, r, 2));
    }
    Map<String, Map<String, Double>> together = new ConcurrentHashMap<>();
    try (TrialExecutor executor = new LocalTrialExecutor(FUNCTION, 3, null)) {
      executor.run(
          trials,
          () -> {},
          trial -> EpochWatcher.silent(),
          outcome -> together.put(outcome.id(), outcome.scores()) == null);
    }
    for (Trial t : List.of(trials.get(3), trials.get(0))) {
      assertThat(together).containsEntry(t.id(), scores(t, null));
    }
  }

  @Test
  void faultsBecomeTheOutcome() {
    Trial broken = new Trial("b", "b", "task2", "epochs: 0", 1, 1);
    TrialOutcome outcome = FUNCTION.run(broken);
    assertThat(outcome.failed()).isTrue();
    assertThat(outcome.scores()).isEmpty();
    assertThat(outcome.failure().message()).contains("trial b, line 1 (epochs)", "at least 1");
    assertThat(outcome.failure().stack()).contains("ConfigException", "\tat cnnlab.");
    assertThat(FUNCTION.run(new Trial("c", "c", "task9", "", 1, 1)).failure().message())
        .contains("task9", "task2, task3");
  }

  @Test
  void faultsOfTheMachineAreThrown() {
    TrialFunction without = new TrialFunction(new Datasets(List.of()));
    Trial sound = trial("task2", 1, 1);
    assertThatThrownBy(() -> without.runOnWorker(sound, () -> {}))
        .isInstanceOf(DataException.class);
    assertThat(without.run(sound).failure().message()).contains("mnist");
    // A fault of the trial itself is the same on every machine.
    Trial broken = new Trial("b", "b", "task2", "epochs: 0", 1, 1);
    assertThat(without.runOnWorker(broken, () -> {}).failure().message()).contains("at least 1");
    Error full = new OutOfMemoryError("heap");
    Runnable noMemory =
        () -> {
          throw new IllegalStateException("a batch", full);
        };
    assertThatThrownBy(() -> FUNCTION.runOnWorker(sound, noMemory)).hasRootCause(full);
  }

  @Test
  void interruptionIsNotAnOutcome() {
    AtomicInteger batches = new AtomicInteger();
    InterruptedRunException stop = new InterruptedRunException(null);
    Runnable check =
        () -> {
          if (batches.incrementAndGet() == 3) {
            throw stop;
          }
        };
    assertThatThrownBy(() -> FUNCTION.run(trial("task2", 1, 4), null, check)).isSameAs(stop);
    assertThat(batches).hasValue(3);
  }

  @Test
  void trialsAndOutcomesAreSerializable() throws Exception {
    Trial trial = trial("task2", 1, 1);
    TrialOutcome outcome = FUNCTION.run(trial);
    assertThat(TrialOutcome.ofJson(outcome.toJson())).isEqualTo(outcome);
    assertThat(copy(trial)).isEqualTo(trial);
    assertThat(copy(outcome)).isEqualTo(outcome);
    TrialOutcome failed = TrialOutcome.failed(trial, new IOException(), 0.1);
    assertThat(TrialOutcome.ofJson(failed.toJson())).isEqualTo(failed);
    assertThat(failed.failure().message()).isEqualTo("java.io.IOException");
  }

  private static Object copy(Object value) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return in.readObject();
    }
  }
}
