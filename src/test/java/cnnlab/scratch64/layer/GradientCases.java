package cnnlab.scratch64.layer;

import cnnlab.scratch64.Network;
import cnnlab.scratch64.kernel.Kernels;
import cnnlab.scratch64.kernel.Padding;
import cnnlab.scratch64.kernel.Window;
import java.util.ArrayList;
import java.util.List;

/** Small networks that together cover every layer, activation, padding and stride. */
final class GradientCases {
  private static final int CLASSES = 3;
  static final Padding[] PADDINGS = {Padding.VALID, Padding.SAME, new Padding.Explicit(2, 0, 1, 3)};

  /** Padding smaller than any window, so that each window meets the image. */
  private static final Padding[] POOLING_PADDINGS = {
    Padding.VALID, Padding.SAME, new Padding.Explicit(1, 0, 0, 1)
  };

  private GradientCases() {}

  /**
   * A network to check.
   *
   * @param name for the test's report
   * @param layers end in a softmax
   * @param n how many images
   * @param smoothing of the labels
   */
  record Case(String name, Network.Builder layers, int n, double smoothing) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** All cases. */
  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    addConvolutions(cases);
    addGroupConvolutions(cases);
    addPooling(cases);
    addDense(cases);
    addBatchNorm(cases);
    addActivations(cases);
    addOthers(cases);
    cases.addAll(KerasGradientCases.all());
    return cases;
  }

  static Network.Builder image(int channels, int height, int width) {
    return Network.builder(new Shape(channels, height, width));
  }

  static Network.Builder vector(int features) {
    return Network.builder(Shape.vector(features));
  }

  /** Adds the last layers, which every network has. */
  static Case of(String name, Network.Builder layers) {
    return of(name, layers, 2, 0);
  }

  static Case of(String name, Network.Builder layers, int n, double smoothing) {
    if (!lastShape(layers).isVector()) {
      layers.add("flatten", new Flatten());
    }
    int features = lastShape(layers).size();
    layers.add("logits", new Dense(features, CLASSES, true, false)).add("softmax", new Softmax());
    return new Case(name, layers, n, smoothing);
  }

  static Conv2d same(int in, int out) {
    return new Conv2d(in, out, Window.square(3, 1, Padding.SAME), true, false);
  }

  private static void addConvolutions(List<Case> cases) {
    for (int kernel = 1; kernel <= 5; kernel++) {
      for (int stride = 1; stride <= 3; stride++) {
        for (Padding padding : PADDINGS) {
          for (boolean bias : new boolean[] {true, false}) {
            for (boolean relu : new boolean[] {true, false}) {
              Conv2d conv = new Conv2d(2, 2, Window.square(kernel, stride, padding), bias, relu);
              cases.add(of(conv.toString(), image(2, 6, 5).add("conv", conv)));
            }
          }
        }
      }
    }
    Conv2d oblong = new Conv2d(3, 2, new Window(2, 3, 3, 1, PADDINGS[2]), true, true);
    cases.add(of("oblong window", image(3, 5, 6).add("conv", oblong)));
    cases.add(
        of(
            "convolution after convolution",
            image(1, 5, 5).add("a", same(1, 3)).add("b", same(3, 2)).add("c", same(2, 2))));
  }

  private static void addGroupConvolutions(List<Case> cases) {
    for (int side : new int[] {1, 3}) {
      for (boolean bias : new boolean[] {true, false}) {
        for (boolean relu : new boolean[] {true, false}) {
          GroupConv2d lift = new GroupConv2d(2, 2, side, true, bias, relu);
          cases.add(of(lift.toString(), image(2, 3, 2).add("lift", lift)));
          GroupConv2d group = new GroupConv2d(2, 2, side, false, bias, relu);
          cases.add(of(group.toString(), image(2, 16, 3).add("group", group)));
        }
      }
    }
    cases.add(
        of(
            "normalised group convolutions, several micro-batches",
            image(1, 2, 2)
                .add("lift", new GroupConv2d(1, 2, 3, true, false, false))
                .add("norm", new BatchNorm(2, 1e-3, 0.9))
                .add("group", new GroupConv2d(2, 1, 3, false, true, false))
                .add("pool", new AvgPool2d(Window.square(2, 2, Padding.VALID), false)),
            Kernels.MICRO_BATCH + 3,
            0));
  }

  private static void addPooling(List<Case> cases) {
    for (int kernel = 2; kernel <= 4; kernel++) {
      for (int stride = 1; stride <= 3; stride++) {
        for (Padding padding : POOLING_PADDINGS) {
          Window window = Window.square(kernel, stride, padding);
          cases.add(of("max, " + window, image(2, 6, 5).add("pool", new MaxPool2d(window))));
          for (boolean count : new boolean[] {true, false}) {
            cases.add(
                of(
                    "average, counting padding: " + count + ", " + window,
                    image(2, 6, 5).add("pool", new AvgPool2d(window, count))));
          }
        }
      }
    }
    Conv2d relu = new Conv2d(1, 3, Window.square(3, 1, Padding.SAME), true, true);
    MaxPool2d overlapping = new MaxPool2d(new Window(3, 2, 2, 1, Padding.SAME));
    cases.add(of("maximum after ReLU", image(1, 6, 6).add("conv", relu).add("pool", overlapping)));
    cases.add(
        of(
            "global average",
            image(2, 4, 3).add("conv", same(2, 4)).add("pool", new GlobalAvgPool2d())));
  }

  private static void addDense(List<Case> cases) {
    for (boolean bias : new boolean[] {true, false}) {
      for (boolean relu : new boolean[] {true, false}) {
        // More rows than one task of the weight gradient has.
        for (int in : new int[] {1, 7, 37}) {
          Dense dense = new Dense(in, 4, bias, relu);
          cases.add(of(dense.toString(), vector(in).add("dense", dense), 3, 0));
        }
      }
    }
    cases.add(
        of(
            "several microBatches of a batch",
            vector(5).add("a", new Dense(5, 4, true, true)),
            2 * Kernels.MICRO_BATCH + 3,
            0.1));
  }

  private static void addBatchNorm(List<Case> cases) {
    for (double eps : new double[] {1e-5, 1e-1}) {
      for (int n : new int[] {3, Kernels.MICRO_BATCH + 5}) {
        BatchNorm norm = new BatchNorm(2, eps, 0.9);
        String name = ", eps " + eps + ", " + n + " images";
        cases.add(of("batch normalisation" + name, image(2, 2, 3).add("norm", norm), n, 0));
        cases.add(
            of(
                "normalised features" + name,
                vector(3)
                    .add("dense", new Dense(3, 2, false, false))
                    .add("norm", norm)
                    .add("tanh", new Activate(Activation.TANH)),
                n + 1,
                0));
      }
    }
    cases.add(
        of(
            "two normalised convolutions",
            image(1, 4, 4)
                .add("a", same(1, 3))
                .add("norm a", new BatchNorm(3, 1e-3, 0.99))
                .add("relu a", new Activate(Activation.RELU))
                .add("b", same(3, 2))
                .add("norm b", new BatchNorm(2, 1e-3, 0.99))
                .add("relu b", new Activate(Activation.RELU)),
            4,
            0.1));
  }

  private static void addActivations(List<Case> cases) {
    for (Activation.Kind kind : Activation.Kind.values()) {
      Activate f = new Activate(new Activation(kind, 0.3));
      cases.add(of(kind + " of the input", vector(6).add("f", f), 3, 0));
      cases.add(of(kind + " in between", image(1, 3, 4).add("conv", same(1, 2)).add("f", f), 3, 0));
    }
  }

  private static void addOthers(List<Case> cases) {
    cases.add(of("nothing but logits", vector(4), 3, 0));
    cases.add(of("logits of an image", image(2, 2, 2), 3, 0));
    for (double smoothing : new double[] {0.05, 0.1, 0.5}) {
      cases.add(of("label smoothing " + smoothing, vector(4), 5, smoothing));
    }
    cases.add(of("softmax over channels", image(3, 2, 2).add("p", new Softmax()), 3, 0));
    cases.add(
        of(
            "softmax in between",
            vector(4).add("a", new Dense(4, 5, true, false)).add("p", new Softmax()),
            3,
            0));
    for (double keep : new double[] {1, 0.8, 0.3}) {
      cases.add(
          of(
              "dropout that keeps " + keep,
              vector(8)
                  .add("first", new Dropout(keep))
                  .add("a", new Dense(8, 8, true, true))
                  .add("second", new Dropout(keep)),
              Kernels.MICRO_BATCH + 2,
              0));
    }
    cases.add(
        of(
            "the same input twice",
            vector(4)
                .add("a", new Dense(4, 4, true, true))
                .add("add", new ElementwiseMerge(ElementwiseMerge.Op.ADD), "a", "a", "a")));
    cases.add(
        of(
            "the network's input used again and again",
            image(2, 3, 3)
                .add("conv", same(2, 2))
                .add(
                    "add",
                    new ElementwiseMerge(ElementwiseMerge.Op.ADD),
                    "conv",
                    Network.INPUT,
                    Network.INPUT)
                .add("view", new Flatten(), Network.INPUT)
                .add("flat", new Flatten(), "add")
                .add("sum", new ElementwiseMerge(ElementwiseMerge.Op.ADD), "flat", "view")));
    cases.add(of("residual blocks", residual(), 3, 0.1));
  }

  private static Network.Builder residual() {
    return image(2, 4, 4)
        .add("stem", same(2, 2))
        .add("norm", new BatchNorm(2, 1e-3, 0.9))
        .add("relu", new Activate(Activation.RELU))
        .add("drop", new Dropout(0.8))
        .add("body", new Conv2d(2, 2, Window.square(3, 1, Padding.SAME), false, true))
        .add("inner", new ElementwiseMerge(ElementwiseMerge.Op.ADD), "body", "relu")
        .add("outer", new ElementwiseMerge(ElementwiseMerge.Op.ADD), "inner", "stem", Network.INPUT)
        .add("gelu", new Activate(Activation.GELU))
        .add("pool", new MaxPool2d(Window.square(2, 2, Padding.VALID)));
  }

  private static Shape lastShape(Network.Builder layers) {
    return layers.nodes().isEmpty()
        ? layers.shape(Network.INPUT)
        : layers.nodes().get(layers.nodes().size() - 1).shape();
  }
}
