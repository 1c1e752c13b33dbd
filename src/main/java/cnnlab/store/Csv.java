package cnnlab.store;

import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Records as CSV: one column per component, one line per record. */
public final class Csv {

  private Csv() {}

  /**
   * Header and rows, lines terminated by {@code \n}; see {@link RunDirectory#writeCsv}.
   *
   * @throws IllegalStateException if a component cannot be read
   */
  public static <R extends Record> String toCsv(Class<R> type, List<R> rows) throws IOException {
    RecordComponent[] components = type.getRecordComponents();
    return toCsv(
        Arrays.stream(components).map(RecordComponent::getName).toList(),
        rows.stream()
            .map(row -> Arrays.stream(components).map(c -> read(c, row)).toList())
            .toList());
  }

  /** The same for rows given as lists, each with a value for every column. */
  static String toCsv(List<String> header, List<? extends List<?>> rows) throws IOException {
    CSVFormat format =
        CSVFormat.DEFAULT
            .builder()
            .setHeader(header.toArray(String[]::new))
            .setRecordSeparator("\n")
            .get();
    StringBuilder out = new StringBuilder();
    try (CSVPrinter printer = new CSVPrinter(out, format)) {
      for (List<?> row : rows) {
        printer.printRecord(row.stream().map(Csv::cell).toList());
      }
    }
    return out.toString();
  }

  /** The text of one value; {@code toString} keeps all bits of floats and doubles. */
  private static String cell(Object value) {
    if (value == null) {
      return "";
    }
    if (value.getClass().isArray()) {
      return IntStream.range(0, Array.getLength(value))
          .mapToObj(i -> cell(Array.get(value, i)))
          .collect(Collectors.joining("x"));
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Csv::cell).collect(Collectors.joining("x"));
    }
    return value.toString();
  }

  private static Object read(RecordComponent component, Record row) {
    try {
      Method accessor = component.getAccessor();
      // Without this, the public accessor of a private record cannot be called from here.
      accessor.setAccessible(true);
      return accessor.invoke(row);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          row.getClass().getName() + "." + component.getName() + " cannot be read", e);
    }
  }
}
