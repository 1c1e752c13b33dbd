package cnnlab.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Builds a {@code report.md}, block by block; {@link #toString()} is the document. Paragraphs and
 * headings are Markdown themselves and pass unchanged; table cells and image texts are escaped.
 */
public final class MarkdownReport {

  private final List<Block> blocks = new ArrayList<>();

  /**
   * @param picture the file that the text shows, or null
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
   * @param alt what the image shows, for readers who do not see it
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

  /** The whole document, ended by one newline. */
  @Override
  public String toString() {
    return text(file -> true);
  }

  /**
   * The document without the pictures that there are not, as no score or no font made them
   * impossible to draw: a link to them would show as broken.
   *
   * @param exists whether there is a file of that name
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
