package cnnlab.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class ShellCommandTest {
  private static final List<String> RESUME = List.of("task2", "--resume", "results/my run");

  @TempDir Path temp;

  @Test
  void theLauncherIsNamedAsItIsReachedFromTheWorkingDirectory() throws IOException {
    Files.createFile(temp.resolve("cnnlab"));
    assertThat(ShellCommand.line(temp, temp, false, RESUME))
        .isEqualTo("./cnnlab task2 --resume 'results/my run'");
    assertThat(ShellCommand.line(temp, temp.resolveSibling("elsewhere"), false, List.of("task1")))
        .isEqualTo(temp.resolve("cnnlab") + " task1");
  }

  @Test
  void underMavenTheLineIsMavens() {
    assertThat(ShellCommand.line(temp, temp, true, RESUME))
        .isEqualTo("mvn -q compile exec:java -Dexec.args=\"task2 --resume 'results/my run'\"");
  }

  @Test
  void withoutALauncherTheCommandIsNamed() {
    assertThat(ShellCommand.line(temp, temp, false, List.of("task1", "--resume", "it's")))
        .isEqualTo("cnnlab task1 --resume 'it'\\''s'");
  }
}
