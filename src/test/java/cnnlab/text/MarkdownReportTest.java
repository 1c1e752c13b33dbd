package cnnlab.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MarkdownReportTest {

  @Test
  void blocksAreSeparatedByEmptyLines() {
    MarkdownReport report =
        new MarkdownReport()
            .heading(1, "Task 1")
            .paragraph("Two *networks*.")
            .table(new TextTable().left("a|b").right("n").row("x", "1"))
            .image("Loss [log]", "plots/my training (1).png")
            .code("yaml", "seed: 42\n");
    assertThat(report)
        .hasToString(
            """
            # Task 1

            Two *networks*.

            | a\\|b | n |
            | --- | ---: |
            | x | 1 |

            ![Loss \\[log\\]](plots/my%20training%20%281%29.png)

            ```yaml
            seed: 42
            ```
            """);
  }

  @Test
  void missingPicturesAreLeftOut() {
    MarkdownReport report =
        new MarkdownReport()
            .image("ROC", "roc.png")
            .paragraph("Words.")
            .image("Loss", "my loss.png");
    assertThat(report.text("my loss.png"::equals)).isEqualTo("Words.\n\n![Loss](my%20loss.png)\n");
  }

  @Test
  void fenceIsLongerThanTheBackticksInside() {
    assertThat(new MarkdownReport().code("", "```\nx\n```"))
        .hasToString("````\n```\nx\n```\n````\n");
  }

  @Test
  void headingLevelIsChecked() {
    assertThatThrownBy(() -> new MarkdownReport().heading(7, "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
