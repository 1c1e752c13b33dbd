package cnnlab.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * Receiver operating characteristics: every run faint, their mean in full. The mean is taken of the
 * true-positive rates at the same false-positive rate (Fawcett 2006, section 8.1).
 */
public final class RocPlot {
  private static final int SIDE = 520;
  private static final int LEFT = 84;
  private static final int TOP = 56;
  private static final int WIDTH = LEFT + SIDE + 30;
  private static final int HEIGHT = TOP + SIDE + UnitSquare.BELOW + 8;
  private static final int GRID = 500;
  private static final int FAINT_ALPHA = 90;
  private static final int SAMPLE = 30;
  private static final int MARGIN = 10;

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
     * @throws IllegalArgumentException when the arrays differ in length or do not ascend from 0 to
     *     1
     */
    public Curve {
      check("false-positive rates", falsePositiveRates);
      check("true-positive rates", truePositiveRates);
      if (falsePositiveRates.length != truePositiveRates.length) {
        throw new IllegalArgumentException(
            "%d false-positive and %d true-positive rates found, as many of each expected"
                .formatted(falsePositiveRates.length, truePositiveRates.length));
      }
    }

    private static void check(String what, double[] rates) {
      boolean ascending = rates.length >= 2 && rates[0] == 0 && rates[rates.length - 1] == 1;
      for (int i = 1; ascending && i < rates.length; i++) {
        ascending = rates[i] >= rates[i - 1];
      }
      if (!ascending) {
        throw new IllegalArgumentException(
            what + ": values that do not ascend from 0 to 1 found, at least 0 and 1 expected");
      }
    }

    /** The true-positive rate at a false-positive rate, the highest where the curve is upright. */
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
   * @param name in the legend, before the mean area
   * @param runs at least one
   */
  public record Group(String name, List<Curve> runs) {

    /**
     * @throws IllegalArgumentException when there are no runs
     */
    public Group {
      runs = List.copyOf(runs);
      if (runs.isEmpty()) {
        throw new IllegalArgumentException("group " + name + ": no curves, at least one expected");
      }
    }

    /** {@code name: AUC 0.8931}, of several runs with standard deviation and number. */
    String legend() {
      double mean = runs.stream().mapToDouble(Curve::auc).average().orElseThrow();
      String text = name + ": AUC " + Numbers.fixed(mean, 4);
      if (runs.size() == 1) {
        return text;
      }
      double squares = runs.stream().mapToDouble(r -> (r.auc() - mean) * (r.auc() - mean)).sum();
      double sd = Math.sqrt(squares / (runs.size() - 1));
      return text + " ± " + Numbers.fixed(sd, 4) + " (n = " + runs.size() + ")";
    }
  }

  /**
   * Draws the curves; the legend gives the mean area, its standard deviation and the number of
   * runs.
   *
   * @param title above the plot
   * @param groups at least one; up to six have colours of their own
   * @return an image of 634 x 640 pixels
   * @throws IllegalArgumentException when there are no groups
   */
  public static BufferedImage draw(String title, List<Group> groups) {
    if (groups.isEmpty()) {
      throw new IllegalArgumentException("no curves to plot");
    }
    BufferedImage image = Canvas.white(WIDTH, HEIGHT);
    Graphics2D graphics = Canvas.graphics(image);
    // Otherwise upright and level pieces snap to whole pixels, the slanted ones between do not.
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    UnitSquare square = new UnitSquare(LEFT, TOP, SIDE);
    square.draw(graphics, title, "false-positive rate", "true-positive rate", WIDTH);
    for (int i = 0; i < groups.size(); i++) {
      Color colour = Canvas.series(i);
      if (groups.get(i).runs().size() > 1) {
        graphics.setColor(
            new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), FAINT_ALPHA));
        graphics.setStroke(new BasicStroke(1));
        groups.get(i).runs().forEach(run -> graphics.draw(path(square, run)));
      }
    }
    for (int i = 0; i < groups.size(); i++) {
      graphics.setColor(Canvas.series(i));
      graphics.setStroke(new BasicStroke(2.2f));
      graphics.draw(path(square, mean(groups.get(i).runs())));
    }
    drawLegend(graphics, square, groups);
    graphics.dispose();
    return image;
  }

  private static Path2D path(UnitSquare square, Curve curve) {
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
    // The first point is the corner, the second where the curve leaves the left edge.
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

  /** In the lower right corner, where no useful classifier has its curve. */
  private static void drawLegend(Graphics2D graphics, UnitSquare square, List<Group> groups) {
    graphics.setFont(PlotFrame.tickFont());
    FontMetrics metrics = graphics.getFontMetrics();
    double most = square.side() - SAMPLE - 4.0 * MARGIN;
    List<String> lines =
        groups.stream().map(g -> AxisLabels.cut(g.legend(), metrics, most)).toList();
    int text = lines.stream().mapToInt(metrics::stringWidth).max().orElse(0);
    int line = metrics.getHeight() + 3;
    int width = SAMPLE + text + 2 * MARGIN;
    int height = line * lines.size() + MARGIN;
    int left = square.left() + square.side() - width - MARGIN;
    int top = square.top() + square.side() - height - MARGIN;
    graphics.setColor(Color.WHITE);
    graphics.fillRect(left, top, width, height);
    graphics.setColor(Canvas.faint());
    graphics.setStroke(new BasicStroke(1));
    graphics.drawRect(left, top, width, height);
    for (int i = 0; i < lines.size(); i++) {
      int baseline = top + MARGIN / 2 + i * line + metrics.getAscent();
      double middle = baseline - metrics.getAscent() / 2.0 + 2;
      graphics.setColor(Canvas.series(i));
      graphics.setStroke(new BasicStroke(2.2f));
      graphics.draw(new Line2D.Double(left + MARGIN, middle, left + MARGIN + SAMPLE - 8.0, middle));
      graphics.setColor(Canvas.ink());
      graphics.drawString(lines.get(i), left + MARGIN + SAMPLE, baseline);
    }
  }
}
