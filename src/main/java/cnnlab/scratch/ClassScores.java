package cnnlab.scratch;

import cnnlab.scratch.layer.Activate;
import cnnlab.scratch.layer.Activation;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.LogSoftmax;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Softmax;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The part of a network that computes the class scores, as it is at inference. */
final class ClassScores {
  private ClassScores() {}

  /**
   * A network that ends in the class scores: what the softmax or the sigmoid reads if that is the
   * last layer, otherwise the output. Each layer is what it is at inference ({@link
   * Layer#atInference}): batch normalisation uses its running averages, dropout is off.
   *
   * @param network it is only read; the parameters are copied
   * @return layers of the same names, without those that the scores do not depend on
   * @throws IllegalArgumentException when the scores of an image are not a vector, or are the input
   */
  static Network of(Network network) {
    List<Node> nodes = network.nodes();
    int scores = scores(nodes);
    if (scores < 0 || !nodes.get(scores).shape().isVector()) {
      throw new IllegalArgumentException(
          "the class scores are %s of shape %s, expected a layer whose output is a vector"
              .formatted(
                  scores < 0 ? "the input" : "layer '" + nodes.get(scores).name() + "'",
                  scores < 0 ? network.inputShape() : nodes.get(scores).shape()));
    }
    boolean[] needed = needed(nodes, scores);
    Network.Builder builder = Network.builder(network.inputShape());
    Map<String, Integer> offsets = new HashMap<>();
    for (int k = 0; k <= scores; k++) {
      Node node = nodes.get(k);
      if (needed[k]) {
        Layer layer = node.layer().atInference(network.parameters(), node.parameterOffset());
        builder.add(node.name(), layer, inputs(nodes, node));
        offsets.put(node.name(), node.parameterOffset());
      }
    }
    float[] parameters = new float[builder.parameterCount()];
    for (Node node : builder.nodes()) {
      System.arraycopy(
          network.parameters(),
          offsets.get(node.name()),
          parameters,
          node.parameterOffset(),
          node.layer().parameterCount());
    }
    return builder.build(parameters, network.kernels());
  }

  /** The node whose output the scores are, or -1 for the network's input. */
  private static int scores(List<Node> nodes) {
    Node last = nodes.get(nodes.size() - 1);
    return isProbability(last.layer()) ? last.inputs().get(0) : nodes.size() - 1;
  }

  private static boolean isProbability(Layer layer) {
    return layer instanceof Softmax
        || layer instanceof LogSoftmax
        || layer instanceof Activate a
            && (a.activation().kind() == Activation.Kind.SIGMOID
                || a.activation().kind() == Activation.Kind.LOG_SIGMOID);
  }

  private static boolean[] needed(List<Node> nodes, int scores) {
    boolean[] needed = new boolean[nodes.size()];
    needed[scores] = true;
    for (int k = scores; k >= 0; k--) {
      for (int input : nodes.get(k).inputs()) {
        if (needed[k] && input >= 0) {
          needed[input] = true;
        }
      }
    }
    return needed;
  }

  private static String[] inputs(List<Node> nodes, Node node) {
    return node.inputs().stream()
        .map(k -> k < 0 ? Network.INPUT : nodes.get(k).name())
        .toArray(String[]::new);
  }
}
