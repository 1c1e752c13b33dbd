package cnnlab.model.summary;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * Places the layers of a model in rows from the input downwards (Sugiyama, Tagawa and Toda 1981): a
 * layer is in the row after its last input; a connection that skips rows gets a place in each of
 * them, so that it does not run through a box; rows are ordered and shifted by the mean position of
 * their neighbours.
 */
final class DiagramLayout {
  private static final int SWEEPS = 8;

  /** A box, or the place of a connection in a row that it skips. */
  static final class Place {
    final LayerSummary layer;
    final int row;
    final double width;
    final List<Place> above = new ArrayList<>();
    final List<Place> below = new ArrayList<>();

    /** The centre. */
    double x;

    Place(LayerSummary layer, int row, double width) {
      this.layer = layer;
      this.row = row;
      this.width = width;
    }
  }

  private final List<List<Place>> rows = new ArrayList<>();
  private final List<List<Place>> lines = new ArrayList<>();
  private final double boxWidth;
  private final double lineWidth;

  /**
   * @param boxWidth width of a box with its gap
   * @param lineWidth width that a passing connection takes
   */
  DiagramLayout(ModelSummary model, double boxWidth, double lineWidth) {
    this.boxWidth = boxWidth;
    this.lineWidth = lineWidth;
    Map<String, Place> boxes = new HashMap<>();
    for (LayerSummary layer : model.layers()) {
      int row = layer.inputs().stream().mapToInt(name -> boxes.get(name).row + 1).max().orElse(0);
      Place box = add(layer, row);
      boxes.put(layer.name(), box);
      layer.inputs().forEach(name -> connect(boxes.get(name), box));
    }
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      sort(sweep % 2 == 0);
    }
    rows.forEach(this::spread);
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      shift(sweep % 2 == 0);
    }
    double left = all().mapToDouble(place -> place.x - place.width / 2).min().orElse(0);
    all().forEach(place -> place.x -= left);
  }

  private java.util.stream.Stream<Place> all() {
    return rows.stream().flatMap(List::stream);
  }

  private Place add(LayerSummary layer, int row) {
    while (rows.size() <= row) {
      rows.add(new ArrayList<>());
    }
    Place place = new Place(layer, row, layer == null ? lineWidth : boxWidth);
    rows.get(row).add(place);
    return place;
  }

  private void connect(Place from, Place to) {
    List<Place> line = new ArrayList<>(List.of(from));
    for (int row = from.row + 1; row < to.row; row++) {
      line.add(add(null, row));
    }
    line.add(to);
    for (int i = 1; i < line.size(); i++) {
      line.get(i - 1).below.add(line.get(i));
      line.get(i).above.add(line.get(i - 1));
    }
    lines.add(line);
  }

  private void sort(boolean down) {
    for (int i = 0; i < rows.size(); i++) {
      List<Place> row = rows.get(down ? i : rows.size() - 1 - i);
      Map<Place, Double> wish = new HashMap<>();
      for (int k = 0; k < row.size(); k++) {
        List<Place> near = down ? row.get(k).above : row.get(k).below;
        double own = k;
        wish.put(
            row.get(k),
            near.stream().mapToDouble(p -> rows.get(p.row).indexOf(p)).average().orElse(own));
      }
      row.sort((a, b) -> Double.compare(wish.get(a), wish.get(b)));
    }
  }

  private void spread(List<Place> row) {
    double at = -row.stream().mapToDouble(place -> place.width).sum() / 2;
    for (Place place : row) {
      place.x = at + place.width / 2;
      at += place.width;
    }
  }

  private void shift(boolean down) {
    for (int i = 0; i < rows.size(); i++) {
      shift(rows.get(down ? i : rows.size() - 1 - i), down);
    }
  }

  /** Moves each place of a row towards its neighbours, as far as the others leave room. */
  private static void shift(List<Place> row, boolean down) {
    int n = row.size();
    double[] wish = new double[n];
    for (int k = 0; k < n; k++) {
      Place place = row.get(k);
      List<Place> near = down ? place.above : place.below;
      wish[k] = near.stream().mapToDouble(p -> p.x).average().orElse(place.x);
    }
    double[] left = wish.clone();
    for (int k = 1; k < n; k++) {
      left[k] = Math.max(left[k], left[k - 1] + gap(row, k));
    }
    double[] right = wish.clone();
    for (int k = n - 2; k >= 0; k--) {
      right[k] = Math.min(right[k], right[k + 1] - gap(row, k + 1));
    }
    // Both keep the distances, and so does their mean.
    for (int k = 0; k < n; k++) {
      row.get(k).x = (left[k] + right[k]) / 2;
    }
  }

  private static double gap(List<Place> row, int k) {
    return (row.get(k - 1).width + row.get(k).width) / 2;
  }

  /** The rows from the input downwards. */
  List<List<Place>> rows() {
    return rows;
  }

  /** The connections: places from a box to a box. */
  List<List<Place>> lines() {
    return lines;
  }

  /** From the left edge of the first place to the right edge of the last. */
  double width() {
    DoubleStream ends = all().mapToDouble(place -> place.x + place.width / 2);
    return ends.max().orElse(0);
  }
}
