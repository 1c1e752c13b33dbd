package cnnlab.crosscheck;

import cnnlab.scratch.Activate;
import cnnlab.scratch.Activation;
import cnnlab.scratch.Affine;
import cnnlab.scratch.AvgPool2d;
import cnnlab.scratch.BatchNorm;
import cnnlab.scratch.Combine;
import cnnlab.scratch.Concatenate;
import cnnlab.scratch.Conv2d;
import cnnlab.scratch.Dense;
import cnnlab.scratch.DepthwiseConv2d;
import cnnlab.scratch.Dropout;
import cnnlab.scratch.Flatten;
import cnnlab.scratch.FlattenChannelsLast;
import cnnlab.scratch.GaussianDropout;
import cnnlab.scratch.GaussianNoise;
import cnnlab.scratch.GlobalAvgPool2d;
import cnnlab.scratch.GlobalMaxPool2d;
import cnnlab.scratch.Kernels;
import cnnlab.scratch.Layer;
import cnnlab.scratch.LogSoftmax;
import cnnlab.scratch.MaxPool2d;
import cnnlab.scratch.Network;
import cnnlab.scratch.Node;
import cnnlab.scratch.PRelu;
import cnnlab.scratch.Padding;
import cnnlab.scratch.Shape;
import cnnlab.scratch.Softmax;
import cnnlab.scratch.SpatialDropout;
import cnnlab.scratch.Window;
import cnnlab.scratch.ZeroPad2d;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A layer of every kind, each behind a convolution. */
final class LayerSamples {
  static final Shape INPUT = new Shape(2, 7, 6);
  private static final int CHANNELS = 4;

  private LayerSamples() {}

  /** Layers with one input, which takes [4, 7, 6]. */
  static List<Layer> single() {
    Window window = Window.square(3, 2, Padding.SAME);
    List<Layer> layers = new ArrayList<>();
    for (boolean relu : new boolean[] {false, true}) {
      for (boolean bias : new boolean[] {false, true}) {
        layers.add(new Conv2d(CHANNELS, 5, window, bias, relu));
        layers.add(new DepthwiseConv2d(CHANNELS, 2, window, bias, relu));
        layers.add(new Dense(CHANNELS * 42, 5, bias, relu));
      }
    }
    layers.add(new Conv2d(CHANNELS, 5, new Window(3, 2, 1, 2, Padding.VALID, 2, 1), true, true));
    layers.add(new MaxPool2d(window));
    layers.add(new AvgPool2d(window, false));
    layers.add(new AvgPool2d(window, true));
    layers.add(new GlobalAvgPool2d());
    layers.add(new GlobalMaxPool2d());
    layers.add(new ZeroPad2d(1, 0, 2, 1));
    layers.add(new Flatten());
    layers.add(new FlattenChannelsLast());
    layers.add(new BatchNorm(CHANNELS, 1e-3, 0.9));
    layers.add(new Dropout(0.5));
    layers.add(new SpatialDropout(0.5));
    layers.add(new GaussianDropout(0.5));
    layers.add(new GaussianNoise(0.5));
    layers.add(new Affine(new float[] {1 / 255f}, new float[] {-1}));
    layers.add(new Affine(new float[] {1, 2, 3, 4}, new float[] {0.1f, 0, -2, 5}));
    layers.add(new PRelu(new Shape(CHANNELS, 1, 1)));
    layers.add(new PRelu(new Shape(1, 7, 6)));
    layers.add(new Softmax());
    layers.add(new LogSoftmax());
    for (Activation.Kind kind : Activation.Kind.values()) {
      layers.add(new Activate(new Activation(kind, 0.3f, 0.2f, 1.5f)));
    }
    layers.add(new Activate(new Activation(Activation.Kind.LEAKY_RELU, -0.3f)));
    layers.add(new Activate(new Activation(Activation.Kind.ELU, -0.3f)));
    return layers;
  }

  /** Layers with three inputs of one shape, or two. */
  static List<Layer> several() {
    List<Layer> layers = new ArrayList<>(List.of(new Concatenate()));
    for (Combine.Op op : Combine.Op.values()) {
      layers.add(new Combine(op));
    }
    return layers;
  }

  /** Every layer behind a convolution, and those with several inputs behind several. */
  static List<Network.Builder> networks() {
    List<Network.Builder> networks = new ArrayList<>();
    for (Layer layer : single()) {
      Network.Builder builder = Network.builder(INPUT).add("a", conv());
      if (layer instanceof Dense) {
        builder.add("flatten", new Flatten());
      }
      networks.add(builder.add("layer", layer));
    }
    for (Layer layer : several()) {
      Network.Builder builder =
          Network.builder(INPUT)
              .add("a", conv())
              .add("b", conv(), Network.INPUT)
              .add("c", conv(), Network.INPUT);
      boolean two = layer instanceof Combine c && c.op() == Combine.Op.SUBTRACT;
      networks.add(
          two ? builder.add("layer", layer, "a", "b") : builder.add("layer", layer, "a", "b", "c"));
    }
    return networks;
  }

  private static Conv2d conv() {
    return new Conv2d(2, CHANNELS, Window.square(3, 1, Padding.SAME), true, false);
  }

  /** With normal parameters; variances are made positive. */
  static Network build(Network.Builder builder, Kernels kernels, long seed) {
    float[] parameters = values(builder.parameterCount(), seed);
    for (Node node : builder.nodes()) {
      int at = node.parameterOffset();
      for (Layer.Parameter parameter : node.layer().parameters()) {
        for (int i = 0; i < parameter.size(); i++, at++) {
          parameters[at] =
              parameter.name().equals("var") ? Math.abs(parameters[at]) : parameters[at];
        }
      }
    }
    return builder.build(parameters, kernels);
  }

  static float[] values(int n, long seed) {
    Random random = new Random(seed);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
