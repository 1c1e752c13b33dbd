package cnnlab.report.claim;

import java.util.Map;

/**
 * A row of a CSV file.
 *
 * @param cells the cells by column name, in the file's order
 */
record CsvRow(Map<String, String> cells) {

  /** The text of a column; empty if there is none. */
  String text(String column) {
    return cells.getOrDefault(column, "");
  }

  /** The number of a column; NaN if there is none. */
  double number(String column) {
    try {
      return Double.parseDouble(text(column));
    } catch (NumberFormatException noNumber) {
      return Double.NaN;
    }
  }
}
