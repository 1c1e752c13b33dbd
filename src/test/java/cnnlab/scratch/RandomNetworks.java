package cnnlab.scratch;

import cnnlab.scratch.kernel.Padding;
import cnnlab.scratch.kernel.Window;
import cnnlab.scratch.layer.Activate;
import cnnlab.scratch.layer.Activation;
import cnnlab.scratch.layer.AvgPool2d;
import cnnlab.scratch.layer.BatchNorm;
import cnnlab.scratch.layer.Concatenate;
import cnnlab.scratch.layer.Conv2d;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.DepthwiseConv2d;
import cnnlab.scratch.layer.Dropout;
import cnnlab.scratch.layer.ElementwiseMerge;
import cnnlab.scratch.layer.Flatten;
import cnnlab.scratch.layer.FlattenChannelsLast;
import cnnlab.scratch.layer.GlobalAvgPool2d;
import cnnlab.scratch.layer.GlobalMaxPool2d;
import cnnlab.scratch.layer.GroupConv2d;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.MaxPool2d;
import cnnlab.scratch.layer.PRelu;
import cnnlab.scratch.layer.ScaleShift;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.layer.Softmax;
import cnnlab.scratch.layer.ZeroPad2d;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * Random networks with every layer that a model file can hold, and images down to one pixel. A
 * longer network begins with the layers of a shorter one of the same seed, so that a failing one
 * can be shortened.
 */
public final class RandomNetworks {
  /**
   * Limit on the multiplications of one convolution per image, so that plain loops take
   * milliseconds.
   */
  private static final int WORK = 5_000;

  private final Random random;
  private final boolean exact;
  private final Network.Builder builder;
  private String last = Network.INPUT;
  private int names;

  private RandomNetworks(long seed, boolean exact) {
    this.random = new Random(seed);
    this.exact = exact;
    this.builder = Network.builder(new Shape(channels(), side(), side()));
  }

  /**
   * A network of the given number of steps, each of which adds one to four layers; any layer may be
   * the last.
   */
  public static Network.Builder any(long seed, int steps) {
    RandomNetworks networks = new RandomNetworks(seed, false);
    for (int step = 0; step < steps || networks.names == 0; step++) {
      networks.step();
    }
    return networks.builder;
  }

  /** The same, followed by a softmax over a vector. */
  static Network.Builder classifier(long seed, int steps) {
    Network.Builder builder = any(seed, steps);
    builder.add("flat", new Flatten());
    builder.add("logits", new Dense(TestNetworks.lastShape(builder).channels(), 5, true, false));
    return builder.add("softmax", new Softmax());
  }

  /**
   * A network of layers that compute with small whole numbers and their halves without rounding,
   * and end in four values.
   */
  public static Network.Builder exact(long seed, int steps) {
    RandomNetworks networks = new RandomNetworks(seed, true);
    // A layer with parameters first: its gradient goes through all others.
    networks.convolution();
    for (int step = 1; step < steps; step++) {
      networks.step();
    }
    Network.Builder builder = networks.builder;
    builder.add("flat", random(seed).nextBoolean() ? new Flatten() : new FlattenChannelsLast());
    return builder.add(
        "out", new Dense(TestNetworks.lastShape(builder).channels(), 4, true, false));
  }

  private static Random random(long seed) {
    return new Random(~seed);
  }

  /** Mostly small, at most 33: one more than two vectors of 16. */
  private int channels() {
    return 1 + random.nextInt(random.nextInt(4) == 0 ? 33 : 9);
  }

  private int side() {
    return 1 + random.nextInt(coin() ? 4 : 9);
  }

  private void step() {
    Shape in = TestNetworks.lastShape(builder);
    switch (random.nextInt(exact ? 12 : 16)) {
      case 0 -> convolution();
      case 1, 2, 3 -> convolutionAndPooling();
      case 4 -> add(new MaxPool2d(poolingWindow(in)));
      case 5 -> add(new AvgPool2d(poolingWindow(in), random.nextBoolean()));
      case 6 -> depthwise();
      case 7 -> skip();
      case 8 -> concatenate();
      case 9 -> add(new Activate(Activation.RELU));
      case 10 -> shapeOnly(in);
      case 11 -> dense(in);
      case 12, 13 ->
          add(new BatchNorm(in.channels(), 1e-3, 0.99, random.nextBoolean(), random.nextBoolean()));
      case 14 -> add(new Activate(activation()));
      default -> rare(in);
    }
  }

  private String add(Layer layer, String... inputs) {
    last = "n" + names++;
    builder.add(last, layer, inputs);
    return last;
  }

  private void convolution() {
    Shape in = TestNetworks.lastShape(builder);
    Window window = window(in);
    add(new Conv2d(in.channels(), outputs(in, window), window, coin(), coin()));
  }

  /** A number of output channels that keeps the work small. */
  private int outputs(Shape in, Window window) {
    Window.Geometry g = window.on(in.height(), in.width());
    int each = in.channels() * g.kernelHeight() * g.kernelWidth() * g.outHeight() * g.outWidth();
    return Math.max(1, Math.min(channels(), WORK / each));
  }

  /**
   * A convolution and a pooling that may be fused, at every size that pools to at least one pixel.
   */
  private void convolutionAndPooling() {
    Shape in = TestNetworks.lastShape(builder);
    int kernel = 1 + random.nextInt(3);
    Window window = fitting(in, p -> Window.square(kernel, 1, p));
    Layer conv = new Conv2d(in.channels(), outputs(in, window), window, coin(), true);
    add(conv);
    Shape shape = TestNetworks.lastShape(builder);
    if (shape.height() >= 2 && shape.width() >= 2) {
      String of = last;
      add(new MaxPool2d(Window.square(2, 2, Padding.VALID)));
      if (shape.plane() < 9 && random.nextInt(8) == 0) {
        // A second reader of the tensor that fusing would skip.
        add(new GlobalMaxPool2d(), of);
      }
    }
  }

  private boolean coin() {
    return random.nextBoolean();
  }

  private Window window(Shape in) {
    int kernelHeight = 1 + random.nextInt(5);
    int kernelWidth = 1 + random.nextInt(5);
    int strideHeight = 1 + random.nextInt(3);
    int strideWidth = 1 + random.nextInt(3);
    int dilation = random.nextInt(5) == 0 ? 2 : 1;
    return fitting(
        in,
        p ->
            new Window(
                kernelHeight, kernelWidth, strideHeight, strideWidth, p, dilation, dilation));
  }

  private Window poolingWindow(Shape in) {
    int height = 1 + random.nextInt(exact ? 2 : 3);
    int width = 1 + random.nextInt(exact ? 2 : 3);
    int stride = 1 + random.nextInt(3);
    return fitting(
        in,
        new Padding.Explicit(
            random.nextInt(height),
            random.nextInt(width),
            random.nextInt(height),
            random.nextInt(width)),
        p -> new Window(height, width, stride, stride, p));
  }

  private Window fitting(Shape in, Function<Padding, Window> window) {
    Padding zeros =
        new Padding.Explicit(
            random.nextInt(3), random.nextInt(3), random.nextInt(3), random.nextInt(3));
    return fitting(in, zeros, window);
  }

  /** With one of three paddings if the window fits, otherwise with as many zeros as it needs. */
  private Window fitting(Shape in, Padding zeros, Function<Padding, Window> window) {
    Padding padding = List.of(Padding.VALID, Padding.SAME, zeros).get(random.nextInt(3));
    Window drawn = window.apply(padding);
    return fits(drawn, in) ? drawn : window.apply(Padding.SAME);
  }

  private static boolean fits(Window window, Shape in) {
    try {
      window.on(in.height(), in.width());
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private void depthwise() {
    Shape in = TestNetworks.lastShape(builder);
    int multiplier = in.channels() > 16 ? 1 : 1 + random.nextInt(3);
    add(new DepthwiseConv2d(in.channels(), multiplier, window(in), coin(), coin()));
  }

  /** A branch of the same shape, merged with the trunk. */
  private void skip() {
    Shape in = TestNetworks.lastShape(builder);
    String from = last;
    int kernel = 1 + random.nextInt(2);
    int work = in.size() * in.channels() * kernel * kernel;
    Window window = Window.square(work > WORK ? 1 : kernel, 1, Padding.SAME);
    String branch = add(new DepthwiseConv2d(in.channels(), 1, window, coin(), coin()));
    ElementwiseMerge.Op op =
        ElementwiseMerge.Op.values()[random.nextInt(ElementwiseMerge.Op.values().length)];
    String[] inputs = coin() ? new String[] {branch, from} : new String[] {from, branch};
    boolean three = !exact && op != ElementwiseMerge.Op.SUBTRACT && coin();
    add(new ElementwiseMerge(op), three ? new String[] {from, branch, from} : inputs);
  }

  private void concatenate() {
    Shape in = TestNetworks.lastShape(builder);
    if (in.channels() > 16) {
      return;
    }
    String from = last;
    Window window = Window.square(1, 1, Padding.VALID);
    String branch = add(new Conv2d(in.channels(), 1 + random.nextInt(5), window, coin(), coin()));
    add(new Concatenate(), coin() ? branch : from, from);
  }

  private Activation activation() {
    return List.of(
            Activation.TANH,
            Activation.SIGMOID,
            Activation.leakyRelu(0.25),
            Activation.elu(1),
            Activation.LINEAR)
        .get(random.nextInt(5));
  }

  /** Layers that move values. */
  private void shapeOnly(Shape in) {
    switch (random.nextInt(4)) {
      case 0 -> add(new ZeroPad2d(random.nextInt(2), random.nextInt(3), random.nextInt(2), 1));
      case 1 -> add(new Flatten());
      case 2 -> add(new FlattenChannelsLast());
      default -> {
        boolean whole = Integer.bitCount(in.plane()) == 1;
        add(coin() || exact && !whole ? new GlobalMaxPool2d() : new GlobalAvgPool2d());
      }
    }
  }

  private void dense(Shape in) {
    if (!in.isVector()) {
      if (in.size() > 400) {
        return;
      }
      add(new Flatten());
    }
    int features = TestNetworks.lastShape(builder).channels();
    add(new Dense(features, channels(), coin(), coin()));
  }

  private void rare(Shape in) {
    switch (random.nextInt(6)) {
      case 0, 1 -> groupConvolution(in);
      case 2 -> add(new Softmax());
      case 3 -> add(new ScaleShift(new float[] {0.5f}, new float[] {random.nextFloat()}));
      case 4 -> add(new PRelu(new Shape(in.channels(), 1, 1)));
      default -> add(new Dropout(0.5));
    }
  }

  /** One that lifts and one that reads eight orientations, of as many channels as keep it small. */
  private void groupConvolution(Shape in) {
    int side = in.plane() * in.channels() > 100 ? 1 : 3;
    int lifted = 1 + random.nextInt(2);
    add(new GroupConv2d(in.channels(), lifted, side, true, coin(), coin()));
    if (in.plane() <= 25) {
      add(new GroupConv2d(lifted, 1 + random.nextInt(2), side, false, coin(), coin()));
    }
  }
}
