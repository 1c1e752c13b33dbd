package cnnlab.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TextTableTest {

  private final TextTable table =
      new TextTable()
          .left("layer")
          .right("max |a-b|")
          .left("note")
          .row("conv1", "8.314e-5", "a|b")
          .row("softmax (dense)", "0", null);

  @Test
  void columnsAreAligned() {
    assertThat(table)
        .hasToString(
            """
            layer            max |a-b|  note
            ---------------  ---------  ----
            conv1             8.314e-5  a|b
            softmax (dense)          0
            """);
  }

  @Test
  void markdownEscapesBars() {
    assertThat(table.toMarkdown())
        .isEqualTo(
            """
            | layer | max \\|a-b\\| | note |
            | --- | ---: | --- |
            | conv1 | 8.314e-5 | a\\|b |
            | softmax (dense) | 0 |  |
            """);
  }

  @Test
  void lineBreaksDoNotBreakTheTable() {
    assertThat(new TextTable().left("x").row("a\r\nb")).hasToString("x\n---\na b\n");
  }

  @Test
  void wrongNumberOfCellsIsRefused() {
    assertThatThrownBy(() -> table.row("a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 cells found, expected 3");
  }

  private static TextTable runs() {
    return new TextTable()
        .left("started")
        .right("n")
        .left("empty")
        .left("words")
        .left("commit")
        .optional("all with --json", "commit", "started")
        .row("2025-03-04 12:00", "5", "", "the mean of all of them", "0123456")
        .row("2025-03-04 13:00", "12", "", "one", "abcdef0");
  }

  @Test
  void aTableThatFitsIsComplete() {
    assertThat(runs().toString(200)).isEqualTo(runs().toString()).contains("empty", "commit");
  }

  @Test
  void aNarrowTerminalOmitsOptionalColumnsInOrderAndNamesThem() {
    assertThat(runs().toString(56))
        .isEqualTo(
            """
            started            n  words                    commit
            ----------------  --  -----------------------  -------
            2025-03-04 12:00   5  the mean of all of them  0123456
            2025-03-04 13:00  12  one                      abcdef0
            """);
    assertThat(runs().toString(50))
        .isEqualTo(
            """
            started            n  words
            ----------------  --  -----------------------
            2025-03-04 12:00   5  the mean of all of them
            2025-03-04 13:00  12  one
            Columns omitted to fit the terminal: commit; all
            with --json.
            """);
  }

  @Test
  void aVeryNarrowTerminalWrapsTextButNotNumbers() {
    assertThat(runs().toString(22))
        .startsWith(
            """
             n  words
            --  ------------------
             5  the mean of all of
                them
            12  one
            """)
        .contains("Columns omitted to fit\nthe terminal: commit,\nstarted; all");
    assertThat(runs().toString(1)).contains("12  one");
  }

  @Test
  void onlyExistingColumnsCanBeOptional() {
    assertThatThrownBy(() -> new TextTable().left("a").optional("", "b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("b");
  }
}
