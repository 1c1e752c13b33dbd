package cnnlab.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table fitted to a terminal of a given width. A table that is too wide is narrowed in three
 * steps, until it fits: empty columns are removed; the columns that the table declares optional are
 * removed one by one, and a line below names them; headers and text cells are wrapped between
 * words. Numbers and paths are never cut, so the table may still be too wide.
 */
final class FittedTable {
  private static final String GAP = "  ";

  /** Text is not wrapped to fewer characters than this. */
  private static final int LEAST_WORDS = 16;

  private final List<TextTable.Column> columns;
  private final List<List<String>> rows;
  private final List<Integer> shown;
  private final List<String> leftOut = new ArrayList<>();
  private int[] widths;

  /**
   * @param most width of the terminal in characters
   * @param order headers of the optional columns, in the order of their removal
   */
  FittedTable(
      List<TextTable.Column> columns, List<List<String>> rows, List<String> order, int most) {
    this.columns = columns;
    this.rows = rows;
    shown = new ArrayList<>(IntStream.range(0, columns.size()).boxed().toList());
    measure();
    if (total() > most && !rows.isEmpty()) {
      shown.removeIf(c -> rows.stream().allMatch(row -> row.get(c).isEmpty()));
      measure();
    }
    Set<String> headers = shown.stream().map(this::header).collect(Collectors.toSet());
    for (String header : order) {
      if (total() > most && headers.contains(header)) {
        shown.removeIf(c -> header(c).equals(header));
        leftOut.add(header);
        measure();
      }
    }
    narrow(most);
  }

  /** Headers of the non-empty columns that are not shown. */
  List<String> leftOut() {
    return leftOut;
  }

  private String header(int c) {
    return columns.get(c).header();
  }

  private void measure() {
    widths = new int[columns.size()];
    for (int c : shown) {
      widths[c] =
          Math.max(
              TextTable.width(header(c)),
              rows.stream().mapToInt(row -> TextTable.width(row.get(c))).max().orElse(0));
    }
  }

  private int total() {
    return shown.stream().mapToInt(c -> widths[c]).sum() + GAP.length() * (shown.size() - 1);
  }

  /**
   * Narrows the widest column that can still shrink, one character at a time, until the table fits.
   */
  private void narrow(int most) {
    int[] least = new int[columns.size()];
    shown.forEach(c -> least[c] = least(c));
    while (total() > most) {
      int widest = -1;
      for (int c : shown) {
        if (widths[c] > least[c] && (widest < 0 || widths[c] > widths[widest])) {
          widest = c;
        }
      }
      if (widest < 0) {
        return;
      }
      widths[widest]--;
    }
  }

  private int least(int c) {
    int header = longestWord(header(c));
    if (columns.get(c).right()) {
      return Math.max(
          header, rows.stream().mapToInt(row -> TextTable.width(row.get(c))).max().orElse(0));
    }
    int words = rows.stream().mapToInt(row -> longestWord(row.get(c))).max().orElse(0);
    return Math.max(Math.max(header, words), Math.min(widths[c], LEAST_WORDS));
  }

  private static int longestWord(String text) {
    return Arrays.stream(text.split(" ")).mapToInt(TextTable::width).max().orElse(0);
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    append(out, columns.stream().map(TextTable.Column::header).toList());
    append(out, Arrays.stream(widths).mapToObj("-"::repeat).toList());
    rows.forEach(row -> append(out, row));
    return out.toString();
  }

  /** Appends a row, with as many lines as its longest cell. */
  private void append(StringBuilder out, List<String> cells) {
    List<List<String>> lines = new ArrayList<>();
    for (int c = 0; c < widths.length; c++) {
      lines.add(Prose.lines(cells.get(c), widths[c]));
    }
    int height = shown.stream().mapToInt(c -> lines.get(c).size()).max().orElse(1);
    for (int i = 0; i < height; i++) {
      StringBuilder line = new StringBuilder();
      for (int c : shown) {
        String cell = i < lines.get(c).size() ? lines.get(c).get(i) : "";
        String padding = " ".repeat(Math.max(0, widths[c] - TextTable.width(cell)));
        line.append(c == shown.get(0) ? "" : GAP);
        line.append(columns.get(c).right() ? padding + cell : cell + padding);
      }
      out.append(line.toString().stripTrailing()).append('\n');
    }
  }
}
