package cnnlab.scratch;

import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.Range;
import cnnlab.scratch.kernel.Scratchpad;
import cnnlab.scratch.layer.Conv2d;
import cnnlab.scratch.layer.LayerContext;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * The memory of one computation, allocated once: activations (and in training their gradients) of
 * every node for a fixed number of images. It is used in micro-batches of {@value
 * Kernels#MICRO_BATCH} images. Only this class converts between plain [N, C, H, W] arrays and the
 * grouped layout of {@link LayerContext}.
 *
 * <p>Different threads may work on different micro-batches at the same time.
 */
public final class Workspace {

  private final Network network;
  private final int lanes;
  private final int groups;
  private final float[] input;
  private final float[][] outputs;
  private final float[][] gradients;
  private final float[] parameterGradients;
  private final LayerContext[] whole;
  private final LayerContext[][] microBatches;
  private final List<GradientAccumulation> accumulations = new ArrayList<>();
  private int images;

  /**
   * A gradient of a tensor that already has one from another node: it is computed in an array of
   * its own and then added.
   *
   * @param node the node that computes it
   * @param from the array of its own
   * @param to the gradient of the tensor
   * @param size values of one group
   */
  private record GradientAccumulation(int node, float[] from, float[] to, int size) {}

  /**
   * @param network the layers and parameters to compute with
   * @param images how many images fit, at least 1; rounded up to whole micro-batches
   * @param training whether gradients are kept
   * @param inputGradient whether the gradient with respect to the network's input is required too
   */
  public Workspace(Network network, int images, boolean training, boolean inputGradient) {
    this.network = network;
    this.lanes = network.kernels().lanes();
    int count = (images + Kernels.MICRO_BATCH - 1) / Kernels.MICRO_BATCH;
    this.groups = count * (Kernels.MICRO_BATCH / lanes);
    int nodes = network.nodes().size();
    this.input = newTensor(network.inputShape());
    this.outputs = new float[nodes][];
    this.gradients = new float[nodes + 1][];
    gradients[nodes] = training && inputGradient ? newTensor(network.inputShape()) : null;
    this.parameterGradients = training ? new float[network.parameters().length] : null;
    this.whole = new LayerContext[nodes];
    for (int k = 0; k < nodes; k++) {
      Node node = network.nodes().get(k);
      boolean view = node.layer().isView();
      int source = view ? node.inputs().get(0) : k;
      outputs[k] = view ? tensor(source) : newTensor(node.shape());
      if (training) {
        gradients[k] = view ? gradient(source) : newTensor(node.shape());
      }
      whole[k] = newContext(node, k, training);
    }
    if (training) {
      routeGradients();
    }
    this.microBatches = new LayerContext[count][nodes];
    for (LayerContext[] contexts : microBatches) {
      float[] partial = training ? new float[network.parameters().length] : null;
      for (int k = 0; k < nodes; k++) {
        contexts[k] = whole[k].part(partial);
      }
    }
  }

  private float[] newTensor(Shape shape) {
    return new float[groups * shape.size() * lanes];
  }

  private LayerContext newContext(Node node, int k, boolean training) {
    Shape[] inShapes = node.inputs().stream().map(this::shape).toArray(Shape[]::new);
    LayerContext.Tensors tensors =
        new LayerContext.Tensors(
            inShapes,
            node.inputs().stream().map(this::tensor).toArray(float[][]::new),
            outputs[k],
            gradients[k],
            training ? new float[inShapes.length][] : null);
    return new LayerContext(
        network.kernels(),
        node,
        tensors,
        network.parameters(),
        parameterGradients,
        training ? node.layer().newState(inShapes[0], groups, lanes) : null);
  }

  /**
   * Chooses for each node where the gradients of its inputs go. Going backward, the first node that
   * reaches a tensor writes its gradient; later ones write to an array of their own, which is then
   * added.
   */
  private void routeGradients() {
    Set<float[]> written = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int k = whole.length - 1; k >= 0; k--) {
      Node node = whole[k].node;
      for (int i = 0; i < node.inputs().size() && !node.layer().isView(); i++) {
        float[] target = gradient(node.inputs().get(i));
        if (target != null && !written.add(target)) {
          Shape shape = shape(node.inputs().get(i));
          float[] own = newTensor(shape);
          accumulations.add(new GradientAccumulation(k, own, target, shape.size() * lanes));
          target = own;
        }
        whole[k].inputGradients[i] = target;
      }
    }
  }

  private float[] tensor(int k) {
    return k < 0 ? input : outputs[k];
  }

  private float[] gradient(int k) {
    return gradients[k < 0 ? outputs.length : k];
  }

  private Shape shape(int k) {
    return k < 0 ? network.inputShape() : network.nodes().get(k).shape();
  }

  /** How many images fit. */
  public int capacity() {
    return groups * lanes;
  }

  /** How many micro-batches the current images make. */
  public int microBatchCount() {
    return (images + Kernels.MICRO_BATCH - 1) / Kernels.MICRO_BATCH;
  }

  /**
   * Starts the next batch.
   *
   * @param count how many images, at most the capacity
   * @param step which step of the training this is, from 0; chooses the random numbers
   * @param seed of the random numbers
   */
  public void begin(int count, long step, long seed) {
    images = count;
    LayerContext.Batch batch = new LayerContext.Batch(count, step, seed);
    int perMicroBatch = Kernels.MICRO_BATCH / lanes;
    int filled = (count + lanes - 1) / lanes;
    for (int p = 0; p < microBatchCount(); p++) {
      int first = p * perMicroBatch;
      start(microBatches[p], new Range(first, Math.min(first + perMicroBatch, filled)), batch);
    }
    start(whole, new Range(0, filled), batch);
    for (LayerContext context : whole) {
      context
          .node
          .layer()
          .expand(context.parameters, context.node.parameterOffset(), context.expanded);
    }
  }

  private static void start(LayerContext[] contexts, Range groups, LayerContext.Batch batch) {
    for (LayerContext context : contexts) {
      context.groups = groups;
      context.batch = batch;
    }
  }

  /** Node k's context for one micro-batch, with the scratchpad of the calling thread. */
  public LayerContext context(int microBatch, int k, Scratchpad pad) {
    LayerContext context = microBatches[microBatch][k];
    context.scratchpad = pad;
    return context;
  }

  /** Takes a micro-batch forward through the steps of a plan. */
  public void forward(int microBatch, ForwardPlan plan, Scratchpad pad) {
    forward(microBatch, plan, pad, null);
  }

  /** The same, telling how long each step took to a clock that may be null. */
  void forward(int microBatch, ForwardPlan plan, Scratchpad pad, StepClock clock) {
    for (ForwardPlan.Run run : plan.runs()) {
      Range all = microBatches[microBatch][run.steps().get(0).node()].groups;
      int size = run.flat() ? Math.max(1, all.size()) : 1;
      for (int g = all.from(); g < all.to(); g += size) {
        Range groups = new Range(g, g + size);
        for (ForwardPlan.Step step : run.steps()) {
          LayerContext context = context(microBatch, step.node(), pad);
          context.groups = groups;
          long start = clock == null ? 0 : System.nanoTime();
          if (step.fused()) {
            forwardFused(context, outputs[step.result()]);
          } else {
            context.node.layer().forward(context);
          }
          if (clock != null) {
            clock.step(step.nodes(), System.nanoTime() - start);
          }
        }
      }
      for (ForwardPlan.Step step : run.steps()) {
        microBatches[microBatch][step.node()].groups = all;
      }
    }
  }

  private static void forwardFused(LayerContext context, float[] pooled) {
    Conv2d conv = (Conv2d) context.node.layer();
    context.kernels.conv2dMaxPool(
        context.convolution,
        conv.weights(context.node, context.parameters),
        context.input(),
        pooled,
        context.groups,
        context.scratchpad);
  }

  /** Node k's context for all groups. It has no scratchpad. */
  public LayerContext whole(int k) {
    return whole[k];
  }

  /** The gradients of the parameters from all groups; null unless training. */
  public float[] parameterGradients() {
    return parameterGradients;
  }

  /** The gradients of the parameters from one micro-batch; null unless training. */
  public float[] partialGradients(int microBatch) {
    return microBatches[microBatch][0].parameterGradients;
  }

  /** Adds the gradients that node k's backward pass over a micro-batch wrote to its own arrays. */
  public void accumulate(int microBatch, int k) {
    for (GradientAccumulation a : accumulations) {
      if (a.node == k) {
        Range range = microBatches[microBatch][k].groups;
        for (int i = range.from() * a.size; i < range.to() * a.size; i++) {
          a.to[i] += a.from[i];
        }
      }
    }
  }

  /**
   * Copies a micro-batch's images from {@code x} [.., C, H, W]; a last group that is not full is
   * filled up with zeros.
   *
   * @param offset the position in {@code x} of the batch's first image
   */
  public void load(float[] x, int offset, int microBatch) {
    int size = network.inputShape().size();
    LayerContext context = microBatches[microBatch][0];
    for (int g = context.groups.from(); g < context.groups.to(); g++) {
      int count = context.imagesIn(g);
      int first = (offset + g * lanes) * size;
      int at = g * size * lanes;
      if (count == lanes) {
        network.kernels().interleave(x, first, size, input, at);
        continue;
      }
      for (int l = 0; l < lanes; l++) {
        for (int i = 0; i < size; i++) {
          input[at + i * lanes + l] = l < count ? x[first + l * size + i] : 0;
        }
      }
    }
  }

  /**
   * Writes node k's output of a micro-batch to {@code out} [.., C, H, W].
   *
   * @param offset the position in {@code out} of the batch's first image
   */
  public void store(int k, float[] out, int offset, int microBatch) {
    store(tensor(k), shape(k).size(), out, offset, microBatch);
  }

  /** Writes the gradient with respect to node k's output in the same way. */
  void storeGradient(int k, float[] out, int offset, int microBatch) {
    store(gradient(k), shape(k).size(), out, offset, microBatch);
  }

  /** Writes the gradient with respect to the network's input in the same way. */
  public void storeInputGradient(float[] out, int offset, int microBatch) {
    storeGradient(-1, out, offset, microBatch);
  }

  private void store(float[] tensor, int size, float[] out, int offset, int microBatch) {
    LayerContext context = microBatches[microBatch][0];
    int last = Math.min((microBatch + 1) * Kernels.MICRO_BATCH, images);
    for (int image = context.groups.from() * lanes; image < last; image++) {
      int begin = image / lanes * size * lanes + image % lanes;
      for (int i = 0; i < size; i++) {
        out[(offset + image) * size + i] = tensor[begin + i * lanes];
      }
    }
  }
}
