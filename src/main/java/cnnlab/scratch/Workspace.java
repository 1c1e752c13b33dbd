package cnnlab.scratch;

import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.Scratchpad;
import cnnlab.scratch.kernel.Window;
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
 * The memory of one computation: activations (and in training their gradients) of every node for a
 * fixed number of images, allocated once. It is worked on in micro-batches of {@value
 * Kernels#MICRO_BATCH} images. Between plain [N, C, H, W] arrays and the grouped layout of {@link
 * LayerContext} this is the only place that converts.
 */
public final class Workspace {

  private final Network network;
  private final boolean training;
  private final int lanes;
  private final int groups;
  private final float[] input;
  private final float[][] outputs;
  private final float[][] gradients;
  private final LayerContext[] whole;
  private final LayerContext[][] microBatches;
  private final List<GradientAccumulation> additions = new ArrayList<>();
  private int images;

  /** A gradient that goes where another one stands already: computed apart, then added. */
  private record GradientAccumulation(int node, float[] from, float[] to, int size) {}

  /**
   * @param images how many images fit
   * @param training whether gradients are kept
   * @param inputGradient whether the gradient with respect to the network's input is wanted too
   */
  public Workspace(Network network, int images, boolean training, boolean inputGradient) {
    this.network = network;
    this.training = training;
    this.lanes = network.kernels().lanes();
    this.groups =
        (images + Kernels.MICRO_BATCH - 1) / Kernels.MICRO_BATCH * (Kernels.MICRO_BATCH / lanes);
    int nodes = network.nodes().size();
    this.input = new float[groups * network.inputShape().size() * lanes];
    this.outputs = new float[nodes][];
    this.gradients = new float[nodes + 1][];
    gradients[nodes] = training && inputGradient ? newTensor(network.inputShape()) : null;
    this.whole = new LayerContext[nodes];
    for (int k = 0; k < nodes; k++) {
      Node node = network.nodes().get(k);
      boolean view = node.layer().isView();
      int source = view ? node.inputs().get(0) : k;
      outputs[k] = view ? tensor(source) : newTensor(node.shape());
      if (training) {
        gradients[k] = view ? gradient(source) : newTensor(node.shape());
      }
      whole[k] = newContext(node, k);
    }
    if (training) {
      routeGradients();
    }
    int count = groups * lanes / Kernels.MICRO_BATCH;
    this.microBatches = new LayerContext[count][nodes];
    for (int p = 0; p < count; p++) {
      float[] shares = training ? new float[network.parameters().length] : null;
      for (int k = 0; k < nodes; k++) {
        microBatches[p][k] = whole[k].slice(0, 0, null);
        microBatches[p][k].parameterGradients = shares;
      }
    }
  }

  private float[] newTensor(Shape shape) {
    return new float[groups * shape.size() * lanes];
  }

  private LayerContext newContext(Node node, int k) {
    LayerContext context = new LayerContext();
    context.kernels = network.kernels();
    context.node = node;
    context.parameters = network.parameters();
    context.training = training;
    context.output = outputs[k];
    context.outputGradient = gradients[k];
    context.inputs = node.inputs().stream().map(this::tensor).toArray(float[][]::new);
    context.inShapes = node.inputs().stream().map(this::shape).toArray(Shape[]::new);
    Window window = node.layer().window();
    context.geometry =
        window == null ? null : window.on(context.inShape().height(), context.inShape().width());
    context.convolution = window == null ? null : node.layer().convolution(context.geometry);
    context.savedForBackward =
        training ? node.layer().newState(context.inShape(), groups, lanes) : null;
    return context;
  }

  /**
   * Tells each node where the gradients of its inputs go. Going backward, the first that reaches a
   * tensor writes its gradient; what comes later is written apart and added.
   */
  private void routeGradients() {
    Set<float[]> written = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int k = whole.length - 1; k >= 0; k--) {
      Node node = whole[k].node;
      whole[k].inputGradients = new float[node.inputs().size()][];
      for (int i = 0; i < node.inputs().size() && !node.layer().isView(); i++) {
        float[] target = gradient(node.inputs().get(i));
        if (target != null && !written.add(target)) {
          Shape shape = shape(node.inputs().get(i));
          float[] apart = newTensor(shape);
          additions.add(new GradientAccumulation(k, apart, target, shape.size() * lanes));
          target = apart;
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
   * Makes room for the next images.
   *
   * @param count how many, at most the capacity
   * @param step which step of a training, for dropout
   * @param seed of the step's random numbers
   */
  public void begin(int count, long step, long seed) {
    images = count;
    int perMicroBatch = Kernels.MICRO_BATCH / lanes;
    int filled = (count + lanes - 1) / lanes;
    for (int p = 0; p < microBatchCount(); p++) {
      for (LayerContext context : microBatches[p]) {
        set(context, p * perMicroBatch, Math.min((p + 1) * perMicroBatch, filled), step, seed);
      }
    }
    for (LayerContext context : whole) {
      set(context, 0, filled, step, seed);
    }
  }

  private void set(LayerContext context, int from, int to, long step, long seed) {
    context.from = from;
    context.to = to;
    context.images = images;
    context.step = step;
    context.seed = seed + context.node.name().hashCode();
  }

  /** Node k's pass over one micro-batch, computing with a thread's scratchpad. */
  public LayerContext context(int microBatch, int k, Scratchpad pad) {
    LayerContext context = microBatches[microBatch][k];
    context.scratchpad = pad;
    return context;
  }

  /** Takes a micro-batch forward through the steps of a plan. */
  public void forward(int microBatch, ForwardPlan plan, Scratchpad pad) {
    for (ForwardPlan.Run run : plan.runs()) {
      LayerContext first = microBatches[microBatch][run.steps().get(0).node()];
      int begin = first.from;
      int end = first.to;
      int step = run.flat() ? Math.max(1, end - begin) : 1;
      for (int g = begin; g < end; g += step) {
        for (ForwardPlan.Step s : run.steps()) {
          LayerContext context = context(microBatch, s.node(), pad);
          context.from = g;
          context.to = g + step;
          if (s.fused()) {
            forwardFused(context, outputs[s.result()]);
          } else {
            context.node.layer().forward(context);
          }
        }
      }
      for (ForwardPlan.Step s : run.steps()) {
        microBatches[microBatch][s.node()].from = begin;
        microBatches[microBatch][s.node()].to = end;
      }
    }
  }

  private static void forwardFused(LayerContext context, float[] pooled) {
    Conv2d conv = (Conv2d) context.node.layer();
    int weights = context.node.parameterOffset();
    context.kernels.conv2dMaxPool(
        context.convolution,
        context.input(),
        context.parameters,
        weights,
        conv.bias() ? weights + conv.parameters().get(0).size() : -1,
        pooled,
        context.from,
        context.to,
        context.scratchpad);
  }

  /** Node k's pass over all groups, whose parameter gradients are {@code gradients}. */
  public LayerContext whole(int k, float[] parameterGradients, Scratchpad pad) {
    LayerContext context = whole[k];
    context.parameterGradients = parameterGradients;
    context.scratchpad = pad;
    return context;
  }

  /** The parameter gradients of one micro-batch. */
  public float[] shares(int microBatch) {
    return microBatches[microBatch][0].parameterGradients;
  }

  /** Adds what node k's backward pass over a micro-batch wrote apart. */
  public void accumulate(int microBatch, int k) {
    for (GradientAccumulation a : additions) {
      if (a.node == k) {
        LayerContext context = microBatches[microBatch][k];
        for (int i = context.from * a.size; i < context.to * a.size; i++) {
          a.to[i] += a.from[i];
        }
      }
    }
  }

  /**
   * Takes a micro-batch's images from {@code x} [.., C, H, W], in which the first of all images
   * stands at position {@code offset}; a last group that is not full is filled up with zeros.
   */
  public void load(float[] x, int offset, int microBatch) {
    int size = network.inputShape().size();
    LayerContext context = microBatches[microBatch][0];
    for (int g = context.from; g < context.to; g++) {
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
   * Writes node k's output of a micro-batch to {@code out} [.., C, H, W], the first of all images
   * at position {@code offset}.
   */
  public void store(int k, float[] out, int offset, int microBatch) {
    store(tensor(k), shape(k).size(), out, offset, microBatch);
  }

  /** The same for the gradient with respect to the input. */
  public void storeInputGradient(float[] out, int offset, int microBatch) {
    store(gradient(-1), network.inputShape().size(), out, offset, microBatch);
  }

  private void store(float[] tensor, int size, float[] out, int offset, int microBatch) {
    LayerContext context = microBatches[microBatch][0];
    int last = Math.min((microBatch + 1) * Kernels.MICRO_BATCH, images);
    for (int image = context.from * lanes; image < last; image++) {
      int begin = image / lanes * size * lanes + image % lanes;
      for (int i = 0; i < size; i++) {
        out[(offset + image) * size + i] = tensor[begin + i * lanes];
      }
    }
  }
}
