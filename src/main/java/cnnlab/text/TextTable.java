package cnnlab.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A small table of texts, printed as aligned columns or as Markdown. Numbers must be formatted
 * already; see {@link Numbers}.
 *
 * <pre>{@code
 * new TextTable().left("layer").right("max |a-b|").row("conv1", "8.314e-5").toString()
 * }</pre>
 */
public final class TextTable {

  record Column(String header, boolean right) {}

  private final List<Column> columns = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();
  private List<String> optional = List.of();
  private String allWith = "";

  /** Adds a left-aligned column, for text. */
  public TextTable left(String header) {
    return column(header, false);
  }

  /** Adds a right-aligned column, for numbers. */
  public TextTable right(String header) {
    return column(header, true);
  }

  /**
   * Adds a row.
   *
   * @param cells one per column; null is shown as an empty cell
   * @throws IllegalArgumentException if the number of cells differs from the number of columns
   */
  public TextTable row(String... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(
          "%d cells found, expected %d for the columns %s: %s"
              .formatted(
                  cells.length,
                  columns.size(),
                  columns.stream().map(Column::header).toList(),
                  Arrays.toString(cells)));
    }
    rows.add(Arrays.stream(cells).map(TextTable::oneLine).toList());
    return this;
  }

  /**
   * Declares which columns are omitted if the terminal is too narrow.
   *
   * @param howToSeeAll the end of the note that lists the omitted columns, such as {@code all with
   *     --json}
   * @param headers in the order of their removal
   * @throws IllegalArgumentException if there is no such column
   */
  public TextTable optional(String howToSeeAll, String... headers) {
    for (String header : headers) {
      if (columns.stream().noneMatch(column -> column.header().equals(header))) {
        throw new IllegalArgumentException("there is no column " + header);
      }
    }
    optional = List.of(headers);
    allWith = howToSeeAll;
    return this;
  }

  /** The whole table: header, rule, one line per row, each terminated by a newline. */
  @Override
  public String toString() {
    return new FittedTable(columns, rows, List.of(), Integer.MAX_VALUE).toString();
  }

  /**
   * The table fitted to a terminal: optional columns are omitted first (see {@link #optional}),
   * then text is wrapped.
   *
   * @param most width of the terminal in characters
   */
  public String toString(int most) {
    FittedTable fitted = new FittedTable(columns, rows, optional, most);
    if (fitted.leftOut().isEmpty()) {
      return fitted.toString();
    }
    String note =
        "Columns omitted to fit the terminal: %s; %s."
            .formatted(String.join(", ", fitted.leftOut()), allWith);
    return fitted + Prose.wrap(note, most) + "\n";
  }

  /** The same table in Markdown; {@code |} and backslashes in cells are escaped. */
  public String toMarkdown() {
    StringBuilder out = new StringBuilder();
    appendMarkdown(out, columns.stream().map(Column::header).toList());
    out.append(
        columns.stream()
            .map(column -> column.right() ? "---:" : "---")
            .collect(Collectors.joining(" | ", "| ", " |\n")));
    rows.forEach(row -> appendMarkdown(out, row));
    return out.toString();
  }

  private TextTable column(String header, boolean right) {
    if (!rows.isEmpty()) {
      throw new IllegalStateException("column " + header + " is added after the first row");
    }
    columns.add(new Column(oneLine(header), right));
    return this;
  }

  private static void appendMarkdown(StringBuilder out, List<String> cells) {
    out.append(
        cells.stream()
            .map(cell -> cell.replace("\\", "\\\\").replace("|", "\\|"))
            .collect(Collectors.joining(" | ", "| ", " |\n")));
  }

  private static String oneLine(String cell) {
    return cell == null ? "" : cell.replaceAll("\\R", " ");
  }

  static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
