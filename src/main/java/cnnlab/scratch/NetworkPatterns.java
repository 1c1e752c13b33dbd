package cnnlab.scratch;

import cnnlab.scratch.layer.Broadcast;
import cnnlab.scratch.layer.ElementwiseMerge;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a network does with several layers and other formats do with one, for those who write them:
 * grouped convolutions, and merges that broadcast.
 */
public final class NetworkPatterns {
  private final Network network;
  private final Map<Integer, List<Integer>> readers = new HashMap<>();
  private final Map<Integer, GroupedConvolution> grouped = new HashMap<>();
  private final Set<Integer> parts = new HashSet<>();

  /** Looks for the patterns of a network. */
  public NetworkPatterns(Network network) {
    this.network = network;
    int n = network.nodes().size();
    for (int i = 0; i < n; i++) {
      for (int from : network.nodes().get(i).inputs()) {
        readers.computeIfAbsent(from, key -> new ArrayList<>()).add(i);
      }
    }
    for (int i = 0; i < n; i++) {
      GroupedConvolution found = GroupedConvolution.endingAt(network, readers, i);
      if (found != null) {
        grouped.put(i, found);
        parts.addAll(found.parts());
      }
    }
  }

  /** The positions of the nodes that read a node's output; -1 for the network's input. */
  public List<Integer> readers(int node) {
    return readers.getOrDefault(node, List.of());
  }

  /** The grouped convolution that ends in a node, or null. */
  public GroupedConvolution grouped(int node) {
    return grouped.get(node);
  }

  /** Whether a node belongs to a grouped convolution that ends later. */
  public boolean isPart(int node) {
    return parts.contains(node);
  }

  /**
   * Whether a node is a broadcast of which nothing remains to be done when merging layers broadcast
   * their inputs themselves: all that read it are such layers, and their other inputs have the
   * sides that it would repeat.
   */
  public boolean isDoneByMerges(int node) {
    Node broadcast = network.nodes().get(node);
    return broadcast.layer() instanceof Broadcast
        && !readers(node).isEmpty()
        && readers(node).stream().allMatch(this::broadcasts);
  }

  private boolean broadcasts(int reader) {
    Node merge = network.nodes().get(reader);
    if (!(merge.layer() instanceof ElementwiseMerge)) {
      return false;
    }
    int channels = 1;
    int height = 1;
    int width = 1;
    for (int from : merge.inputs()) {
      boolean repeated = from >= 0 && network.nodes().get(from).layer() instanceof Broadcast;
      Shape shape = shape(repeated ? network.nodes().get(from).inputs().get(0) : from);
      channels = Math.max(channels, shape.channels());
      height = Math.max(height, shape.height());
      width = Math.max(width, shape.width());
    }
    return merge.shape().equals(new Shape(channels, height, width));
  }

  /** The shape of a node's output; -1 for the network's input. */
  public Shape shape(int node) {
    return node < 0 ? network.inputShape() : network.nodes().get(node).shape();
  }
}
