package cnnlab.report;

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
        .hasMessageContaining("1 cells found, 3 expected");
  }
}
