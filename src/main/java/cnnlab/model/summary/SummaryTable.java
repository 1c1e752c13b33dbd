package cnnlab.model.summary;

import cnnlab.text.Numbers;
import cnnlab.text.TextTable;
import java.util.Locale;

/** A summary as text, like {@code model.summary()} of Keras. */
public final class SummaryTable {
  private static final double KILO = 1e3;
  private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};

  private SummaryTable() {}

  /** One row for each layer. */
  public static TextTable layers(ModelSummary model) {
    TextTable table =
        new TextTable()
            .left("layer")
            .left("kind")
            .left("output")
            .right("parameters")
            .right("multiplications")
            .right("memory")
            .left("connected to");
    for (LayerSummary layer : model.layers()) {
      table.row(
          layer.name(),
          layer.kind(),
          layer.output().toString(),
          Numbers.count(layer.parameters()),
          Numbers.count(layer.products()),
          bytes(layer.bytes()),
          String.join(", ", layer.inputs()));
    }
    return table.optional("all with a wider terminal, or in a file with > FILE", "memory");
  }

  /** The totals, one line each. */
  public static String totals(ModelSummary model) {
    long parameters = model.total(LayerSummary::parameters);
    long fixed = model.total(LayerSummary::fixed);
    long values = model.total(LayerSummary::values);
    return String.join(
        "\n",
        "Parameters:       %s (%s), trained: %s, not trained: %s"
            .formatted(
                Numbers.count(parameters),
                bytes(Float.BYTES * parameters),
                Numbers.count(parameters - fixed),
                Numbers.count(fixed)),
        "Multiplications:  %s multiply-accumulates of convolutions and dense layers for one input"
            .formatted(Numbers.count(model.total(LayerSummary::products))),
        "Outputs:          %s values of all layers for one input (%s)"
            .formatted(Numbers.count(values), bytes(Float.BYTES * values)),
        "");
  }

  /** {@code 1.25 MB}; powers of 1,000. */
  static String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= KILO && unit < UNITS.length - 1) {
      value /= KILO;
      unit++;
    }
    return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.2f %s", value, UNITS[unit]);
  }
}
