package cnnlab.report;

import java.util.Locale;

/**
 * Builds a {@code report.md}, block by block; {@link #toString()} is the document. Paragraphs and
 * headings are Markdown themselves and pass unchanged; table cells and image texts are escaped.
 */
public final class MarkdownReport {

  private final StringBuilder out = new StringBuilder();

  /**
   * Adds a heading.
   *
   * @param level 1 (title) to 6
   * @throws IllegalArgumentException for another level
   */
  public MarkdownReport heading(int level, String text) {
    if (level < 1 || level > 6) {
      throw new IllegalArgumentException("heading level " + level + ", expected 1..6: " + text);
    }
    return block("#".repeat(level) + " " + text);
  }

  /** Adds a paragraph of Markdown. */
  public MarkdownReport paragraph(String text) {
    return block(text.strip());
  }

  /** Adds a table. */
  public MarkdownReport table(TextTable table) {
    return block(table.toMarkdown().stripTrailing());
  }

  /**
   * Adds an image.
   *
   * @param alt what the image shows, for readers who do not see it
   * @param file name relative to the report, such as {@code training.png}
   */
  public MarkdownReport image(String alt, String file) {
    String text = alt.replace("[", "\\[").replace("]", "\\]");
    String target = file.replace(" ", "%20").replace("(", "%28").replace(")", "%29");
    return block("![" + text + "](" + target + ")");
  }

  /**
   * Adds a code block.
   *
   * @param language such as {@code yaml}, or empty
   */
  public MarkdownReport code(String language, String code) {
    String fence = "```";
    // A fence must be longer than any run of backticks inside.
    while (code.contains(fence)) {
      fence += "`";
    }
    return block(
        fence + language.toLowerCase(Locale.ROOT) + "\n" + code.stripTrailing() + "\n" + fence);
  }

  /** The whole document, ended by one newline. */
  @Override
  public String toString() {
    return out.toString();
  }

  private MarkdownReport block(String text) {
    out.append(out.length() == 0 ? "" : "\n").append(text).append('\n');
    return this;
  }
}
