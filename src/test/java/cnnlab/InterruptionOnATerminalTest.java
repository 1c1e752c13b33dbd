package cnnlab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ctrl-C on a terminal, where a bar is drawn, ends a run as it does elsewhere. */
class InterruptionOnATerminalTest {
  private static final String BAR = "\u001b[36m";
  private static String maker;

  @TempDir Path temp;

  @BeforeAll
  static void terminal() {
    maker = PseudoTerminal.maker().orElse(null);
    assumeTrue(
        maker != null,
        "neither util-linux' script nor python3 is here: Ctrl-C cannot be tried on a terminal");
  }

  @ParameterizedTest
  @CsvSource({
    "task1, 1, task1 --quick --set epochs=100000 --set trainLimit=2048",
    "task1, 2, task1 --quick --set epochs=100000 --set trainLimit=2048",
    "task2, 1, task2 --quick --set epochs=100000",
    "task2, 2, task2 --quick --set epochs=100000",
    "task3, 1, task3 --quick --set data=synthetic --set epochs=100000 --set trainLimit=64 --set evaluationLimit=64",
    "sweep, 2, sweep SWEEP"
  })
  void ctrlCBeforeTheFirstTrainingHasEndedTellsHowToResume(String command, int times, String line)
      throws IOException, InterruptedException {
    try (PseudoTerminal terminal = start(line)) {
      terminal.await(shown -> shown.contains(BAR));
      for (int i = 0; i < times; i++) {
        terminal.interrupt();
      }
      assertThat(terminal.end()).as(terminal.shown()).isEqualTo(130);
      assertThat(terminal.shown())
          .contains("Interrupted. Finished work is kept.", command + " --resume " + out())
          .doesNotContain("Exception", "\tat ", "WARNING");
    }
    assertThat(state()).isEqualTo("interrupted");
  }

  @Test
  void whatIsFinishedIsKept() throws IOException, InterruptedException {
    String line = "task2 --quick --set epochs=2 --set repetitions=100000 --set trainSize=32";
    try (PseudoTerminal terminal = start(line)) {
      terminal.await(shown -> shown.contains("2/100000  "));
      terminal.interrupt();
      assertThat(terminal.end()).as(terminal.shown()).isEqualTo(130);
    }
    assertThat(state()).isEqualTo("interrupted");
    try (Stream<Path> kept = Files.list(out().resolve("trainings"))) {
      assertThat(kept).hasSizeGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void aTerminationSignalDoesTheSame() throws IOException, InterruptedException {
    try (PseudoTerminal terminal = start("task2 --quick --set epochs=100000")) {
      terminal.await(shown -> shown.contains(BAR));
      terminal.terminate();
      assertThat(terminal.end()).as(terminal.shown()).isEqualTo(143);
      assertThat(terminal.shown()).contains("task2 --resume " + out());
    }
    assertThat(state()).isEqualTo("interrupted");
  }

  private PseudoTerminal start(String line) throws IOException {
    Path sweep =
        Files.writeString(
            temp.resolve("sweep.yaml"),
            """
            experiment: tiny
            task: task2
            set: {epochs: 100000, evaluationLimit: 100}
            space: {labelSmoothing: [0, 0.1]}
            search: {method: grid}
            seed: 3
            repetitions: 2
            confirm: {repetitions: 0}
            """);
    List<String> arguments = new ArrayList<>(List.of("cnnlab.Main"));
    arguments.addAll(List.of(line.replace("SWEEP", sweep.toString()).split(" ")));
    arguments.addAll(List.of("--out", out().toString()));
    return PseudoTerminal.java(maker, temp, arguments);
  }

  private Path out() {
    return temp.resolve("out");
  }

  private String state() throws IOException {
    return new ObjectMapper()
        .readTree(out().resolve("status.json").toFile())
        .path("state")
        .asText();
  }
}
