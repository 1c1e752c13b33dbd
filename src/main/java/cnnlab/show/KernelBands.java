package cnnlab.show;

import cnnlab.plot.sheet.MapSheet;
import cnnlab.scratch.Network;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Shape;
import cnnlab.text.Numbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The weights of a layer as maps: kernels, or weights laid back on the image they are for. */
public final class KernelBands {
  private static final int MOST_TILES = 128;
  private static final int MOST_SIDE = 128;

  /** Channels up to which captions are written out. */
  private static final int FEW = 4;

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
    Optional<WeightMaps> maps = WeightMaps.of(network, node);
    if (maps.isPresent()) {
      bands.add(band(maps.get()));
    } else if (node.layer() instanceof Dense dense) {
      bands.add(matrix(dense, node.parameterOffset()));
    }
    if (!bands.isEmpty()) {
      biases(node).ifPresent(bands::add);
    }
    return bands;
  }

  private Optional<MapSheet.Band> biases(Node node) {
    int offset = node.parameterOffset();
    for (Layer.Parameter parameter : node.layer().parameters()) {
      if (parameter.name().equals(BIAS)) {
        float[] values =
            Arrays.copyOfRange(network.parameters(), offset, offset + parameter.size());
        return Optional.of(
            LayerBands.band("biases", Shape.vector(values.length), values, channels, -1));
      }
      offset += parameter.size();
    }
    return Optional.empty();
  }

  private MapSheet.Band band(WeightMaps maps) {
    int ins = Math.min(maps.channels(), channels);
    int outs = Math.min(Math.min(maps.outputs(), channels), Math.max(1, MOST_TILES / ins));
    List<MapSheet.Tile> tiles = new ArrayList<>();
    for (int o = 0; o < outs; o++) {
      for (int c = 0; c < ins; c++) {
        tiles.add(new MapSheet.Tile(caption(maps, o, c, ins), maps.map(o, c)));
      }
    }
    int all = maps.outputs() * maps.channels();
    String title =
        maps.areKernels()
            ? shown("kernels", outs * ins, all)
            : shown("maps of weights, laid back on the input", outs * ins, all)
                + (maps.channels() > FEW ? " (output ← channel)" : "");
    return new MapSheet.Band(title, maps.height(), maps.width(), tiles);
  }

  private static String caption(WeightMaps maps, int output, int channel, int shown) {
    if (maps.channels() == 1) {
      return "output " + output;
    }
    if (maps.areKernels()) {
      return "output %s, input %s".formatted(output, channel);
    }
    return shown > FEW
        ? "%s ← %s".formatted(output, channel)
        : "output %s, channel %s".formatted(output, channel);
  }

  private MapSheet.Band matrix(Dense dense, int from) {
    int rows = Math.min(dense.out(), MOST_SIDE);
    int columns = Math.min(dense.in(), MOST_SIDE);
    float[] map = new float[rows * columns];
    for (int o = 0; o < rows; o++) {
      for (int i = 0; i < columns; i++) {
        map[o * columns + i] = network.parameters()[from + i * dense.out() + o];
      }
    }
    return new MapSheet.Band(
        shown("weights", rows * columns, dense.in() * dense.out())
            + ": a row for each output, a column for each input",
        rows,
        columns,
        List.of(new MapSheet.Tile("", map)));
  }

  static String shown(String what, int shown, int all) {
    return shown == all
        ? "%s %s".formatted(Numbers.count(all), what)
        : "%s of %s %s".formatted(Numbers.count(shown), Numbers.count(all), what);
  }
}
