package cnnlab.bench.growth;

import cnnlab.plot.LinePlot;
import cnnlab.plot.Picture;
import cnnlab.text.Numbers;
import cnnlab.text.TextTable;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How time and memory grow with images, channels, resolution and depth.
 *
 * @param threads threads of the engine from scratch
 * @param points all measurements
 * @param fits exponents of all lines
 */
public record Growth(int threads, List<GrowthPoint> points, List<Fit> fits) {
  /** What was measured. */
  public static final String EXPLANATION =
      "The engine from scratch on chains of 3x3 convolutions with a classifier: time of the inference of 32 images in one call and of a training step on them (of all images, where images grow; training then in batches of 128), and the part of Java's heap that network, engine and images hold. The exponents are slopes of straight lines on logarithmic axes, fitted to the larger half of the sizes, where fixed costs no longer count: 1 is linear.";

  private static final double LINEAR = 1.05;
  private static final double MEGA = 1e6;

  /**
   * The exponents of one line.
   *
   * @param dimension what grows
   * @param training of training or inference
   * @param arithmetic of multiplications against the size
   * @param time of seconds against the size
   * @param perArithmetic of seconds against multiplications
   * @param memory of bytes against the size
   */
  public record Fit(
      Dimension dimension,
      boolean training,
      double arithmetic,
      double time,
      double perArithmetic,
      double memory) {
    /** Whether time grows faster than the arithmetic. */
    public boolean isWorseThanLinear() {
      return perArithmetic > LINEAR;
    }
  }

  /**
   * Measures all sizes, each after a warm-up of its own.
   *
   * @param seconds shortest duration of the repeats of a size
   * @param mostSize larger sizes are left out
   */
  public static Growth measure(int threads, double seconds, int mostSize, PrintStream out) {
    Measurement measurement = new Measurement(threads, seconds);
    List<GrowthPoint> points = new ArrayList<>();
    for (Dimension dimension : Dimension.values()) {
      List<Integer> sizes = dimension.sizes().stream().filter(size -> size <= mostSize).toList();
      if (sizes.isEmpty()) {
        continue;
      }
      // Before anything counts, so that no size pays for the compiler.
      measurement.of(dimension, sizes.get(Math.min(1, sizes.size() - 1)), true);
      for (int size : sizes) {
        out.printf("%s: %s%n", dimension, Numbers.count(size));
        points.add(measurement.of(dimension, size, false));
        points.add(measurement.of(dimension, size, true));
      }
    }
    return of(threads, points);
  }

  static Growth of(int threads, List<GrowthPoint> points) {
    List<Fit> fits = new ArrayList<>();
    for (Dimension dimension : Dimension.values()) {
      for (boolean training : new boolean[] {false, true}) {
        List<GrowthPoint> line = line(points, dimension, training);
        if (line.size() > 1) {
          fits.add(fit(line));
        }
      }
    }
    return new Growth(threads, List.copyOf(points), fits);
  }

  private static List<GrowthPoint> line(
      List<GrowthPoint> points, Dimension dimension, boolean training) {
    return points.stream()
        .filter(p -> p.dimension() == dimension && p.training() == training)
        .toList();
  }

  /** Of the larger half, with the middle. */
  private static Fit fit(List<GrowthPoint> line) {
    List<GrowthPoint> larger = line.subList((line.size() - 1) / 2, line.size());
    double[] sizes = values(larger, GrowthPoint::size);
    double[] work = values(larger, GrowthPoint::multiplications);
    double[] seconds = values(larger, GrowthPoint::seconds);
    return new Fit(
        line.get(0).dimension(),
        line.get(0).training(),
        PowerLaw.fit(sizes, work).exponent(),
        PowerLaw.fit(sizes, seconds).exponent(),
        PowerLaw.fit(work, seconds).exponent(),
        PowerLaw.fit(sizes, values(larger, GrowthPoint::bytes)).exponent());
  }

  private static double[] values(List<GrowthPoint> line, ToDoubleFunction<GrowthPoint> value) {
    return line.stream().mapToDouble(value).toArray();
  }

  /** All measurements. */
  public TextTable table() {
    TextTable table =
        new TextTable()
            .left("growing")
            .right("size")
            .left("mode")
            .right("million mult.")
            .right("seconds")
            .right("GFLOP/s")
            .right("MB");
    for (GrowthPoint p : points) {
      table.row(
          p.dimension().toString(),
          Numbers.count(p.size()),
          mode(p.training()),
          Numbers.significant(p.multiplications() / MEGA),
          Numbers.significant(p.seconds()),
          Numbers.significant(2e-9 * p.multiplications() / p.seconds()),
          Numbers.significant(p.bytes() / MEGA));
    }
    return table;
  }

  /** The exponents. */
  public TextTable exponents() {
    TextTable table =
        new TextTable()
            .left("growing")
            .left("mode")
            .right("arithmetic")
            .right("time")
            .right("time against arithmetic")
            .right("memory")
            .left("worse than linear");
    for (Fit f : fits) {
      table.row(
          f.dimension.toString(),
          mode(f.training),
          Numbers.fixed(f.arithmetic, 2),
          Numbers.fixed(f.time, 2),
          Numbers.fixed(f.perArithmetic, 2),
          Numbers.fixed(f.memory, 2),
          f.isWorseThanLinear() ? "yes" : "no");
    }
    return table;
  }

  private static String mode(boolean training) {
    return training ? "train" : "infer";
  }

  /** Time against each size. */
  public Picture timePlot() {
    return plot("seconds", f -> f.time, GrowthPoint::seconds);
  }

  /** Memory against each size. */
  public Picture memoryPlot() {
    return plot("MB", f -> f.memory, p -> p.bytes() / MEGA);
  }

  private Picture plot(
      String unit, ToDoubleFunction<Fit> exponent, ToDoubleFunction<GrowthPoint> value) {
    List<LinePlot.Panel> panels = new ArrayList<>();
    for (Dimension dimension : Dimension.values()) {
      List<String> exponents =
          fits.stream()
              .filter(f -> f.dimension == dimension)
              .map(f -> mode(f.training) + " " + Numbers.fixed(exponent.applyAsDouble(f), 2))
              .toList();
      if (!exponents.isEmpty()) {
        panels.add(
            new LinePlot.Panel(
                "%s (exponent: %s)".formatted(dimension.axis(), String.join(", ", exponents)),
                new LinePlot.Axis(dimension.axis(), true),
                new LinePlot.Axis(unit, true),
                series(dimension, value)));
      }
    }
    return LinePlot.draw(panels);
  }

  private List<LinePlot.Series> series(Dimension dimension, ToDoubleFunction<GrowthPoint> value) {
    return Arrays.asList(false, true).stream()
        .map(
            training -> {
              List<GrowthPoint> line = line(points, dimension, training);
              return new LinePlot.Series(
                  mode(training), values(line, GrowthPoint::size), values(line, value));
            })
        .toList();
  }
}
