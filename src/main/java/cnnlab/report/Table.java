package cnnlab.report;

import cnnlab.store.TrialMark;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * A table: first the columns are added, then the rows.
 *
 * @implNote A class and not a record, because rows are added to it; it is not changed once it is in
 *     a document.
 */
public final class Table implements Block {
  /**
   * @param drawn whether its cells are drawn on one scale
   * @param reference a value marked on that scale, or NaN
   */
  record Column(String name, boolean right, boolean drawn, double reference) {}

  private static final double MARGIN = 0.04;

  private final String caption;
  private final List<Column> columns = new ArrayList<>();
  private final List<List<Cell>> rows = new ArrayList<>();
  private boolean folded;
  private boolean stacked;

  /**
   * @param caption a sentence or phrase
   */
  public Table(String caption) {
    this.caption = caption;
  }

  /** Adds a left-aligned column, for text. */
  public Table left(String name) {
    columns.add(new Column(name, false, false, Double.NaN));
    return this;
  }

  /** Adds a right-aligned column, for numbers. */
  public Table right(String name) {
    columns.add(new Column(name, true, false, Double.NaN));
    return this;
  }

  /**
   * Adds a column of drawn intervals.
   *
   * @param reference a value marked on the scale, or NaN
   */
  public Table drawn(String name, double reference) {
    columns.add(new Column(name, false, true, reference));
    return this;
  }

  /** Hides the rows until the reader opens them: for long tables of details. */
  public Table fold() {
    folded = true;
    return this;
  }

  /**
   * @throws IllegalArgumentException if the number of cells differs from the number of columns
   */
  public Table row(Cell... cells) {
    return row(Arrays.asList(cells));
  }

  /**
   * @throws IllegalArgumentException if the number of cells differs from the number of columns
   */
  public Table row(List<Cell> cells) {
    if (cells.size() != columns.size()) {
      throw new IllegalArgumentException(
          "%d cells for %d columns of '%s'".formatted(cells.size(), columns.size(), caption));
    }
    rows.add(List.copyOf(cells));
    return this;
  }

  /** On narrow screens, shows each row as a card instead of scrolling: for tables of sentences. */
  public Table stack() {
    stacked = true;
    return this;
  }

  /** Whether the table contains a verdict. */
  public boolean hasVerdicts() {
    return rows.stream().flatMap(List::stream).anyMatch(cell -> cell.verdict() != null);
  }

  /**
   * A copy with the mark of a trial run before its caption and before the first cell of each row.
   */
  public Table marked(String mark) {
    Table table = new Table(TrialMark.title(mark, caption));
    table.columns.addAll(columns);
    table.folded = folded;
    table.stacked = stacked;
    for (List<Cell> row : rows) {
      List<Cell> cells = new ArrayList<>(row);
      cells.set(0, cells.get(0).marked(mark));
      table.row(cells);
    }
    return table;
  }

  String caption() {
    return caption;
  }

  List<Column> columns() {
    return columns;
  }

  List<List<Cell>> rows() {
    return rows;
  }

  boolean folded() {
    return folded;
  }

  boolean stacked() {
    return stacked;
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The position of a value on a column's scale, 0 to 100. */
  double position(int column, double value) {
    double[] ends = ends(column);
    return 100 * (value - ends[0]) / (ends[1] - ends[0]);
  }

  /** The ends of a column's scale [low, high], with a margin around everything that is drawn. */
  double[] ends(int column) {
    double[] values =
        Stream.concat(
                Stream.of(columns.get(column).reference()),
                rows.stream()
                    .map(row -> row.get(column).estimate())
                    .filter(e -> e != null)
                    .flatMap(e -> Stream.of(e.low(), e.mean(), e.high())))
            .mapToDouble(Double::doubleValue)
            .filter(Double::isFinite)
            .toArray();
    double low = DoubleStream.of(values).min().orElse(0);
    double high = DoubleStream.of(values).max().orElse(1);
    double margin = high > low ? MARGIN * (high - low) : Math.max(Math.abs(low), 1) * MARGIN;
    return new double[] {low - margin, high + margin};
  }
}
