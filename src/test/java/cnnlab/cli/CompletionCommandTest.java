package cnnlab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cnnlab.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionCommandTest {
  @TempDir Path temp;

  @ParameterizedTest
  @CsvSource({
    "cnnlab ta, task1 task2 task3",
    "cnnlab task2 --res, --resume",
    "cnnlab task1 --qui, --quick --quiet",
    "cnnlab runs pr, prune",
    "cnnlab runs prune --o, --older-than",
    "cnnlab datasets fetch --u, --url"
  })
  void bashCompletesCommandsAndOptions(String typed, String completed)
      throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "there is no /bin/bash");
    Path script = Files.writeString(temp.resolve("cnnlab.bash"), Outcome.of("completion").out());
    String bash =
        """
        source "$0"
        compopt() { :; }
        COMP_WORDS=($1); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_LINE=$1; COMP_POINT=${#1}
        _complete_cnnlab
        printf '%s\\n' "${COMPREPLY[@]}" | sort | xargs
        """;
    Process process =
        new ProcessBuilder("/bin/bash", "-c", bash, script.toString(), typed)
            .redirectErrorStream(true)
            .start();
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(answer.strip()).isEqualTo(completed);
  }

  @Test
  void theScriptIsAllThatIsWritten() {
    Outcome outcome = Outcome.of("completion");
    assertThat(outcome.code()).isZero();
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out()).startsWith("#!/usr/bin/env bash");
  }
}
