package cnnlab.plot;

import cnnlab.text.Numbers;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/**
 * Receiver operating characteristics: every run as a thin line, their mean as a thick one. The mean
 * is taken over the true-positive rates at the same false-positive rate (Fawcett 2006, section
 * 8.1).
 */
public final class RocPlot {
  private static final int SIDE = 380;
  private static final int GAP = 8;
  private static final int GRID = 500;
  private static final int FAINT_ALPHA = 100;

  private RocPlot() {}

  /**
   * One run.
   *
   * @param falsePositiveRates [P], ascending from 0 to 1
   * @param truePositiveRates [P], ascending from 0 to 1
   * @param auc area under the curve, in 0..1
   */
  public record Curve(double[] falsePositiveRates, double[] truePositiveRates, double auc) {

    /**
     * @throws IllegalArgumentException if the arrays differ in length or do not ascend from 0 to 1
     */
    public Curve {
      check("false-positive rates", falsePositiveRates);
      check("true-positive rates", truePositiveRates);
      if (falsePositiveRates.length != truePositiveRates.length) {
        throw new IllegalArgumentException(
            "%d false-positive and %d true-positive rates found, expected the same number of each"
                .formatted(falsePositiveRates.length, truePositiveRates.length));
      }
    }

    private static void check(String what, double[] rates) {
      boolean ascending = rates.length >= 2 && rates[0] == 0 && rates[rates.length - 1] == 1;
      for (int i = 1; ascending && i < rates.length; i++) {
        ascending = rates[i] >= rates[i - 1];
      }
      if (!ascending) {
        throw new IllegalArgumentException(what + ": expected values that ascend from 0 to 1");
      }
    }

    /**
     * The true-positive rate at a false-positive rate, the highest one where the curve is vertical.
     */
    double at(double falsePositiveRate) {
      int next = 0;
      while (next < falsePositiveRates.length && falsePositiveRates[next] <= falsePositiveRate) {
        next++;
      }
      if (next == falsePositiveRates.length) {
        return 1;
      }
      double from = falsePositiveRates[next - 1];
      double share = (falsePositiveRate - from) / (falsePositiveRates[next] - from);
      return truePositiveRates[next - 1]
          + share * (truePositiveRates[next] - truePositiveRates[next - 1]);
    }
  }

  /**
   * Runs of one configuration.
   *
   * @param name the name in the legend, before the mean area
   * @param runs the runs, at least one
   */
  public record Group(String name, List<Curve> runs) {

    /**
     * @throws IllegalArgumentException if there are no runs
     */
    public Group {
      runs = List.copyOf(runs);
      if (runs.isEmpty()) {
        throw new IllegalArgumentException("group " + name + ": no curves, expected at least one");
      }
    }

    /**
     * The legend, such as {@code name: AUC 0.8931}; for several runs the mean, standard deviation
     * and number.
     */
    String legend() {
      double mean = runs.stream().mapToDouble(Curve::auc).average().orElseThrow();
      if (runs.size() == 1) {
        return name + ": AUC " + Numbers.fixed(mean, 4);
      }
      double squares = runs.stream().mapToDouble(r -> (r.auc() - mean) * (r.auc() - mean)).sum();
      double sd = Math.sqrt(squares / (runs.size() - 1));
      return "%s: mean AUC %s, SD %s, %s runs"
          .formatted(name, Numbers.fixed(mean, 4), Numbers.fixed(sd, 4), runs.size());
    }
  }

  /**
   * Draws the curves; the legend gives the mean area, the standard deviation (SD) over the runs and
   * the number of runs.
   *
   * @param title the title
   * @param groups the groups, at least one; up to six have distinct colours
   * @return a picture, 960 pixels wide
   * @throws IllegalArgumentException if there are no groups
   */
  public static Picture draw(String title, List<Group> groups) {
    if (groups.isEmpty()) {
      throw new IllegalArgumentException("no curves to plot");
    }
    Graphics2D measure = PlotStyle.measure();
    Title head = Title.of(measure, title, PlotStyle.WIDTH);
    Legend legend = Legend.of(measure, entries(groups), PlotStyle.WIDTH);
    measure.dispose();
    PlotFrame square = UnitSquare.frame(SIDE, head.height());
    int bottom = square.bottom() + PlotFrame.BELOW;
    BufferedImage image = PlotStyle.white(PlotStyle.WIDTH, bottom + legend.height() + GAP);
    Graphics2D graphics = PlotStyle.graphics(image);
    head.draw(graphics);
    UnitSquare.draw(graphics, square, "false-positive rate", "true-positive rate");
    for (int i = 0; i < groups.size(); i++) {
      if (groups.get(i).runs().size() > 1) {
        faint(graphics, i);
        groups.get(i).runs().forEach(run -> graphics.draw(path(square, run)));
      }
    }
    for (int i = 0; i < groups.size(); i++) {
      SeriesStyle.line(graphics, i, false);
      graphics.draw(path(square, mean(groups.get(i).runs())));
    }
    legend.draw(graphics, bottom);
    graphics.dispose();
    return new Picture(image);
  }

  private static List<Legend.Entry> entries(List<Group> groups) {
    List<Legend.Entry> entries = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      entries.add(SeriesStyle.lineEntry(groups.get(i).legend(), i, false, false));
    }
    if (groups.stream().anyMatch(group -> group.runs().size() > 1)) {
      entries.add(
          new Legend.Entry(
              "thin: each run",
              (graphics, left, middle) -> {
                faint(graphics, 0);
                graphics.draw(
                    new Line2D.Double(left + 3, middle, left + Legend.SAMPLE - 3.0, middle));
              }));
    }
    return entries;
  }

  private static void faint(Graphics2D graphics, int index) {
    Color colour = PlotStyle.series(index);
    graphics.setColor(new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), FAINT_ALPHA));
    graphics.setStroke(new BasicStroke(0.7f));
  }

  private static Path2D path(PlotFrame square, Curve curve) {
    Path2D path = new Path2D.Double();
    path.moveTo(square.x(0), square.y(0));
    for (int i = 0; i < curve.falsePositiveRates().length; i++) {
      path.lineTo(square.x(curve.falsePositiveRates()[i]), square.y(curve.truePositiveRates()[i]));
    }
    return path;
  }

  static Curve mean(List<Curve> runs) {
    if (runs.size() == 1) {
      return runs.get(0);
    }
    // The first point is the corner; at the second the curve leaves the left edge.
    double[] falseRates = new double[GRID + 2];
    double[] trueRates = new double[GRID + 2];
    double auc = runs.stream().mapToDouble(Curve::auc).average().orElseThrow();
    for (int i = 0; i <= GRID; i++) {
      double rate = (double) i / GRID;
      falseRates[i + 1] = rate;
      trueRates[i + 1] = runs.stream().mapToDouble(run -> run.at(rate)).average().orElseThrow();
    }
    return new Curve(falseRates, trueRates, auc);
  }
}
