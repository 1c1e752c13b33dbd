package cnnlab.plot;

import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.List;

/**
 * A legend: entries side by side, in as many rows as needed.
 *
 * @param rows the entries by row
 * @param width the width in points in which the rows are centred
 */
record Legend(List<List<Entry>> rows, int width) {
  /** Width of the sample of an entry, in points. */
  static final int SAMPLE = 30;

  private static final int BETWEEN = 5;
  private static final int GAP = 16;
  private static final int LINE = 19;

  /** Draws the sample of an entry, {@link #SAMPLE} points wide, centred on a line. */
  interface Sample {
    void draw(Graphics2D graphics, double left, double middle);
  }

  /**
   * @param text the explanation
   * @param sample the sample before the text
   */
  record Entry(String text, Sample sample) {
    int width(FontMetrics metrics) {
      return SAMPLE + BETWEEN + metrics.stringWidth(text);
    }
  }

  /** Lays out the entries; a text that is wider than the legend is truncated. */
  static Legend of(Graphics2D graphics, List<Entry> entries, int width) {
    FontMetrics metrics = graphics.getFontMetrics(PlotStyle.textFont());
    double most = width - 2.0 * PlotStyle.MARGIN;
    List<List<Entry>> rows = new ArrayList<>();
    double used = most;
    for (Entry entry : entries) {
      Entry shown =
          new Entry(AxisLabels.cut(entry.text, metrics, most - SAMPLE - BETWEEN), entry.sample);
      used += GAP + shown.width(metrics);
      if (used > most) {
        rows.add(new ArrayList<>());
        used = shown.width(metrics);
      }
      rows.get(rows.size() - 1).add(shown);
    }
    return new Legend(rows, width);
  }

  int height() {
    return rows.size() * LINE;
  }

  void draw(Graphics2D graphics, int top) {
    FontMetrics metrics = graphics.getFontMetrics(PlotStyle.textFont());
    double middle = top + LINE / 2.0;
    for (List<Entry> row : rows) {
      int total = row.stream().mapToInt(e -> GAP + e.width(metrics)).sum() - GAP;
      double left = (width - total) / 2.0;
      for (Entry entry : row) {
        entry.sample.draw(graphics, left, middle);
        graphics.setFont(metrics.getFont());
        graphics.setColor(PlotStyle.ink());
        graphics.drawString(
            entry.text,
            (float) left + SAMPLE + BETWEEN,
            (float) (middle + PlotStyle.middle(metrics)));
        left += GAP + entry.width(metrics);
      }
      middle += LINE;
    }
  }
}
