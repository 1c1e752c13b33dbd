package cnnlab.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final AtomicLong time = new AtomicLong(-5_000_000_000L);

  @Test
  void plainProgressIsOneLinePerEpoch() {
    try (Progress progress = new PlainProgress(print(out), time::get)) {
      train(progress, 10);
    }
    assertThat(lines(out))
        .startsWith(
            "task1 dl4j: 10 epochs of 54,000 images",
            "epoch  1/10   9,000 images/s  loss 0.5000  val acc 0.9501  left 1 min 21 s",
            "epoch  2/10   9,000 images/s  loss 0.5000  val acc 0.9501  left 1 min 08 s")
        .endsWith("epoch 10/10   9,000 images/s  loss 0.5000  val acc 0.9501  took 1 min 20 s")
        .hasSize(11);
  }

  @Test
  void valuesThatWereNotMeasuredAreNotShown() {
    Progress progress = new PlainProgress(print(out), time::get);
    progress.start("t", new Progress.Epochs(1, 0), 100);
    pass(2);
    progress.epochDone(new EpochPoint(1, 0.25, Double.NaN, Double.NaN, Double.NaN));
    assertThat(lines(out)).endsWith("epoch 1/1      50 images/s  loss 0.2500  took 2.0 s");
  }

  @Test
  void barGoesToTheTerminalAndTheSameLinesToTheOutput() {
    Progress bar = new BarProgress(print(out), screen(80));
    train(bar, 2);
    bar.close();
    assertThat(lines(out))
        .containsExactly(
            "task1 dl4j: 2 epochs of 54,000 images",
            "epoch 1/2   9,000 images/s  loss 0.5000  val acc 0.9501  left 9 s",
            "epoch 2/2   9,000 images/s  loss 0.5000  val acc 0.9501  took 16 s");
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("epoch 1/2 100% \u001b[36m####")
        .contains("epoch 2/2")
        .contains("9,000 images/s  loss 0.7000  left")
        .doesNotContain("\n");
  }

  @Test
  void aTrainingThatIsResumedBeginsAfterItsCheckpoint() {
    try (Progress progress = new PlainProgress(print(out), time::get)) {
      train(progress, 10, 6);
    }
    assertThat(lines(out))
        .hasSize(5)
        .startsWith("task1 dl4j: 10 epochs of 54,000 images, 6 done before")
        .endsWith("epoch 10/10   9,000 images/s  loss 0.5000  val acc 0.9501  took 32 s");
    assertThat(lines(out)[1]).startsWith("epoch  7/10").endsWith("left 27 s");
    Progress bar = new BarProgress(print(out), screen(80));
    train(bar, 10, 6);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("\repoch  7/10  17% ")
        .doesNotContain("epoch  1/10");
  }

  @Test
  void nothingIsSaidOfTheTimeLeftBeforeItCanBeTold() {
    Progress bar = new BarProgress(print(out), screen(80));
    bar.start("t", new Progress.Epochs(10, 0), 60_000);
    pass(1);
    bar.step(60, 0.7); // the loops are not compiled yet: at this speed it would take 2 h 46 min
    for (int second = 2; second <= 5; second++) {
      pass(1);
      bar.step(6_000, 0.7);
    }
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("left ?", "left 1 min 36 s")
        .doesNotContain(" h ");
  }

  @Test
  void aShorterLineLeavesNothingOfALongerOne() {
    Progress bar = new BarProgress(print(out), screen(80));
    train(bar, 2);
    for (String drawn : err.toString(StandardCharsets.UTF_8).split("\r")) {
      assertThat(drawn.isEmpty() || drawn.endsWith("\u001b[K")).as(drawn).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 24, 40, 60, 80, 132, 400})
  void theLineOfTheBarFitsTheTerminal(int columns) {
    Progress bar = new BarProgress(print(out), screen(columns));
    train(bar, 2);
    String[] drawn = err.toString(StandardCharsets.UTF_8).split("\r");
    assertThat(drawn).hasSizeGreaterThan(4);
    for (String line : drawn) {
      assertThat(line.replaceAll("\u001b\\[[0-9]*[mK]", "")).hasSizeLessThan(columns);
      if (columns >= 40 && !line.equals("\u001b[K") && !line.isEmpty()) {
        assertThat(line).contains("epoch", "%", "#", "left");
      }
    }
  }

  @Test
  void theFactoryChoosesByTerminal() {
    assertThat(Progress.forTerminal(print(out), false)).isInstanceOf(PlainProgress.class);
    assertThat(Progress.forTerminal(print(out), true)).isInstanceOf(BarProgress.class);
  }

  /** Epochs of 6 s training at 9,000 images/s and 2 s validation. */
  private void train(Progress progress, int epochs) {
    train(progress, epochs, 0);
  }

  private void train(Progress progress, int epochs, int before) {
    progress.start("task1 dl4j", new Progress.Epochs(epochs, before), 54_000);
    for (int epoch = before + 1; epoch <= epochs; epoch++) {
      for (int step = 0; step < 6; step++) {
        pass(1);
        progress.step(9_000, 0.7);
      }
      pass(2);
      progress.epochDone(new EpochPoint(epoch, 0.5, 0.9, 0.4, 0.95012));
    }
  }

  private void pass(long seconds) {
    time.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }

  private Screen screen(int columns) {
    return new Screen(print(err), false, () -> columns, time::get);
  }

  private static PrintStream print(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static String[] lines(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8).split("\\R");
  }
}
