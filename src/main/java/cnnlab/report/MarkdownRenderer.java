package cnnlab.report;

import cnnlab.text.MarkdownReport;
import cnnlab.text.TextTable;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Renders a document as Markdown, with links to the pictures. */
public final class MarkdownRenderer {
  private final MarkdownReport out = new MarkdownReport();
  private final Links links;

  private MarkdownRenderer(Links links) {
    this.links = links;
  }

  /**
   * @param folder the folder of the document
   */
  public static String render(Document document, Path folder) {
    MarkdownRenderer renderer = new MarkdownRenderer(new Links(folder));
    renderer.out.heading(1, escaped(document.title())).paragraph(escaped(document.lead()));
    document.sections().forEach(section -> renderer.section(section, 2));
    return renderer.out.toString();
  }

  private void section(Section section, int level) {
    out.heading(level, escaped(section.title()));
    section.blocks().forEach(this::block);
    section.parts().forEach(part -> section(part, level + 1));
  }

  private void block(Block block) {
    if (block instanceof Block.Paragraph p) {
      out.paragraph(escaped(p.text()));
    } else if (block instanceof Block.Note n) {
      out.paragraph("> " + escaped(n.text()));
    } else if (block instanceof Block.Facts f) {
      TextTable table = new TextTable().left("").left("");
      f.list().forEach(fact -> table.row(escaped(fact.term()), escaped(fact.value().text())));
      out.table(table);
    } else if (block instanceof Block.Gallery g) {
      g.figures().forEach(figure -> out.image(escaped(figure.caption()), links.to(figure.file())));
    } else if (block instanceof Block.Code c) {
      out.code("sh", c.text());
    } else if (block instanceof Table t) {
      table(t);
    }
  }

  /** Renders a table without drawn columns, because other columns contain their numbers. */
  private void table(Table table) {
    List<Table.Column> columns = table.columns();
    int[] shown = IntStream.range(0, columns.size()).filter(c -> !columns.get(c).drawn()).toArray();
    TextTable text = new TextTable();
    for (int c : shown) {
      String name = escaped(columns.get(c).name());
      if (columns.get(c).right()) {
        text.right(name);
      } else {
        text.left(name);
      }
    }
    for (List<Cell> row : table.rows()) {
      text.row(
          IntStream.of(shown).mapToObj(c -> escaped(row.get(c).text())).toArray(String[]::new));
    }
    out.paragraph("**" + escaped(table.caption()) + "**").table(text);
  }

  /** Plain text with Markdown's special characters escaped. */
  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("*", "&#42;")
        .replace("`", "&#96;")
        .replace("](", "]&#40;")
        .replaceAll("\\R", " ");
  }
}
