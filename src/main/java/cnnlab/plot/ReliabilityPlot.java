package cnnlab.plot;

import cnnlab.text.Numbers;
import java.awt.BasicStroke;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * A reliability diagram: the observed share of true predictions against the predicted probability.
 * On the diagonal the probabilities are calibrated; below it the classifier is overconfident. A
 * histogram below shows the number of predictions in each bin.
 */
public final class ReliabilityPlot {
  private static final int SIDE = 340;
  private static final int STRIP = 60;
  private static final int GAP = 8;
  private static final double RADIUS = 3.6;
  private static final double BAR_DEPTH = 0.6;

  private ReliabilityPlot() {}

  /**
   * A bin of predictions with similar probabilities.
   *
   * @param low lower end of the bin, 0..1
   * @param high upper end of the bin
   * @param count number of predictions, 0 or more
   * @param probability their mean probability; not drawn if the bin is empty
   * @param share the share of them that are true, 0..1; not drawn if the bin is empty
   */
  public record Bin(double low, double high, int count, double probability, double share) {

    /**
     * @throws IllegalArgumentException if the bin or its values are not within 0..1
     */
    public Bin {
      boolean within = 0 <= low && low < high && high <= 1;
      boolean measured = isShare(probability) && isShare(share);
      if (!within || count < 0 || count > 0 && !measured) {
        throw new IllegalArgumentException(
            "bin %s..%s with %d predictions of mean probability %s and observed share %s: expected all within 0..1"
                .formatted(low, high, count, probability, share));
      }
    }

    private static boolean isShare(double value) {
      return value >= 0 && value <= 1;
    }
  }

  /**
   * Draws the bins.
   *
   * @param title the title
   * @param xTitle title of the x axis, such as {@code probability of tumour}
   * @param yTitle title of the y axis, such as {@code share with tumour}
   * @param bins the bins, at least one with predictions
   * @param error the expected calibration error, written into the plot
   * @return a picture, 960 pixels wide
   * @throws IllegalArgumentException if there are no predictions
   */
  public static Picture draw(
      String title, String xTitle, String yTitle, List<Bin> bins, double error) {
    int most = bins.stream().mapToInt(Bin::count).max().orElse(0);
    if (most == 0) {
      throw new IllegalArgumentException("no predictions to plot");
    }
    Graphics2D measure = PlotStyle.measure();
    Title head = Title.of(measure, title, PlotStyle.WIDTH);
    measure.dispose();
    PlotFrame square = UnitSquare.frame(SIDE, head.height());
    int base = square.bottom() + PlotFrame.BELOW + GAP + STRIP;
    BufferedImage image = PlotStyle.white(PlotStyle.WIDTH, base + PlotStyle.MARGIN);
    Graphics2D graphics = PlotStyle.graphics(image);
    head.draw(graphics);
    UnitSquare.draw(graphics, square, xTitle, yTitle);
    List<Bin> measured = bins.stream().filter(bin -> bin.count() > 0).toList();
    drawGaps(graphics, square, measured);
    drawLine(graphics, square, measured);
    graphics.setFont(PlotStyle.textFont());
    graphics.setColor(PlotStyle.ink());
    graphics.drawString(
        "expected calibration error " + Numbers.fixed(error, 4),
        square.left() + GAP,
        square.top() + GAP + graphics.getFontMetrics().getAscent());
    drawCounts(graphics, square, base, measured, most);
    graphics.dispose();
    return new Picture(image);
  }

  /** Draws a line from each dot to the diagonal. */
  private static void drawGaps(Graphics2D graphics, PlotFrame square, List<Bin> bins) {
    graphics.setColor(PlotStyle.series(1));
    graphics.setStroke(new BasicStroke(2.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
    for (Bin bin : bins) {
      double x = square.x(bin.probability());
      graphics.draw(new Line2D.Double(x, square.y(bin.probability()), x, square.y(bin.share())));
    }
  }

  private static void drawLine(Graphics2D graphics, PlotFrame square, List<Bin> bins) {
    graphics.setColor(PlotStyle.series(0));
    graphics.setStroke(new BasicStroke(1.7f));
    for (int i = 0; i < bins.size(); i++) {
      double x = square.x(bins.get(i).probability());
      double y = square.y(bins.get(i).share());
      graphics.fill(new Ellipse2D.Double(x - RADIUS, y - RADIUS, 2 * RADIUS, 2 * RADIUS));
      if (i > 0) {
        Bin before = bins.get(i - 1);
        graphics.draw(
            new Line2D.Double(square.x(before.probability()), square.y(before.share()), x, y));
      }
    }
  }

  private static void drawCounts(
      Graphics2D graphics, PlotFrame square, int base, List<Bin> bins, int most) {
    graphics.setColor(PlotStyle.tint(PlotStyle.series(0), BAR_DEPTH));
    for (Bin bin : bins) {
      double left = square.x(bin.low());
      double height = (double) STRIP * bin.count() / most;
      graphics.fill(
          new Rectangle2D.Double(
              left + 0.5, base - height, square.x(bin.high()) - left - 1, height));
    }
    graphics.setColor(PlotStyle.faint());
    graphics.setStroke(new BasicStroke(1));
    graphics.drawLine(square.left(), base, square.right(), base);
    graphics.setFont(PlotStyle.textFont());
    graphics.setColor(PlotStyle.ink());
    FontMetrics metrics = graphics.getFontMetrics();
    float right = square.left() - GAP;
    String largest = Numbers.count(most);
    graphics.drawString(
        largest, right - metrics.stringWidth(largest), base - STRIP + metrics.getAscent() / 2f);
    graphics.drawString("0", right - metrics.stringWidth("0"), base + 1f);
    PlotFrame.vertical(
        graphics,
        "images",
        right - metrics.stringWidth(largest) - GAP - metrics.getHeight(),
        base - STRIP / 2.0);
  }
}
