package cnnlab.scratch;

import cnnlab.scratch.layer.Activate;
import cnnlab.scratch.layer.ChannelSlice;
import cnnlab.scratch.layer.Concatenate;
import cnnlab.scratch.layer.Conv2d;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A convolution with groups: each group of input channels has its own filters. In a network it is
 * several nodes, which other formats have as one layer: a slice of the channels for each group, a
 * convolution of each slice, perhaps an activation of each, and a node that puts them side by side.
 *
 * @param source position of the node whose channels are divided, -1 for the network's input
 * @param convolutions the convolutions in the order of their channels, all of one kind
 * @param activation of each convolution, or null
 * @param parts positions of all its nodes but the last
 */
public record GroupedConvolution(
    int source, List<Node> convolutions, Activate activation, List<Integer> parts) {

  /**
   * The grouped convolution that ends in a node.
   *
   * @param readers for each position those of the nodes that read it
   * @param last position of the node that puts the groups side by side
   * @return null if the node is the end of none
   */
  static GroupedConvolution endingAt(
      Network network, Map<Integer, List<Integer>> readers, int last) {
    Node end = network.nodes().get(last);
    if (!(end.layer() instanceof Concatenate)) {
      return null;
    }
    Finder finder = new Finder(network, readers);
    return end.inputs().stream().allMatch(finder::add) ? finder.found() : null;
  }

  /** Collects the groups, one after the other. */
  private static final class Finder {
    private final Network network;
    private final Map<Integer, List<Integer>> readers;
    private final List<Node> convolutions = new ArrayList<>();
    private final List<Integer> parts = new ArrayList<>();
    private Activate activation;
    private int source;
    private int channels;

    Finder(Network network, Map<Integer, List<Integer>> readers) {
      this.network = network;
      this.readers = readers;
    }

    /** Adds the group that ends in a node; false if that is none, or one that does not fit. */
    boolean add(int end) {
      Layer last = layer(end);
      Activate own = last instanceof Activate activate ? activate : null;
      int at = own == null ? end : before(end);
      int slice = layer(at) instanceof Conv2d ? before(at) : -1;
      if (!(layer(slice) instanceof ChannelSlice part) || part.from() != channels) {
        return false;
      }
      for (int each : own == null ? List.of(at, slice) : List.of(end, at, slice)) {
        if (readers.get(each).size() != 1) {
          return false;
        }
        parts.add(each);
      }
      channels = part.to();
      boolean first = convolutions.isEmpty();
      activation = first ? own : activation;
      source = first ? before(slice) : source;
      convolutions.add(network.nodes().get(at));
      return before(slice) == source
          && layer(at).equals(convolutions.get(0).layer())
          && (own == null ? activation == null : own.equals(activation));
    }

    private Layer layer(int position) {
      return position < 0 ? null : network.nodes().get(position).layer();
    }

    private int before(int position) {
      return network.nodes().get(position).inputs().get(0);
    }

    GroupedConvolution found() {
      int all =
          (source < 0 ? network.inputShape() : network.nodes().get(source).shape()).channels();
      return convolutions.size() > 1 && channels == all
          ? new GroupedConvolution(source, List.copyOf(convolutions), activation, parts)
          : null;
    }
  }

  /** The number of groups. */
  public int groups() {
    return convolutions.size();
  }

  /** The convolution of each group. */
  public Conv2d each() {
    return (Conv2d) convolutions.get(0).layer();
  }

  /**
   * The parameters of all groups as those of one convolution: kernels [O, C / groups, KH, KW] and,
   * if there is a bias, [O].
   *
   * @param parameters of the network
   */
  public float[] parameters(float[] parameters) {
    Conv2d each = each();
    int weights = each.parameters().get(0).size();
    int biases = each.bias() ? each.outChannels() : 0;
    float[] all = new float[groups() * (weights + biases)];
    for (int k = 0; k < groups(); k++) {
      int from = convolutions.get(k).parameterOffset();
      System.arraycopy(parameters, from, all, k * weights, weights);
      System.arraycopy(parameters, from + weights, all, groups() * weights + k * biases, biases);
    }
    return all;
  }
}
