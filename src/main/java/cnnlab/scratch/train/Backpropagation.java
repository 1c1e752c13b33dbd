package cnnlab.scratch.train;

import cnnlab.scratch.ForwardPlan;
import cnnlab.scratch.Network;
import cnnlab.scratch.ThreadTeam;
import cnnlab.scratch.Workspace;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.Range;
import cnnlab.scratch.kernel.Scratchpad;
import cnnlab.scratch.layer.Batchwise;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.LayerContext;
import cnnlab.scratch.layer.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The loss of a batch and its gradient with respect to every parameter.
 *
 * <p>The batch is cut into micro-batches of a fixed size. Threads take the next micro-batch when
 * they are free; the gradients of the micro-batches are added in order. So the result does not
 * depend on the number of threads.
 */
public final class Backpropagation {
  /** Rows of a weight matrix whose gradient is one task. */
  private static final int ROWS = 32;

  private final Network network;
  private final Workspace workspace;
  private final ThreadTeam team;
  private final double[] losses;
  private final List<ForwardStage> forward = new ArrayList<>();
  private final List<BackwardStage> backward = new ArrayList<>();
  private final List<Rows> rows = new ArrayList<>();
  private final List<Range> summed = new ArrayList<>();
  private final Objective objective;
  private final int last;

  /**
   * Nodes that a micro-batch goes through forward without waiting for the others.
   *
   * @param plan the nodes
   * @param batchwise the node that follows and needs the whole batch, or -1
   */
  private record ForwardStage(ForwardPlan plan, int batchwise) {}

  /**
   * Nodes that a micro-batch goes through backward without waiting for the others.
   *
   * @param nodes in the order of computation
   * @param batchwise the node that follows and needs the whole batch, or -1
   */
  private record BackwardStage(List<Integer> nodes, int batchwise) {}

  /** Some rows of one node's weight gradient: one task. */
  private record Rows(int node, Range range) {}

  /**
   * @param network its parameters are read at each call
   * @param objective the loss
   * @param maxImages the largest batch
   * @param team the threads to compute with
   * @param inputGradient whether {@link #inputGradient} will be called
   * @throws IllegalArgumentException when the objective does not fit the network's last layer
   */
  public Backpropagation(
      Network network, Objective objective, int maxImages, ThreadTeam team, boolean inputGradient) {
    this.network = network;
    this.objective = objective;
    this.team = team;
    this.last = network.nodes().size() - 1;
    objective.requireFits(network.nodes().get(last));
    this.workspace = new Workspace(network, maxImages, true, inputGradient);
    this.losses = new double[workspace.capacity() / Kernels.MICRO_BATCH];
    planForward();
    planBackward();
    planGradients();
  }

  private void planForward() {
    int from = 0;
    for (int k = 0; k <= last; k++) {
      if (layer(k) instanceof Batchwise) {
        forward.add(new ForwardStage(ForwardPlan.of(network, from, k, false), k));
        from = k;
      }
    }
    forward.add(new ForwardStage(ForwardPlan.of(network, from, last + 1, false), -1));
  }

  private void planBackward() {
    List<Integer> nodes = new ArrayList<>();
    for (int k = objective.includesLast() ? last - 1 : last; k >= 0; k--) {
      if (layer(k) instanceof Batchwise) {
        backward.add(new BackwardStage(nodes, k));
        nodes = new ArrayList<>();
      }
      nodes.add(k);
    }
    backward.add(new BackwardStage(nodes, -1));
  }

  /**
   * Decides which gradients are computed from the whole batch, and which are summed over
   * micro-batches.
   */
  private void planGradients() {
    for (int k = 0; k <= last; k++) {
      Node node = network.nodes().get(k);
      int matrixRows = node.layer().weightRows();
      for (int from = 0; from < matrixRows; from += ROWS) {
        rows.add(new Rows(k, new Range(from, Math.min(from + ROWS, matrixRows))));
      }
      int begin = node.parameterOffset();
      int end = begin + node.layer().parameterCount();
      if (matrixRows > 0) {
        begin += node.layer().parameters().get(0).size();
      }
      if (begin < end && !(node.layer() instanceof Batchwise)) {
        summed.add(new Range(begin, end));
      }
    }
  }

  private Layer layer(int k) {
    return network.nodes().get(k).layer();
  }

  /** The gradient of the last call's loss, laid out as {@link Network#parameters}. */
  public float[] gradients() {
    return workspace.parameterGradients();
  }

  /**
   * One forward and one backward pass.
   *
   * @param x images [n, C, H, W]
   * @param y target distributions [n, K]
   * @param n the number of images, at least 1
   * @param step which step of the training this is, from 0; chooses dropout's random numbers
   * @param seed of the random numbers
   * @return the objective's mean over the batch
   */
  public double run(float[] x, float[] y, int n, long step, long seed) {
    network.checkImages(x, n);
    workspace.begin(n, step, seed);
    int microBatches = workspace.microBatchCount();
    Arrays.fill(gradients(), 0);
    for (int s = 0; s < forward.size(); s++) {
      ForwardStage stage = forward.get(s);
      boolean first = s == 0;
      team.run(
          microBatches, (microBatch, pad) -> forward(stage, microBatch, pad, first ? x : null));
      if (stage.batchwise >= 0) {
        LayerContext context = workspace.whole(stage.batchwise);
        ((Batchwise) layer(stage.batchwise)).reduceForward(context, microBatches);
      }
    }
    for (int s = 0; s < backward.size(); s++) {
      BackwardStage stage = backward.get(s);
      boolean first = s == 0;
      team.run(
          microBatches,
          (microBatch, pad) -> {
            if (first) {
              lossGradient(microBatch, y, n);
              clearPartialGradients(microBatch);
            }
            backward(stage, microBatch, pad);
          });
      if (stage.batchwise >= 0) {
        LayerContext context = workspace.whole(stage.batchwise);
        ((Batchwise) layer(stage.batchwise)).reduceBackward(context, microBatches);
      }
    }
    sumPartialGradients(microBatches);
    team.run(rows.size(), this::weightGradient);
    double loss = 0;
    for (int microBatch = 0; microBatch < microBatches; microBatch++) {
      loss += losses[microBatch];
    }
    return loss / n;
  }

  /** The gradient with respect to the images of the last call [n, C, H, W]. */
  public float[] inputGradient(int n) {
    float[] out = new float[n * network.inputShape().size()];
    for (int microBatch = 0; microBatch < workspace.microBatchCount(); microBatch++) {
      workspace.storeInputGradient(out, 0, microBatch);
    }
    return out;
  }

  private void forward(ForwardStage stage, int microBatch, Scratchpad pad, float[] x) {
    if (x != null) {
      workspace.load(x, 0, microBatch);
    }
    workspace.forward(microBatch, stage.plan, pad);
    if (stage.batchwise >= 0) {
      ((Batchwise) layer(stage.batchwise))
          .partialForward(workspace.context(microBatch, stage.batchwise, pad), microBatch);
    }
  }

  private void backward(BackwardStage stage, int microBatch, Scratchpad pad) {
    for (int k : stage.nodes) {
      layer(k).backward(workspace.context(microBatch, k, pad));
      workspace.accumulate(microBatch, k);
    }
    if (stage.batchwise >= 0) {
      ((Batchwise) layer(stage.batchwise))
          .partialBackward(workspace.context(microBatch, stage.batchwise, pad), microBatch);
    }
  }

  /** Loss, and its gradient where the backward pass begins. */
  private void lossGradient(int microBatch, float[] y, int n) {
    LayerContext context = workspace.context(microBatch, last, null);
    int outputs = context.node.shape().size();
    int lanes = network.kernels().lanes();
    float[] gradient = objective.includesLast() ? context.inputGradient() : context.outputGradient;
    double sum = 0;
    for (int g = context.groups.from(); g < context.groups.to(); g++) {
      for (int l = 0; l < lanes; l++) {
        int image = g * lanes + l;
        for (int k = 0; k < outputs; k++) {
          int at = (g * outputs + k) * lanes + l;
          if (image < n) {
            float p = context.output[at];
            double target = y[image * outputs + k];
            sum += objective.loss(p, target, outputs);
            gradient[at] = (float) (objective.gradient(p, target, outputs) / n);
          } else {
            gradient[at] = 0;
          }
        }
      }
    }
    losses[microBatch] = sum;
  }

  private void clearPartialGradients(int microBatch) {
    float[] partial = workspace.partialGradients(microBatch);
    for (Range range : summed) {
      Arrays.fill(partial, range.from(), range.to(), 0);
    }
  }

  private void sumPartialGradients(int microBatches) {
    float[] gradients = gradients();
    for (int microBatch = 0; microBatch < microBatches; microBatch++) {
      float[] partial = workspace.partialGradients(microBatch);
      for (Range range : summed) {
        for (int i = range.from(); i < range.to(); i++) {
          gradients[i] += partial[i];
        }
      }
    }
  }

  /** Several threads may work on one node: they only read its context, and have own scratchpads. */
  private void weightGradient(int task, Scratchpad pad) {
    Rows r = rows.get(task);
    layer(r.node).weightGradient(workspace.whole(r.node), r.range, pad);
  }
}
