package cnnlab.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Builds a {@code report.md}, block by block; {@link #toString()} gives the document. Paragraphs
 * and headings may contain Markdown and are not changed; table cells and image texts are escaped.
 */
public final class MarkdownReport {

  private final List<Block> blocks = new ArrayList<>();

  /**
   * @param picture the image file that the text links to, or null
   */
  private record Block(String text, String picture) {}

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
   * @param alt a description of the image, for readers who cannot see it
   * @param file name relative to the report, such as {@code training.png}
   */
  public MarkdownReport image(String alt, String file) {
    String text = alt.replace("[", "\\[").replace("]", "\\]");
    String target = file.replace(" ", "%20").replace("(", "%28").replace(")", "%29");
    blocks.add(new Block("![" + text + "](" + target + ")", file));
    return this;
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

  /** The whole document, terminated by one newline. */
  @Override
  public String toString() {
    return text(file -> true);
  }

  /**
   * The document without links to missing pictures. A picture is missing if it could not be drawn,
   * for lack of scores or fonts.
   *
   * @param exists whether a file of that name exists
   */
  public String text(Predicate<String> exists) {
    return blocks.stream()
        .filter(block -> block.picture == null || exists.test(block.picture))
        .map(block -> block.text + "\n")
        .collect(Collectors.joining("\n"));
  }

  private MarkdownReport block(String text) {
    blocks.add(new Block(text, null));
    return this;
  }
}
