package cnnlab.crosscheck;

import cnnlab.scratch.Network;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.Padding;
import cnnlab.scratch.kernel.Window;
import cnnlab.scratch.layer.Activate;
import cnnlab.scratch.layer.Activation;
import cnnlab.scratch.layer.AvgPool2d;
import cnnlab.scratch.layer.BatchNorm;
import cnnlab.scratch.layer.BilinearResize2d;
import cnnlab.scratch.layer.Broadcast;
import cnnlab.scratch.layer.ChannelSlice;
import cnnlab.scratch.layer.Concatenate;
import cnnlab.scratch.layer.Conv2d;
import cnnlab.scratch.layer.Crop2d;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.DepthwiseConv2d;
import cnnlab.scratch.layer.Dropout;
import cnnlab.scratch.layer.ElementwiseMerge;
import cnnlab.scratch.layer.Flatten;
import cnnlab.scratch.layer.FlattenChannelsLast;
import cnnlab.scratch.layer.GaussianDropout;
import cnnlab.scratch.layer.GaussianNoise;
import cnnlab.scratch.layer.GlobalAvgPool2d;
import cnnlab.scratch.layer.GlobalMaxPool2d;
import cnnlab.scratch.layer.GroupConv2d;
import cnnlab.scratch.layer.GroupNorm;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.LogSoftmax;
import cnnlab.scratch.layer.MatrixProduct;
import cnnlab.scratch.layer.MaxPool2d;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.PRelu;
import cnnlab.scratch.layer.Permute;
import cnnlab.scratch.layer.Regroup;
import cnnlab.scratch.layer.Resample2d;
import cnnlab.scratch.layer.Reshape;
import cnnlab.scratch.layer.ScaleShift;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.layer.Softmax;
import cnnlab.scratch.layer.SpatialDropout;
import cnnlab.scratch.layer.TransposedConv2d;
import cnnlab.scratch.layer.Upsample2d;
import cnnlab.scratch.layer.ZeroPad2d;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A layer of every kind, each behind a convolution. */
public final class LayerSamples {
  public static final Shape INPUT = new Shape(2, 7, 6);
  private static final int CHANNELS = 4;

  private LayerSamples() {}

  /**
   * Layers with one input of 4 channels, which is [4, 7, 6] or, with eight orientations, [4, 56,
   * 6].
   */
  public static List<Layer> single() {
    Window window = Window.square(3, 2, Padding.SAME);
    Window uncropped = new Window(3, 2, 2, 3, Padding.VALID);
    Window cropped = new Window(4, 3, 3, 1, new Padding.Explicit(1, 0, 2, 1), 1, 2);
    List<Layer> layers = new ArrayList<>();
    for (boolean relu : new boolean[] {false, true}) {
      for (boolean bias : new boolean[] {false, true}) {
        layers.add(new Conv2d(CHANNELS, 5, window, bias, relu));
        layers.add(new DepthwiseConv2d(CHANNELS, 2, window, bias, relu));
        layers.add(new TransposedConv2d(CHANNELS, 3, relu ? cropped : uncropped, bias));
        layers.add(new GroupConv2d(CHANNELS, 3, 3, true, bias, relu));
        layers.add(new GroupConv2d(CHANNELS, 2, 3, false, bias, relu));
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
    layers.add(new Upsample2d(2, 3));
    layers.add(new BilinearResize2d(9, 5));
    layers.add(new Resample2d(List.of(taps(3, 1, 6, -0.5)), List.of(taps(5, 1), taps(0, 1.0 / 3))));
    layers.add(new Reshape(new Shape(6, 14, 2)));
    layers.add(
        new Regroup(List.of(2, CHANNELS / 2, 42), List.of(1, 0, 2), new Shape(CHANNELS, 6, 7)));
    layers.add(new Crop2d(1, 0, 2, 3));
    layers.add(new Permute(1, 2, 0));
    layers.add(new ChannelSlice(1, 3));
    layers.add(new Broadcast(new Shape(CHANNELS, 7, 6)));
    layers.add(new Flatten());
    layers.add(new FlattenChannelsLast());
    layers.add(new BatchNorm(CHANNELS, 1e-3, 0.9));
    layers.add(new GroupNorm(CHANNELS, 2, false, 1e-3, true, true));
    layers.add(new GroupNorm(CHANNELS, 1, true, 1e-3, true, true));
    layers.add(new GroupNorm(CHANNELS, 2, true, 1e-6, true, false));
    layers.add(new Dropout(0.5));
    layers.add(new SpatialDropout(0.5));
    layers.add(new GaussianDropout(0.5));
    layers.add(new GaussianNoise(0.5));
    layers.add(new ScaleShift(new float[] {1 / 255f}, new float[] {-1}));
    layers.add(new ScaleShift(new float[] {1, 2, 3, 4}, new float[] {0.1f, 0, -2, 5}));
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

  /** Rows or columns, each with its factor. */
  private static Resample2d.Taps taps(double... pairs) {
    List<Integer> at = new ArrayList<>();
    List<Double> factors = new ArrayList<>();
    for (int i = 0; i < pairs.length; i += 2) {
      at.add((int) pairs[i]);
      factors.add(pairs[i + 1]);
    }
    return new Resample2d.Taps(at, factors);
  }

  /** Layers with three inputs of one shape, or two. */
  public static List<Layer> several() {
    List<Layer> layers = new ArrayList<>(List.of(new Concatenate()));
    for (ElementwiseMerge.Op op : ElementwiseMerge.Op.values()) {
      layers.add(new ElementwiseMerge(op));
    }
    return layers;
  }

  /** Every layer behind a convolution, and those with several inputs behind several. */
  public static List<Network.Builder> networks() {
    List<Network.Builder> networks = new ArrayList<>();
    for (Layer layer : single()) {
      Network.Builder builder = Network.builder(INPUT).add("a", conv());
      if (layer instanceof Dense) {
        builder.add("flatten", new Flatten());
      } else if (layer instanceof GroupConv2d group && !group.lifting()) {
        builder.add("lift", new GroupConv2d(CHANNELS, CHANNELS, 1, true, false, false));
      }
      networks.add(builder.add("layer", layer));
    }
    for (Layer layer : several()) {
      Network.Builder builder =
          Network.builder(INPUT)
              .add("a", conv())
              .add("b", conv(), Network.INPUT)
              .add("c", conv(), Network.INPUT);
      boolean two = layer instanceof ElementwiseMerge c && c.op() == ElementwiseMerge.Op.SUBTRACT;
      networks.add(
          two ? builder.add("layer", layer, "a", "b") : builder.add("layer", layer, "a", "b", "c"));
    }
    networks.add(product());
    return networks;
  }

  /** A layer with two inputs that fit each other. */
  private static Network.Builder product() {
    return Network.builder(INPUT)
        .add("a", conv())
        .add("b", conv(), Network.INPUT)
        .add("right", new Permute(2, 1, 0))
        .add("layer", new MatrixProduct(), "a", "right");
  }

  private static Conv2d conv() {
    return new Conv2d(2, CHANNELS, Window.square(3, 1, Padding.SAME), true, false);
  }

  /** With normal parameters; variances are made positive. */
  public static Network build(Network.Builder builder, Kernels kernels, long seed) {
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

  public static float[] values(int n, long seed) {
    Random random = new Random(seed);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
