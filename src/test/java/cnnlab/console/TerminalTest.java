package cnnlab.console;

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

  @Test
  void theWidthIsTheSecondNumberThatTheToolSays() {
    assertThat(TerminalWidth.second("24 132\n")).hasValue(132);
    assertThat(
            TerminalWidth.second(
                "\r\nStatus von Gerät CON:\r\n----\r\n    Zeilen:  9001\r\n    Spalten: 120\r\n"
                    + "    Codepage: 850\r\n"))
        .hasValue(120);
    assertThat(TerminalWidth.second("0 0\n")).isEmpty();
    assertThat(TerminalWidth.second("")).isEmpty();
    assertThat(TerminalWidth.second("99999999999 99999999999")).isEmpty();
    assertThat(Terminal.columns()).isPositive();
  }

  @Test
  void columnsOfTheEnvironmentComeFirst() {
    assertThat(Terminal.columns(Map.of("COLUMNS", "132"))).hasValue(132);
    for (String none : new String[] {"", "0", "-80", "wide", "999999"}) {
      assertThat(Terminal.columns(Map.of("COLUMNS", none))).as(none).isEmpty();
    }
    assertThat(Terminal.columns(Map.of())).isEmpty();
  }
}
