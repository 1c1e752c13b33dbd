package cnnlab.console;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.text.TextTable;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FittedStreamTest {
  private static final String SENTENCE = "The quick brown fox jumps — over the lazy dog.";
  private static final TextTable TABLE =
      new TextTable().left("layer").right("share").optional("a pipe has it", "share").row("a", "1");

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private String shown() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void onATerminalProseIsBrokenBetweenWordsAndTablesFit() {
    FittedStream out = new FittedStream(bytes, () -> 20, StandardCharsets.UTF_8);
    FittedStream.prose(out, SENTENCE);
    assertThat(shown().lines())
        .containsExactly("The quick brown fox", "jumps — over the", "lazy dog.");
    bytes.reset();
    out = new FittedStream(bytes, () -> 8, StandardCharsets.UTF_8);
    out.println(TABLE);
    assertThat(shown()).startsWith("layer\n-----\na\nColumns").doesNotContain("layer  share");
    bytes.reset();
    out.print(TABLE);
    assertThat(shown()).startsWith("layer\n-----\na\nColumns");
  }

  @Test
  void commandsAndWordsThatAreLongerThanALineStayWhole() {
    FittedStream out = new FittedStream(bytes, () -> 10, StandardCharsets.UTF_8);
    out.printf("resume with ./cnnlab task2 --resume %s%n", "results/task2/1");
    FittedStream.prose(out, "in results/task2/1 now");
    assertThat(shown().lines())
        .containsExactly(
            "resume with ./cnnlab task2 --resume results/task2/1", "in", "results/task2/1", "now");
  }

  @Test
  void whatIsPipedIsNotFitted() {
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    FittedStream.prose(out, SENTENCE);
    out.print(TABLE);
    assertThat(shown()).isEqualTo(SENTENCE + System.lineSeparator() + TABLE);
  }
}
