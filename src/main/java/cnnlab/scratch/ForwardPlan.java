package cnnlab.scratch;

import cnnlab.scratch.kernel.Padding;
import cnnlab.scratch.kernel.Window;
import cnnlab.scratch.layer.Conv2d;
import cnnlab.scratch.layer.MaxPool2d;
import cnnlab.scratch.layer.Node;
import java.util.ArrayList;
import java.util.List;

/**
 * The order in which a network's nodes are computed: runs of steps. A step computes one node, or
 * two nodes fused into one. A run takes the images group by group or all together. The plan is made
 * once; nothing reads the tensor between two fused nodes.
 *
 * @param runs in the order of computation
 */
public record ForwardPlan(List<Run> runs) {

  public ForwardPlan {
    runs = List.copyOf(runs);
  }

  /**
   * Steps that one group of images goes through before the next group begins.
   *
   * @param flat whether all groups go through a step together. Flat vectors do: they are small, and
   *     a dense layer then reads its weights once for all of them. Images go group by group, so
   *     that the output of one layer is still in the cache when the next one reads it.
   * @param steps in the order of computation
   */
  record Run(boolean flat, List<Step> steps) {
    Run {
      steps = List.copyOf(steps);
    }
  }

  /**
   * One step: one node, or two fused ones.
   *
   * @param node the node whose input is read
   * @param result the node whose output is written: {@code node} itself, or the pooling that is
   *     fused into the convolution {@code node}
   */
  record Step(int node, int result) {
    boolean fused() {
      return result != node;
    }

    List<Integer> nodes() {
      return fused() ? List.of(node, result) : List.of(node);
    }
  }

  /**
   * A plan for nodes {@code from} (inclusive) to {@code to} (exclusive).
   *
   * @param fuse whether a convolution and the pooling after it may be fused, which skips the
   *     activations between them; false where every node's output is needed, as in training
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
   * Whether node k is a convolution with ReLU whose only reader is the next node, a plain 2x2 max
   * pooling.
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
