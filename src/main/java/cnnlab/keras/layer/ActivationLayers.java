package cnnlab.keras.layer;

import cnnlab.keras.file.LayerConfig;
import cnnlab.keras.file.TensorShape;
import cnnlab.keras.file.TensorShape.Axes;
import cnnlab.keras.file.TensorShape.Image;
import cnnlab.keras.file.TensorShape.Vector;
import cnnlab.model.layer.ChannelSoftmax;
import cnnlab.model.layer.ExponentialLinear;
import cnnlab.model.shape.AxisPermutation;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;

/** Converts activation layers. */
final class ActivationLayers {
  private ActivationLayers() {}

  static void named(FlatLayer layer, Assembly graph) {
    boolean image = graph.input(layer) instanceof Image;
    add(layer, graph, Activations.of(layer.config(), image));
  }

  static void relu(FlatLayer layer, Assembly graph) {
    add(layer, graph, Activations.relu(layer.config()));
  }

  static void leakyRelu(FlatLayer layer, Assembly graph) {
    add(layer, graph, Activations.leakyRelu(layer.config()));
  }

  static void elu(FlatLayer layer, Assembly graph) {
    add(layer, graph, new ExponentialLinear(layer.config().number("alpha", 1)));
  }

  /** Softmax along one axis, the last by default. */
  static void softmax(FlatLayer layer, Assembly graph) {
    LayerConfig config = layer.config();
    TensorShape in = graph.input(layer);
    if (!(in instanceof Image image)) {
      config.requireChannelAxis("axis", in);
      add(layer, graph, new ActivationSoftmax());
      return;
    }
    int rank = in.sizes().size() + 1;
    List<Integer> given = config.integers("axis");
    int axis = given.isEmpty() ? -1 : given.get(0);
    axis = axis < 0 ? axis + rank : axis;
    config.require("axis", given.size() <= 1 && axis > 0 && axis < rank, "one axis of " + in);
    if (axis == in.channelAxis()) {
      add(layer, graph, new ChannelSoftmax());
      return;
    }
    // The axis changes places with that of the channels, and back.
    boolean rows = image.axes() == Axes.IMAGE && axis == 1 || image.channelsFirst() && axis == 2;
    AxisPermutation swap = new AxisPermutation(rows ? new int[] {1, 0, 2} : new int[] {2, 1, 0});
    Image swapped =
        rows
            ? new Image(image.channels(), image.width(), image.height(), image.axes())
            : new Image(image.height(), image.channels(), image.width(), image.axes());
    String before = layer.vertex() + ".swapped";
    String softmax = layer.vertex() + ".softmax";
    graph.addVertex(layer, before, new PreprocessorVertex(swap), swapped, graph.resolved(layer)[0]);
    graph.add(layer, softmax, new ActivationLayer(new ChannelSoftmax()), swapped, before);
    graph.addVertex(layer, layer.vertex(), new PreprocessorVertex(swap), in, softmax);
  }

  /** Adds an activation as a layer of its own. */
  static void add(FlatLayer layer, Assembly graph, IActivation activation) {
    TensorShape in = graph.input(layer);
    if (activation instanceof ChannelSoftmax) {
      // For an image without a channel axis, Keras' softmax runs along the columns.
      layer.config().image(in);
    }
    if (graph.isOutput(layer) && in instanceof Vector) {
      graph.add(
          layer,
          new LossLayer.Builder(Assembly.loss(activation)).activation(activation).build(),
          in);
    } else {
      graph.addOverwriting(layer, new ActivationLayer(activation), in);
    }
    graph.keepOrder(layer);
  }

  /** PReLU: a slope for each value, shared along the shared axes. */
  static void prelu(FlatLayer layer, Assembly graph) {
    LayerConfig config = layer.config();
    TensorShape in = graph.input(layer);
    long[] shape =
        in instanceof Image
            ? new long[] {
              config.image(in).height(), config.image(in).width(), config.image(in).channels()
            }
            : new long[] {in.size()};
    // A sequence has no rows in Keras.
    int first = in instanceof Image image && image.sequence() ? 1 : 0;
    // Axes of [H, W, C] of a single image; DL4J counts from 1 in [C, H, W].
    long[] library = shape.length == 3 ? new long[] {shape[2], shape[0], shape[1]} : shape.clone();
    long[] shared = new long[config.integers("shared_axes").size()];
    for (int i = 0; i < shared.length; i++) {
      int given = config.integers("shared_axes").get(i);
      int axis = given + first;
      if (given < 1 || axis > shape.length) {
        throw config.fault("shared_axes", given, "axes from 1 to " + (shape.length - first));
      }
      shape[axis - 1] = 1;
      shared[i] = shape.length == 3 ? axis % 3 + 1 : axis;
    }
    Arrays.sort(shared);
    long[] stored = first == 1 ? Arrays.copyOfRange(shape, 1, shape.length) : shape;
    Weight alpha =
        Assembly.weights(layer, List.of("alpha"), List.of(stored)).get(0).reshaped(shape);
    PReLULayer.Builder made = new PReLULayer.Builder().inputShape(library);
    if (shared.length > 0) {
      made.sharedAxes(shared);
    }
    graph.addOverwriting(layer, made.build(), in);
    graph.set(layer, "W", shape.length == 3 ? alpha.permuted(2, 0, 1) : alpha);
    Regularizers.noteIgnored(layer, graph, "alpha_regularizer");
  }
}
