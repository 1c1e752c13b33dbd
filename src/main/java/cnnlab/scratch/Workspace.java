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
 * fixed number of images, allocated once. It is worked on in pieces of {@value Kernels#PIECE}
 * images. Between plain [N, C, H, W] arrays and the grouped layout of {@link LayerContext} this is
 * the only place that converts.
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
  private final LayerContext[][] pieces;
  private final List<Addition> additions = new ArrayList<>();
  private int images;

  /** A gradient that goes where another one stands already: computed apart, then added. */
  private record Addition(int node, float[] from, float[] to, int size) {}

  /**
   * @param images how many images fit
   * @param training whether gradients are kept
   * @param inputGradient whether the gradient with respect to the network's input is wanted too
   */
  public Workspace(Network network, int images, boolean training, boolean inputGradient) {
    this.network = network;
    this.training = training;
    this.lanes = network.kernels().lanes();
    this.groups = (images + Kernels.PIECE - 1) / Kernels.PIECE * (Kernels.PIECE / lanes);
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
      whole[k] = newPass(node, k);
    }
    if (training) {
      routeGradients();
    }
    int count = groups * lanes / Kernels.PIECE;
    this.pieces = new LayerContext[count][nodes];
    for (int p = 0; p < count; p++) {
      float[] shares = training ? new float[network.parameters().length] : null;
      for (int k = 0; k < nodes; k++) {
        pieces[p][k] = whole[k].on(0, 0, null);
        pieces[p][k].parameterGradients = shares;
      }
    }
  }

  private float[] newTensor(Shape shape) {
    return new float[groups * shape.size() * lanes];
  }

  private LayerContext newPass(Node node, int k) {
    LayerContext pass = new LayerContext();
    pass.kernels = network.kernels();
    pass.node = node;
    pass.parameters = network.parameters();
    pass.training = training;
    pass.output = outputs[k];
    pass.outputGradient = gradients[k];
    pass.inputs = node.inputs().stream().map(this::tensor).toArray(float[][]::new);
    pass.inShapes = node.inputs().stream().map(this::shape).toArray(Shape[]::new);
    Window window = node.layer().window();
    pass.geometry =
        window == null ? null : window.on(pass.inShape().height(), pass.inShape().width());
    pass.convolution = window == null ? null : node.layer().convolution(pass.geometry);
    pass.memory = training ? node.layer().newMemory(pass.inShape(), groups, lanes) : null;
    return pass;
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
          additions.add(new Addition(k, apart, target, shape.size() * lanes));
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

  /** How many pieces the current images make. */
  public int pieceCount() {
    return (images + Kernels.PIECE - 1) / Kernels.PIECE;
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
    int perPiece = Kernels.PIECE / lanes;
    int filled = (count + lanes - 1) / lanes;
    for (int p = 0; p < pieceCount(); p++) {
      for (LayerContext pass : pieces[p]) {
        set(pass, p * perPiece, Math.min((p + 1) * perPiece, filled), step, seed);
      }
    }
    for (LayerContext pass : whole) {
      set(pass, 0, filled, step, seed);
    }
  }

  private void set(LayerContext pass, int from, int to, long step, long seed) {
    pass.from = from;
    pass.to = to;
    pass.images = images;
    pass.step = step;
    pass.seed = seed + pass.node.name().hashCode();
  }

  /** Node k's pass over one piece, computing with a thread's scratchpad. */
  public LayerContext pass(int piece, int k, Scratchpad pad) {
    LayerContext pass = pieces[piece][k];
    pass.scratchpad = pad;
    return pass;
  }

  /** Takes a piece forward through the steps of a plan. */
  public void forward(int piece, ForwardPlan plan, Scratchpad pad) {
    for (ForwardPlan.Run run : plan.runs()) {
      LayerContext first = pieces[piece][run.steps().get(0).node()];
      int begin = first.from;
      int end = first.to;
      int step = run.flat() ? Math.max(1, end - begin) : 1;
      for (int g = begin; g < end; g += step) {
        for (ForwardPlan.Step s : run.steps()) {
          LayerContext pass = pass(piece, s.node(), pad);
          pass.from = g;
          pass.to = g + step;
          if (s.fused()) {
            forwardFused(pass, outputs[s.result()]);
          } else {
            pass.node.layer().forward(pass);
          }
        }
      }
      for (ForwardPlan.Step s : run.steps()) {
        pieces[piece][s.node()].from = begin;
        pieces[piece][s.node()].to = end;
      }
    }
  }

  private static void forwardFused(LayerContext pass, float[] pooled) {
    Conv2d conv = (Conv2d) pass.node.layer();
    int weights = pass.node.parameterOffset();
    pass.kernels.conv2dMaxPool(
        pass.convolution,
        pass.input(),
        pass.parameters,
        weights,
        conv.bias() ? weights + conv.parameters().get(0).size() : -1,
        pooled,
        pass.from,
        pass.to,
        pass.scratchpad);
  }

  /** Node k's pass over all groups, whose parameter gradients are {@code gradients}. */
  public LayerContext whole(int k, float[] parameterGradients, Scratchpad pad) {
    LayerContext pass = whole[k];
    pass.parameterGradients = parameterGradients;
    pass.scratchpad = pad;
    return pass;
  }

  /** The parameter gradients of one piece. */
  public float[] shares(int piece) {
    return pieces[piece][0].parameterGradients;
  }

  /** Adds what node k's backward pass over a piece wrote apart. */
  public void addApart(int piece, int k) {
    for (Addition a : additions) {
      if (a.node == k) {
        LayerContext pass = pieces[piece][k];
        for (int i = pass.from * a.size; i < pass.to * a.size; i++) {
          a.to[i] += a.from[i];
        }
      }
    }
  }

  /**
   * Takes a piece's images from {@code x} [.., C, H, W], in which the first of all images stands at
   * position {@code offset}; a last group that is not full is filled up with zeros.
   */
  public void load(float[] x, int offset, int piece) {
    int size = network.inputShape().size();
    LayerContext pass = pieces[piece][0];
    for (int g = pass.from; g < pass.to; g++) {
      int count = pass.imagesIn(g);
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
   * Writes node k's output of a piece to {@code out} [.., C, H, W], the first of all images at
   * position {@code offset}.
   */
  public void store(int k, float[] out, int offset, int piece) {
    store(tensor(k), shape(k).size(), out, offset, piece);
  }

  /** The same for the gradient with respect to the input. */
  public void storeInputGradient(float[] out, int offset, int piece) {
    store(gradient(-1), network.inputShape().size(), out, offset, piece);
  }

  private void store(float[] tensor, int size, float[] out, int offset, int piece) {
    LayerContext pass = pieces[piece][0];
    int last = Math.min((piece + 1) * Kernels.PIECE, images);
    for (int image = pass.from * lanes; image < last; image++) {
      int begin = image / lanes * size * lanes + image % lanes;
      for (int i = 0; i < size; i++) {
        out[(offset + image) * size + i] = tensor[begin + i * lanes];
      }
    }
  }
}
