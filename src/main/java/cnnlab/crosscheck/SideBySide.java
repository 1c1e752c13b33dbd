package cnnlab.crosscheck;

import cnnlab.crosscheck.bound.BoundUse;
import cnnlab.crosscheck.bound.Bounded;
import cnnlab.text.Numbers;
import cnnlab.text.TextTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The outputs of DL4J, the network from scratch and a further implementation beside those in double
 * precision.
 *
 * @param rows one for each implementation
 */
public record SideBySide(List<Row> rows) {

  /**
   * One implementation.
   *
   * @param implementation its name
   * @param sumAbs the sum of |a − exact| over the images that have bounds; exact is in double
   *     precision
   * @param maxAbs the largest |a − exact|
   * @param share the largest share of the rounding bound of a value
   * @param others the largest differences from each of the implementations, in the order of the
   *     rows, over all images; 0 from itself
   */
  public record Row(
      String implementation, double sumAbs, double maxAbs, double share, List<Double> others) {}

  /** Compares the outputs of a run that has those of a further implementation. */
  static SideBySide of(Comparison.Run run, Bounded exact) {
    List<String> names = List.of("DL4J", "from scratch", run.other().name());
    List<float[]> outputs = List.of(run.library(), run.predicted(), run.other().values());
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      float[] own = outputs.get(i);
      double sum = 0;
      double max = 0;
      for (int k = 0; k < exact.values().length; k++) {
        double difference = Math.abs(own[k] - exact.values()[k]);
        sum += difference;
        max = Math.max(max, difference);
      }
      BoundUse use = BoundUse.of(Arrays.copyOf(own, exact.values().length), exact);
      List<Double> others =
          outputs.stream().map(other -> Difference.between(own, other).maxAbs()).toList();
      rows.add(new Row(names.get(i), sum, max, use.share(), others));
    }
    return new SideBySide(List.copyOf(rows));
  }

  /** The difference of the further implementation from DL4J and the network from scratch. */
  double largest() {
    return rows.get(rows.size() - 1).others().stream().mapToDouble(d -> d).max().orElse(0);
  }

  /** The rows; an implementation is not compared with itself. */
  TextTable table() {
    TextTable table =
        new TextTable()
            .left("outputs against double precision")
            .right("sum |a-b|")
            .right("max |a-b|")
            .right("share");
    rows.forEach(row -> table.right("max |a-b|, " + row.implementation()));
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      List<String> cells =
          new ArrayList<>(
              List.of(
                  row.implementation(),
                  Numbers.scientific(row.sumAbs()),
                  Numbers.scientific(row.maxAbs()),
                  Numbers.share(row.share())));
      for (int k = 0; k < rows.size(); k++) {
        cells.add(k == i ? "" : Numbers.scientific(row.others().get(k)));
      }
      table.row(cells.toArray(String[]::new));
    }
    return table;
  }
}
