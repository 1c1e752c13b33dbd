package cnnlab.scratch;

import cnnlab.scratch.kernel.Padding;
import cnnlab.scratch.kernel.Window;
import cnnlab.scratch.layer.Conv2d;
import cnnlab.scratch.layer.MaxPool2d;
import cnnlab.scratch.layer.Node;
import java.util.ArrayList;
import java.util.List;

/**
 * In which order and by what a network's nodes are computed, decided once: steps, each of which
 * computes one node or a fused pair of two, in runs that take the images group by group or all
 * together. A step is never divided, so what a fused pair leaves out is never read.
 *
 * @param runs one after another
 */
public record ForwardPlan(List<Run> runs) {

  public ForwardPlan {
    runs = List.copyOf(runs);
  }

  /**
   * Steps that a group of images goes through before the next one comes.
   *
   * @param flat whether all groups go through a step together: vectors are small, and a dense layer
   *     then reads its weights once for all of them. Images go group by group, so that what one
   *     layer writes is still in the cache when the next one reads it.
   * @param steps one after another
   */
  record Run(boolean flat, List<Step> steps) {
    Run {
      steps = List.copyOf(steps);
    }
  }

  /**
   * What is computed at once.
   *
   * @param node the node whose input is read
   * @param result the node whose output is written: the same one, or the pooling that is fused into
   *     the convolution {@code node}
   */
  record Step(int node, int result) {
    boolean fused() {
      return result != node;
    }
  }

  /**
   * A plan for nodes {@code from} (inclusive) to {@code to} (exclusive).
   *
   * @param fuse whether a convolution and the pooling after it may be computed together, which
   *     leaves out the activations between them: not where every node's output is asked for, as in
   *     training
   */
  public static ForwardPlan of(Network network, int from, int to, boolean fuse) {
    List<Run> runs = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    boolean flat = false;
    int next = from;
    while (next < to) {
      int last = fuse && next + 1 < to && isFusable(network, next) ? next + 1 : next;
      boolean vector = network.nodes().get(next).shape().isVector();
      if (vector != flat && !steps.isEmpty()) {
        runs.add(new Run(flat, steps));
        steps = new ArrayList<>();
      }
      flat = vector;
      steps.add(new Step(next, last));
      next = last + 1;
    }
    if (!steps.isEmpty()) {
      runs.add(new Run(flat, steps));
    }
    return new ForwardPlan(runs);
  }

  /**
   * Whether node k is a convolution with ReLU that only a plain 2x2 max pooling reads, the next
   * node.
   */
  private static boolean isFusable(Network network, int k) {
    List<Node> nodes = network.nodes();
    return network.kernels().fusesPooling()
        && nodes.get(k).layer() instanceof Conv2d conv
        && conv.relu()
        && conv.outChannels() >= 4
        && nodes.get(k + 1).layer() instanceof MaxPool2d pool
        && pool.window().equals(Window.square(2, 2, Padding.VALID))
        && nodes.get(k + 1).inputs().equals(List.of(k))
        && nodes.stream().filter(n -> n.inputs().contains(k)).count() == 1;
  }
}
