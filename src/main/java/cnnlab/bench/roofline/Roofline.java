package cnnlab.bench.roofline;

import cnnlab.text.Numbers;
import cnnlab.text.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The layers of a network beside what the machine can do (Williams, Waterman and Patterson 2009,
 * "Roofline: an insightful visual performance model for multicore architectures").
 *
 * @param model the network
 * @param batch images per call
 * @param peak what the machine can do with as many threads
 * @param layers the layers and a row for all
 */
public record Roofline(String model, int batch, MachinePeak peak, List<Row> layers) {
  /** How to read the table. */
  public static final String EXPLANATION =
      "mult.: multiplications of convolutions and dense layers, each with an addition. MB: inputs, outputs, and the weights once. µs: the median of several passes, in each of which all layers were timed in their place; with several threads the sum over them divided by their number. of FMA peak, of bandwidth: what was reached of a loop of FMA instructions and of a copy of memory; above 100 % of bandwidth where the values come from a cache. bound by: which of the two a perfect layer would meet first.";

  private static final double PERCENT = 100;
  private static final double FEW = 0.1;

  /** The limits. */
  public enum Bound {
    /** Multiplications and additions. */
    ARITHMETIC,
    /** Bytes read and written. */
    MEMORY
  }

  /**
   * A layer.
   *
   * @param layer its name
   * @param kind its kind
   * @param multiplications for one batch
   * @param bytes for one batch
   * @param seconds for one batch, of all threads together divided by their number
   * @param ofPeak multiplications and additions per second over those of the peak; above 0
   * @param ofBandwidth bytes per second over those of a copy; above 1 where they come from a cache
   * @param bound the limit that the layer meets first
   */
  public record Row(
      String layer,
      String kind,
      double multiplications,
      double bytes,
      double seconds,
      double ofPeak,
      double ofBandwidth,
      Bound bound) {}

  /** The layers of a network as measured. */
  public static Roofline of(String model, int batch, MachinePeak peak, List<LayerTime> times) {
    List<Row> rows = new ArrayList<>();
    times.forEach(time -> rows.add(row(time, peak)));
    rows.add(row(sum(times), peak));
    return new Roofline(model, batch, peak, List.copyOf(rows));
  }

  private static LayerTime sum(List<LayerTime> times) {
    return new LayerTime(
        "all",
        "",
        times.stream().mapToDouble(LayerTime::seconds).sum(),
        times.stream().mapToDouble(LayerTime::multiplications).sum(),
        times.stream().mapToDouble(LayerTime::bytes).sum());
  }

  private static Row row(LayerTime time, MachinePeak peak) {
    double seconds = time.seconds() / peak.threads();
    double arithmetic = 2 * time.multiplications() / peak.flops();
    double memory = time.bytes() / peak.bandwidth();
    return new Row(
        time.layer(),
        time.kind(),
        time.multiplications(),
        time.bytes(),
        seconds,
        arithmetic / seconds,
        memory / seconds,
        arithmetic > memory ? Bound.ARITHMETIC : Bound.MEMORY);
  }

  /** What was measured, in a sentence. */
  public String title() {
    return "%s, %s, %s"
        .formatted(
            model, Numbers.counted(batch, "image"), Numbers.counted(peak.threads(), "thread"));
  }

  private static String percent(double share) {
    return Numbers.fixed(PERCENT * share, share < FEW ? 1 : 0) + " %";
  }

  /** The layers as a table. */
  public TextTable table() {
    TextTable table =
        new TextTable()
            .left("layer")
            .left("kind")
            .right("million mult.")
            .right("MB")
            .right("µs")
            .right("time")
            .right("of FMA peak")
            .right("of bandwidth")
            .left("bound by")
            .optional("all with --json", "kind", "MB", "million mult.");
    double all = layers.get(layers.size() - 1).seconds;
    for (Row r : layers) {
      table.row(
          r.layer,
          r.kind,
          r.multiplications == 0 ? "-" : Numbers.significant(r.multiplications * 1e-6),
          Numbers.significant(r.bytes * 1e-6),
          Numbers.significant(r.seconds * 1e6),
          percent(r.seconds / all),
          r.multiplications == 0 ? "-" : percent(r.ofPeak),
          percent(r.ofBandwidth),
          r.bound.name().toLowerCase(Locale.ROOT));
    }
    return table;
  }
}
