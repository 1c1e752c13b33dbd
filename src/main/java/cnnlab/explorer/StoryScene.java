package cnnlab.explorer;

import cnnlab.crosscheck.LayerOutputs;
import cnnlab.explorer.ValueStory.Part;
import cnnlab.scratch.Network;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Shape;
import java.util.List;

/**
 * One value of a layer, with all that it may come from.
 *
 * @param network the network from scratch
 * @param image the input [C, H, W]
 * @param outputs of all layers for it
 * @param node the layer
 * @param channel of the value
 * @param row of the value
 * @param column of the value
 */
record StoryScene(
    Network network,
    float[] image,
    LayerOutputs outputs,
    Node node,
    int channel,
    int row,
    int column) {
  /** The terms of a sum, as far as they are shown, and what they amount to. */
  record Sum(int omitted, double omittedSum, Double bias, Double value) {
    /** Nothing is summed. */
    static final Sum NONE = new Sum(0, 0, null, null);
  }

  /** Where the value is in the layer's output. */
  int at() {
    return (channel * node.shape().height() + row) * node.shape().width() + column;
  }

  /** The values of the layer's first input. */
  float[] x() {
    return values(node.inputs().get(0));
  }

  /** Their shape. */
  Shape in() {
    int from = node.inputs().get(0);
    return from < 0 ? network.inputShape() : network.nodes().get(from).shape();
  }

  /** The network's parameters, of which the layer's begin at its offset. */
  float[] parameters() {
    return network.parameters();
  }

  /** The outputs of a layer by its number, negative for the image. */
  float[] values(int from) {
    return from < 0 ? image : outputs.scratch().get(network.nodes().get(from).name());
  }

  /** A value of the first input; null outside the image. */
  Double input(int c, int y, int x) {
    Shape in = in();
    boolean inside = y >= 0 && y < in.height() && x >= 0 && x < in.width();
    return inside ? Double.valueOf(x()[(c * in.height() + y) * in.width() + x]) : null;
  }

  /** A single number at the value's own place. */
  Part single(String name, double value) {
    return new Part(name, 1, 1, List.of(value), null, value, channel, row, column);
  }

  /** A story in which nothing is summed up. */
  ValueStory story(String equation, List<Part> parts, Double result) {
    return story(equation, parts, Sum.NONE, "", result);
  }

  /** The story, with what each engine has. */
  ValueStory story(String equation, List<Part> parts, Sum sum, String function, Double result) {
    int at = at();
    float[] theirs = outputs.library().get(node.name());
    double[] exact = outputs.exact().get(node.name());
    return new ValueStory(
        node.name(),
        node.layer().kind(),
        equation,
        channel,
        row,
        column,
        parts,
        sum.omitted,
        sum.omittedSum,
        sum.bias,
        sum.value,
        function,
        result,
        outputs.scratch().get(node.name())[at],
        theirs == null ? null : Double.valueOf(theirs[at]),
        exact == null ? null : exact[at]);
  }
}
