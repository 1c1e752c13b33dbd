package cnnlab.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A small table of texts: aligned columns for standard output, or Markdown. Numbers come already
 * formatted, see {@link Numbers}.
 *
 * <pre>{@code
 * new TextTable().left("layer").right("max |a-b|").row("conv1", "8.314e-5").toString()
 * }</pre>
 */
public final class TextTable {

  private static final String GAP = "  ";

  private record Column(String header, boolean right) {}

  private final List<Column> columns = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();

  /** Adds a column of words. */
  public TextTable left(String header) {
    return column(header, false);
  }

  /** Adds a column of numbers. */
  public TextTable right(String header) {
    return column(header, true);
  }

  /**
   * Adds a row.
   *
   * @param cells one per column; null is shown as an empty cell
   * @throws IllegalArgumentException when there are more or fewer cells than columns
   */
  public TextTable row(String... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(
          "%d cells found, %d expected for the columns %s: %s"
              .formatted(
                  cells.length,
                  columns.size(),
                  columns.stream().map(Column::header).toList(),
                  Arrays.toString(cells)));
    }
    rows.add(Arrays.stream(cells).map(TextTable::oneLine).toList());
    return this;
  }

  /** The table for a terminal: header, a rule, one line per row, each ended by a newline. */
  @Override
  public String toString() {
    int[] widths = new int[columns.size()];
    for (int c = 0; c < widths.length; c++) {
      widths[c] = width(columns.get(c).header());
      for (List<String> row : rows) {
        widths[c] = Math.max(widths[c], width(row.get(c)));
      }
    }
    StringBuilder out = new StringBuilder();
    appendLine(out, columns.stream().map(Column::header).toList(), widths);
    appendLine(out, Arrays.stream(widths).mapToObj("-"::repeat).toList(), widths);
    rows.forEach(row -> appendLine(out, row, widths));
    return out.toString();
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
      throw new IllegalStateException("column " + header + " comes after the first row");
    }
    columns.add(new Column(oneLine(header), right));
    return this;
  }

  private void appendLine(StringBuilder out, List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < widths.length; c++) {
      String padding = " ".repeat(widths[c] - width(cells.get(c)));
      line.append(c == 0 ? "" : GAP);
      line.append(columns.get(c).right() ? padding + cells.get(c) : cells.get(c) + padding);
    }
    out.append(line.toString().stripTrailing()).append('\n');
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

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
