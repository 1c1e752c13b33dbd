package cnnlab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import org.junit.jupiter.api.Test;

/** The session in {@code docs/library.md} runs as it is written and gives the answers shown. */
class LibraryPageTest {
  private static final Pattern SESSION = Pattern.compile("(?s)```java\n(.*?)```");

  /** An expression with its answer; a declaration ends in a semicolon, and its comment is none. */
  private static final Pattern ANSWERED = Pattern.compile("([^/]*[^/;\\s])\\s+// (.+)");

  @Test
  void theSessionRunsAsWritten() throws IOException {
    Matcher page = SESSION.matcher(Files.readString(Path.of("docs/library.md")));
    assertThat(page.find()).isTrue();
    List<String> answers = new ArrayList<>();
    // In this process, so that the classes under test are those of the test.
    try (JShell shell = JShell.builder().executionEngine("local").build()) {
      shell.addToClasspath(
          System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
      for (String line : page.group(1).lines().toList()) {
        Matcher answered = ANSWERED.matcher(line);
        String code = answered.matches() ? answered.group(1) : line;
        String answer = evaluate(shell, code);
        if (answered.matches()) {
          assertThat(answer).as(line).isEqualTo(answered.group(2));
          answers.add(answer);
        }
      }
    }
    assertThat(answers).as("answers that were compared").hasSize(11);
  }

  private static String evaluate(JShell shell, String code) {
    if (code.isBlank() || code.startsWith("//")) {
      return "";
    }
    SourceCodeAnalysis.CompletionInfo whole = shell.sourceCodeAnalysis().analyzeCompletion(code);
    assertThat(whole.completeness().isComplete()).as(code).isTrue();
    String value = "";
    for (SnippetEvent event : shell.eval(whole.source())) {
      assertThat(event.exception()).as(code).isNull();
      assertThat(event.status())
          .as(() -> code + shell.diagnostics(event.snippet()).map(d -> d.getMessage(null)).toList())
          .isEqualTo(Snippet.Status.VALID);
      value = event.value() == null ? value : event.value();
    }
    return value;
  }
}
