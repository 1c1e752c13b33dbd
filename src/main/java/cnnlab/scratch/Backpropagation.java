package cnnlab.scratch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The loss of a batch and its gradient with respect to every parameter, for a network that ends in
 * a softmax and is trained with categorical cross-entropy.
 *
 * <p>The batch is cut into pieces of a fixed size, which the threads of a team take as they come;
 * what the pieces give is added up in their order. So the result does not depend on the number of
 * threads.
 */
public final class Backpropagation {
  /** Rows of a weight matrix whose gradient is one task. */
  private static final int ROWS = 32;

  private final Network network;
  private final Buffers buffers;
  private final Team team;
  private final float[] gradients;
  private final double[] losses;
  private final List<Stage> forward = new ArrayList<>();
  private final List<Stage> backward = new ArrayList<>();
  private final List<Rows> rows = new ArrayList<>();
  private final List<int[]> shared = new ArrayList<>();
  private final int softmax;

  /**
   * Nodes that a piece goes through without waiting for the others; afterwards it gives its share
   * to a batchwise node, or -1.
   */
  private record Stage(List<Integer> nodes, int share) {}

  /** Some rows of one node's weight gradient. */
  private record Rows(int node, int from, int to) {}

  /**
   * @param network ends in a softmax; its parameters are read at each call
   * @param maxImages the largest batch
   * @param team who computes
   * @throws IllegalArgumentException when the last layer is not a softmax over a vector
   */
  public Backpropagation(Network network, int maxImages, Team team) {
    this(network, maxImages, team, false);
  }

  Backpropagation(Network network, int maxImages, Team team, boolean inputGradient) {
    this.network = network;
    this.team = team;
    this.softmax = network.nodes().size() - 1;
    Network.Node last = network.nodes().get(softmax);
    if (!(last.layer() instanceof Softmax) || !last.shape().isVector()) {
      throw new IllegalArgumentException(
          "layer '%s' (%s): training needs a softmax over a vector as the last layer"
              .formatted(last.name(), last.layer().kind()));
    }
    this.buffers = new Buffers(network, maxImages, true, inputGradient);
    this.gradients = new float[network.parameters().length];
    this.losses = new double[buffers.capacity() / Buffers.PIECE];
    planForward();
    planBackward();
    planGradients();
  }

  private void planForward() {
    List<Integer> nodes = new ArrayList<>();
    for (int k = 0; k <= softmax; k++) {
      if (layer(k) instanceof Batchwise) {
        forward.add(new Stage(nodes, k));
        nodes = new ArrayList<>();
      }
      nodes.add(k);
    }
    forward.add(new Stage(nodes, -1));
  }

  private void planBackward() {
    List<Integer> nodes = new ArrayList<>();
    for (int k = softmax - 1; k >= 0; k--) {
      if (layer(k) instanceof Batchwise) {
        backward.add(new Stage(nodes, k));
        nodes = new ArrayList<>();
      }
      nodes.add(k);
    }
    backward.add(new Stage(nodes, -1));
  }

  /**
   * Which gradients are computed from the whole batch, and which ranges are added up from the
   * pieces' shares.
   */
  private void planGradients() {
    for (int k = 0; k <= softmax; k++) {
      Network.Node node = network.nodes().get(k);
      int matrixRows = node.layer().weightRows();
      for (int from = 0; from < matrixRows; from += ROWS) {
        rows.add(new Rows(k, from, Math.min(from + ROWS, matrixRows)));
      }
      int begin = node.parameterOffset();
      int end = begin + node.layer().parameterCount();
      if (matrixRows > 0) {
        begin += node.layer().parameters().get(0).size();
      }
      if (begin < end && !(node.layer() instanceof Batchwise)) {
        shared.add(new int[] {begin, end});
      }
    }
  }

  private Layer layer(int k) {
    return network.nodes().get(k).layer();
  }

  /** The gradient of the last call's loss, laid out as {@link Network#parameters}. */
  public float[] gradients() {
    return gradients;
  }

  /**
   * Goes forward and backward once.
   *
   * @param x images [n, C, H, W]
   * @param y target distributions [n, K]
   * @param n how many images, at least 1
   * @param labelSmoothing s in [0, 1): targets become (1 − s)·y + s/K (Szegedy et al. 2016)
   * @param step which step this is, for dropout
   * @param seed of the random numbers
   * @return the mean cross-entropy, −1/n · Σ y · log p
   */
  public double run(float[] x, float[] y, int n, double labelSmoothing, long step, long seed) {
    network.checkImages(x, n);
    buffers.begin(n, step, seed);
    int pieces = buffers.pieceCount();
    Arrays.fill(gradients, 0);
    for (int s = 0; s < forward.size(); s++) {
      Stage stage = forward.get(s);
      boolean first = s == 0;
      team.run(pieces, (piece, pad) -> forward(stage, piece, pad, first ? x : null));
      if (stage.share >= 0) {
        Pass pass = buffers.whole(stage.share, gradients, null);
        ((Batchwise) layer(stage.share)).combineForward(pass, pieces);
      }
    }
    for (int s = 0; s < backward.size(); s++) {
      Stage stage = backward.get(s);
      boolean first = s == 0;
      team.run(
          pieces,
          (piece, pad) -> {
            if (first) {
              lossGradient(piece, y, n, labelSmoothing);
              clearShares(piece);
            }
            backward(stage, piece, pad);
          });
      if (stage.share >= 0) {
        Pass pass = buffers.whole(stage.share, gradients, null);
        ((Batchwise) layer(stage.share)).combineBackward(pass, pieces);
      }
    }
    addUp(pieces);
    team.run(rows.size(), this::weightGradient);
    double loss = 0;
    for (int piece = 0; piece < pieces; piece++) {
      loss += losses[piece];
    }
    return loss / n;
  }

  /** The gradient with respect to the images of the last call [n, C, H, W]. */
  float[] inputGradient(int n) {
    float[] out = new float[n * network.inputShape().size()];
    for (int piece = 0; piece < buffers.pieceCount(); piece++) {
      buffers.storeInputGradient(out, 0, piece);
    }
    return out;
  }

  private void forward(Stage stage, int piece, Scratchpad pad, float[] x) {
    if (x != null) {
      buffers.load(x, 0, piece);
    }
    if (!stage.nodes.isEmpty()) {
      int last = stage.nodes.get(stage.nodes.size() - 1);
      buffers.forward(piece, stage.nodes.get(0), last + 1, false, pad);
    }
    if (stage.share >= 0) {
      ((Batchwise) layer(stage.share)).shareForward(buffers.pass(piece, stage.share, pad), piece);
    }
  }

  private void backward(Stage stage, int piece, Scratchpad pad) {
    for (int k : stage.nodes) {
      layer(k).backward(buffers.pass(piece, k, pad));
      buffers.addApart(piece, k);
    }
    if (stage.share >= 0) {
      ((Batchwise) layer(stage.share)).shareBackward(buffers.pass(piece, stage.share, pad), piece);
    }
  }

  /**
   * Loss and gradient at the logits z. Softmax and cross-entropy together have the derivative
   * dLoss/dz[k] = (p[k] − y[k]) / n, which neither overflows nor divides by a small p.
   */
  private void lossGradient(int piece, float[] y, int n, double smoothing) {
    Pass pass = buffers.pass(piece, softmax, null);
    int classes = pass.node.shape().size();
    int lanes = network.kernels().lanes();
    double sum = 0;
    for (int g = pass.from; g < pass.to; g++) {
      for (int l = 0; l < lanes; l++) {
        int image = g * lanes + l;
        for (int k = 0; k < classes; k++) {
          int at = (g * classes + k) * lanes + l;
          if (image < n) {
            float p = pass.output[at];
            double target = (1 - smoothing) * y[image * classes + k] + smoothing / classes;
            sum -= target == 0 ? 0 : target * Math.log(Math.max(p, Loss.CLIP));
            pass.inputGradient()[at] = (float) ((p - target) / n);
          } else {
            pass.inputGradient()[at] = 0;
          }
        }
      }
    }
    losses[piece] = sum;
  }

  private void clearShares(int piece) {
    for (int[] range : shared) {
      Arrays.fill(buffers.shares(piece), range[0], range[1], 0);
    }
  }

  private void addUp(int pieces) {
    for (int piece = 0; piece < pieces; piece++) {
      float[] shares = buffers.shares(piece);
      for (int[] range : shared) {
        for (int i = range[0]; i < range[1]; i++) {
          gradients[i] += shares[i];
        }
      }
    }
  }

  private void weightGradient(int task, Scratchpad pad) {
    Rows r = rows.get(task);
    // A pass of its own: several threads may work on one node.
    Pass whole = buffers.whole(r.node, gradients, null);
    layer(r.node).weightGradient(whole.on(whole.from, whole.to, pad), r.from, r.to);
  }
}
