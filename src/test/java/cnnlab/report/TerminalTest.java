package cnnlab.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {
  @Test
  void barsAndColoursAreForTerminalsThatWantThem() {
    assertThat(Terminal.allowsDecoration(Map.of("TERM", "xterm-256color"))).isTrue();
    assertThat(Terminal.allowsDecoration(Map.of())).isTrue();
    assertThat(Terminal.allowsDecoration(Map.of("NO_COLOR", ""))).isTrue();
    assertThat(Terminal.allowsDecoration(Map.of("NO_COLOR", "1"))).isFalse();
    assertThat(Terminal.allowsDecoration(Map.of("TERM", "dumb"))).isFalse();
  }
}
