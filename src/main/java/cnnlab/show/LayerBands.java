package cnnlab.show;

import cnnlab.crosscheck.Difference;
import cnnlab.crosscheck.LayerOutputs;
import cnnlab.plot.sheet.MapSheet;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Shape;
import cnnlab.text.Numbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The output of a layer as maps: of both engines, and their difference. */
final class LayerBands {
  /** The most values of a vector that are shown one by one, with their numbers. */
  private static final int MOST_SQUARES = 120;

  /** Values in a row of a longer vector. */
  private static final int LONG_ROW = 64;

  private LayerBands() {}

  /**
   * The maps of a layer.
   *
   * @param channels the most channels that are shown
   * @param exact whether the differences from double precision are shown too
   */
  static List<MapSheet.Band> of(Node node, LayerOutputs outputs, int channels, boolean exact) {
    float[] ours = outputs.scratch().get(node.name());
    float[] theirs = outputs.library().get(node.name());
    Shape shape = node.shape();
    List<MapSheet.Band> bands = new ArrayList<>();
    if (theirs == null) {
      bands.add(band("From scratch (DL4J has no such inner layer)", shape, ours, channels, -1));
      return bands;
    }
    List<MapSheet.Tile> both = new ArrayList<>(tiles(shape, theirs, channels));
    both.addAll(tiles(shape, ours, channels));
    double limit = MapSheet.largest(both);
    bands.add(band("DL4J", shape, theirs, channels, limit));
    bands.add(band("From scratch, on the same scale", shape, ours, channels, limit));
    Difference d = Difference.between(theirs, ours);
    bands.add(
        band(
            "Difference, DL4J − from scratch: at most %s".formatted(size(d.maxAbs())),
            shape,
            difference(theirs, ours),
            channels,
            -1));
    double[] wide = outputs.exact().get(node.name());
    if (exact && wide != null) {
      bands.add(rounding("DL4J", theirs, wide, shape, channels));
      bands.add(rounding("From scratch", ours, wide, shape, channels));
    }
    return bands;
  }

  private static MapSheet.Band rounding(
      String engine, float[] values, double[] exact, Shape shape, int channels) {
    float[] rounding = new float[values.length];
    double most = 0;
    for (int i = 0; i < values.length; i++) {
      rounding[i] = (float) (values[i] - exact[i]);
      most = Math.max(most, Math.abs(values[i] - exact[i]));
    }
    return band(
        "%s − double precision: at most %s".formatted(engine, size(most)),
        shape,
        rounding,
        channels,
        -1);
  }

  private static String size(double value) {
    return Numbers.scientific(value);
  }

  static float[] difference(float[] a, float[] b) {
    float[] d = new float[a.length];
    for (int i = 0; i < d.length; i++) {
      d[i] = Float.compare(a[i], b[i]) == 0 ? 0 : a[i] - b[i];
    }
    return d;
  }

  /**
   * The maps of one engine.
   *
   * @param values [C, H, W]
   * @param limit of the colours; negative for the largest value
   */
  static MapSheet.Band band(String title, Shape shape, float[] values, int channels, double limit) {
    List<MapSheet.Tile> tiles = tiles(shape, values, channels);
    int height = shape.height();
    int width = shape.width();
    if (isStrip(shape)) {
      width = Math.min(shape.channels(), LONG_ROW);
      height = (shape.channels() + width - 1) / width;
    }
    return new MapSheet.Band(
        title, height, width, tiles, limit < 0 ? MapSheet.largest(tiles) : limit);
  }

  /** Whether the values of a vector are too many for a square with its number each. */
  private static boolean isStrip(Shape shape) {
    return shape.isVector() && shape.channels() > MOST_SQUARES;
  }

  private static List<MapSheet.Tile> tiles(Shape shape, float[] values, int channels) {
    if (isStrip(shape)) {
      return List.of(new MapSheet.Tile("", values));
    }
    List<MapSheet.Tile> tiles = new ArrayList<>();
    int plane = shape.plane();
    int shown = shape.isVector() ? shape.channels() : Math.min(channels, shape.channels());
    for (int c = 0; c < shown; c++) {
      tiles.add(
          new MapSheet.Tile(
              String.valueOf(c), Arrays.copyOfRange(values, c * plane, (c + 1) * plane)));
    }
    return tiles;
  }
}
