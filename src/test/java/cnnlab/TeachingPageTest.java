package cnnlab;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.cli.option.CommandLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The exercises in {@code docs/teaching.md}: their commands, and the findings that take seconds.
 */
class TeachingPageTest {
  private static final String PROGRAM = "./cnnlab ";

  @TempDir Path temp;

  static List<String> commands() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("docs/teaching.md"))) {
      return lines
          .filter(line -> line.startsWith(PROGRAM))
          .map(line -> line.substring(PROGRAM.length()))
          .toList();
    }
  }

  @Test
  void thereAreSixExercises() throws IOException {
    assertThat(commands()).hasSize(6);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void commandsAreUnderstoodAndTheirFilesAreThere(String command) {
    String[] words = command.split(" ");
    // Throws an exception that names a wrong option.
    CommandLines.commandLine(new Main()).parseArgs(words);
    for (String word : words) {
      if (word.contains("/") && !word.startsWith("/tmp/")) {
        assertThat(Path.of(word)).exists();
      }
    }
  }

  /** Both engines compute the same and neither computes what is expected. */
  @Test
  void compareFindsTheWrongPadding() {
    String files = "docs/teaching/";
    Outcome wrong = compare(files + "padding.keras");
    assertThat(wrong.code()).isEqualTo(1);
    assertThat(wrong.out())
        .containsPattern("DL4J compared with the expected outputs: .* max \\|a-b\\| 6\\.49\\de-1")
        .containsPattern("From scratch compared with the expected outputs: .* 6\\.49\\de-1")
        .contains("Same class predicted for 100.00 %");
    assertThat(compare("src/test/resources/keras/task1.keras").code()).isZero();
  }

  private static Outcome compare(String model) {
    String files = "docs/teaching/";
    return Outcome.of(
        "compare", model, "--inputs", files + "digits.npy", "--expected", files + "expected.npy");
  }
}
