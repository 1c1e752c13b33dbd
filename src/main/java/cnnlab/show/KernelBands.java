package cnnlab.show;

import cnnlab.plot.sheet.MapSheet;
import cnnlab.scratch.Network;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.DepthwiseConv2d;
import cnnlab.scratch.layer.Flatten;
import cnnlab.scratch.layer.FlattenChannelsLast;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.layer.TransposedConv2d;
import cnnlab.text.Numbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The weights of a layer as maps: kernels, or weights laid back on the image they are for. */
public final class KernelBands {
  private static final int MOST_TILES = 128;
  private static final int MOST_SIDE = 128;
  private static final int KERNEL = 4;
  private static final int GROUP_KERNEL = 5;
  private static final String WEIGHTS = "W";
  private static final String BIAS = "b";

  private final Network network;
  private final int channels;

  /**
   * @param channels the most inputs and outputs of a layer that are shown, at least 1
   */
  public KernelBands(Network network, int channels) {
    this.network = network;
    this.channels = channels;
  }

  /** The weights and biases of a node; empty if its weights make no picture. */
  public List<MapSheet.Band> of(Node node) {
    List<MapSheet.Band> bands = new ArrayList<>();
    int offset = node.parameterOffset();
    for (Layer.Parameter parameter : node.layer().parameters()) {
      float[] values = Arrays.copyOfRange(network.parameters(), offset, offset + parameter.size());
      if (parameter.name().equals(WEIGHTS)) {
        of(node, parameter.shape(), values).ifPresent(bands::add);
      } else if (parameter.name().equals(BIAS) && !bands.isEmpty()) {
        Shape all = Shape.vector(values.length);
        bands.add(LayerBands.band("biases", all, values, channels, -1));
      }
      offset += parameter.size();
    }
    return bands;
  }

  private Optional<MapSheet.Band> of(Node node, List<Integer> shape, float[] w) {
    if (node.layer() instanceof Dense dense) {
      return Optional.of(dense(node, dense, w));
    }
    return switch (shape.size()) {
      case KERNEL -> Optional.of(kernels(node.layer(), shape, w));
      case GROUP_KERNEL ->
          Optional.of(
              kernels(
                  node.layer(),
                  List.of(shape.get(0), shape.get(1) * shape.get(2), shape.get(3), shape.get(4)),
                  w));
      default -> Optional.empty();
    };
  }

  /** Kernels [O, I, KH, KW]; of a transposed convolution [I, O, KH, KW]. */
  private MapSheet.Band kernels(Layer layer, List<Integer> shape, float[] w) {
    boolean transposed = layer instanceof TransposedConv2d;
    int outputs = shape.get(transposed ? 1 : 0);
    int inputs = shape.get(transposed ? 0 : 1);
    int size = shape.get(2) * shape.get(3);
    int ins = Math.min(inputs, channels);
    int outs = Math.min(Math.min(outputs, channels), Math.max(1, MOST_TILES / ins));
    List<MapSheet.Tile> tiles = new ArrayList<>();
    for (int o = 0; o < outs; o++) {
      for (int i = 0; i < ins; i++) {
        int at = (transposed ? i * outputs + o : o * inputs + i) * size;
        String caption =
            inputs == 1 || layer instanceof DepthwiseConv2d
                ? "output " + o
                : "output %s, input %s".formatted(o, i);
        tiles.add(new MapSheet.Tile(caption, Arrays.copyOfRange(w, at, at + size)));
      }
    }
    return new MapSheet.Band(
        shown("kernels", outs * ins, outputs * inputs), shape.get(2), shape.get(3), tiles);
  }

  /** Weights [in, out]: of each output a map on the feature maps that were flattened. */
  private MapSheet.Band dense(Node node, Dense dense, float[] w) {
    Source source = source(node);
    if (source == null) {
      return matrix(dense, w);
    }
    Shape s = source.shape;
    int ins = Math.min(s.channels(), channels);
    int outs = Math.min(Math.min(dense.out(), channels), Math.max(1, MOST_TILES / ins));
    List<MapSheet.Tile> tiles = new ArrayList<>();
    for (int o = 0; o < outs; o++) {
      for (int c = 0; c < ins; c++) {
        float[] map = new float[s.plane()];
        for (int p = 0; p < map.length; p++) {
          int feature = source.channelsLast ? p * s.channels() + c : c * s.plane() + p;
          map[p] = w[feature * dense.out() + o];
        }
        String caption =
            s.channels() == 1
                ? "output " + o
                : ins > 4 ? "%s ← %s".formatted(o, c) : "output %s, channel %s".formatted(o, c);
        tiles.add(new MapSheet.Tile(caption, map));
      }
    }
    return new MapSheet.Band(
        shown("maps of weights, laid back on the input", outs * ins, dense.out() * s.channels())
            + (s.channels() > 4 ? " (output ← channel)" : ""),
        s.height(),
        s.width(),
        tiles);
  }

  private MapSheet.Band matrix(Dense dense, float[] w) {
    int rows = Math.min(dense.out(), MOST_SIDE);
    int columns = Math.min(dense.in(), MOST_SIDE);
    float[] map = new float[rows * columns];
    for (int o = 0; o < rows; o++) {
      for (int i = 0; i < columns; i++) {
        map[o * columns + i] = w[i * dense.out() + o];
      }
    }
    return new MapSheet.Band(
        shown("weights", rows * columns, dense.in() * dense.out())
            + ": a row for each output, a column for each input",
        rows,
        columns,
        List.of(new MapSheet.Tile("", map)));
  }

  /** The feature maps that a dense layer reads, and the order of their values in the vector. */
  private record Source(Shape shape, boolean channelsLast) {}

  private Source source(Node node) {
    int at = node.inputs().get(0);
    Shape in = network.inputShape();
    if (at < 0) {
      int side = (int) Math.round(Math.sqrt(in.size()));
      boolean square = side > 1 && side * side == in.size();
      return square ? new Source(new Shape(1, side, side), false) : null;
    }
    Node before = network.nodes().get(at);
    int from = before.inputs().get(0);
    Shape flattened = from < 0 ? in : network.nodes().get(from).shape();
    boolean last = before.layer() instanceof FlattenChannelsLast;
    return (last || before.layer() instanceof Flatten) && !flattened.isVector()
        ? new Source(flattened, last)
        : null;
  }

  static String shown(String what, int shown, int all) {
    return shown == all
        ? "%s %s".formatted(Numbers.count(all), what)
        : "%s of %s %s".formatted(Numbers.count(shown), Numbers.count(all), what);
  }
}
