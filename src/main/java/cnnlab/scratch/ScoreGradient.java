package cnnlab.scratch;

import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.Scratchpad;
import cnnlab.scratch.layer.GroupConv2d;
import cnnlab.scratch.layer.LayerContext;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.layer.SquareSymmetry;
import java.util.Arrays;
import java.util.List;

/**
 * The gradient ∂y[c]/∂A of a class score with respect to the output A of one layer, for a network
 * at inference: batch normalisation uses its running averages, and dropout is off. The score y[c]
 * is the value before the softmax or sigmoid.
 *
 * <p>The eight orientations of a channel, which {@link GroupConv2d} lays one below the other, count
 * as eight maps: an output [C, 8H, W] is seen as [8C, H, W], which is the same memory.
 *
 * <p>Each image is computed by itself, so its result does not depend on the others. The parameters
 * are copied when this object is made. Not thread-safe: give each thread its own.
 */
public final class ScoreGradient {
  private final Network network;
  private final int layer;
  private final int last;
  private final Shape shape;
  private final Workspace workspace;
  private final ForwardPlan plan;
  private final Scratchpad pad = new Scratchpad();

  /**
   * Scores and gradients of n images. The arrays are the caller's.
   *
   * @param scores y, before the softmax [n, K]
   * @param maps A, the layer's output [n, C, H, W], of {@link #shape}
   * @param gradients ∂y[c]/∂A [n, C, H, W]
   */
  public record Result(float[] scores, float[] maps, float[] gradients) {}

  /**
   * @param network a classifier
   * @param layer one of {@link #layers}
   * @throws IllegalArgumentException when the layer does not exist, has no spatial extent or does
   *     not lead to the scores (the message names those that do), or the scores of an image are not
   *     a vector
   */
  public ScoreGradient(Network network, String layer) {
    this.network = ClassScores.of(network);
    this.last = this.network.nodes().size() - 1;
    this.layer = find(network, this.network, layer);
    this.shape = maps(this.network.nodes(), this.layer);
    this.workspace = new Workspace(this.network, Kernels.MICRO_BATCH, true, false);
    this.plan = ForwardPlan.of(this.network, 0, last + 1, false);
  }

  /**
   * The layers that have feature maps of more than one pixel and lead to the class scores, in
   * computing order. The last one is usually that before flattening or global pooling.
   *
   * @throws IllegalArgumentException when the scores of an image are not a vector
   */
  public static List<String> layers(Network network) {
    return withMaps(ClassScores.of(network));
  }

  private static List<String> withMaps(Network scores) {
    return scores.nodes().stream().filter(n -> !n.shape().isVector()).map(Node::name).toList();
  }

  private static int find(Network whole, Network scores, String layer) {
    List<String> layers = withMaps(scores);
    if (!layers.contains(layer)) {
      String found =
          whole.nodes().stream()
              .filter(n -> n.name().equals(layer))
              .findFirst()
              .map(
                  n ->
                      n.shape().isVector()
                          ? "layer '%s' (%s, %s) has no spatial extent"
                              .formatted(layer, n.layer().kind(), n.shape())
                          : "the class scores do not depend on layer '%s'".formatted(layer))
              .orElse("there is no layer '%s'".formatted(layer));
      throw new IllegalArgumentException(
          found
              + (layers.isEmpty()
                  ? ", and no other layer has spatial extent"
                  : "; choose one of " + String.join(", ", layers)));
    }
    return scores.nodes().stream().map(Node::name).toList().indexOf(layer);
  }

  /** The name of the layer. */
  public String layer() {
    return network.nodes().get(layer).name();
  }

  /** The shape [C, H, W] of the layer's maps for one image. */
  public Shape shape() {
    return shape;
  }

  private static Shape maps(List<Node> nodes, int layer) {
    boolean[] oriented = new boolean[layer + 1];
    for (int k = 0; k <= layer; k++) {
      Node node = nodes.get(k);
      oriented[k] =
          node.layer() instanceof GroupConv2d
              || node.inputs().stream().anyMatch(input -> input >= 0 && oriented[input]);
    }
    Shape out = nodes.get(layer).shape();
    return oriented[layer] && out.height() % SquareSymmetry.COUNT == 0
        ? new Shape(
            out.channels() * SquareSymmetry.COUNT, out.height() / SquareSymmetry.COUNT, out.width())
        : out;
  }

  /**
   * The gradients of the chosen scores.
   *
   * @param x images [n, C, H, W]
   * @param n the number of images
   * @param classes the class of each image [n]
   * @throws IllegalArgumentException when {@code x} or {@code classes} is shorter than n images, or
   *     the network has no such class
   */
  public Result of(float[] x, int n, int... classes) {
    int count = network.outputShape().size();
    if (classes.length < n) {
      throw new IllegalArgumentException("%d classes for %d images".formatted(classes.length, n));
    }
    for (int c : classes) {
      if (c < 0 || c >= count) {
        throw new IllegalArgumentException(
            "class %d, expected 0 to %d: the network has %d scores".formatted(c, count - 1, count));
      }
    }
    network.checkImages(x, n);
    Result result =
        new Result(
            new float[n * count], new float[n * shape().size()], new float[n * shape().size()]);
    for (int at = 0; at < n; at += Kernels.MICRO_BATCH) {
      int images = Math.min(Kernels.MICRO_BATCH, n - at);
      workspace.begin(images, 0, 0);
      workspace.load(x, at, 0);
      workspace.forward(0, plan, pad);
      workspace.store(last, result.scores, at, 0);
      workspace.store(layer, result.maps, at, 0);
      backward(classes, at, images);
      workspace.storeGradient(layer, result.gradients, at, 0);
    }
    return result;
  }

  /** From dy[c]/dy, which is 1 at c and 0 elsewhere, back to the layer. */
  private void backward(int[] chosen, int at, int images) {
    LayerContext context = workspace.context(0, last, pad);
    int count = network.outputShape().size();
    int lanes = network.kernels().lanes();
    Arrays.fill(
        context.outputGradient,
        context.groups.from() * count * lanes,
        context.groups.to() * count * lanes,
        0);
    for (int i = 0; i < images; i++) {
      context.outputGradient[(i / lanes * count + chosen[at + i]) * lanes + i % lanes] = 1;
    }
    for (int k = last; k > layer; k--) {
      network.nodes().get(k).layer().backward(workspace.context(0, k, pad));
      workspace.accumulate(0, k);
    }
  }
}
