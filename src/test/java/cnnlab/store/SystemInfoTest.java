package cnnlab.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemInfoTest {
  private static final String NO_PROGRAM = "cnnlab-no-such-program";

  @TempDir Path temp;

  @Test
  void hostNameIsFoundWithoutTheProgram() throws IOException {
    Path kernel = Files.writeString(temp.resolve("hostname"), "node7\n");
    Path missing = temp.resolve("missing");
    assertThat(SystemInfo.hostName(() -> "here", missing, NO_PROGRAM)).isEqualTo("here");
    assertThat(SystemInfo.hostName(() -> null, kernel, NO_PROGRAM)).isEqualTo("node7");
    assertThat(SystemInfo.hostName(() -> null, missing, NO_PROGRAM)).isNull();
    assertThat(SystemInfo.hostName()).isNotBlank();
  }
}
