package cnnlab.scratch64.layer;

import static cnnlab.scratch64.layer.GradientCases.image;
import static cnnlab.scratch64.layer.GradientCases.of;
import static cnnlab.scratch64.layer.GradientCases.same;
import static cnnlab.scratch64.layer.GradientCases.vector;

import cnnlab.scratch64.Network;
import cnnlab.scratch64.kernel.Kernels;
import cnnlab.scratch64.kernel.Padding;
import cnnlab.scratch64.kernel.Window;
import java.util.ArrayList;
import java.util.List;

/** Networks with the layers that Keras models need beyond CNN Lab's own networks. */
final class KerasGradientCases {
  private KerasGradientCases() {}

  static List<GradientCases.Case> all() {
    List<GradientCases.Case> cases = new ArrayList<>();
    addDepthwise(cases);
    addInputs(cases);
    addProducts(cases);
    addShapes(cases);
    addRearranged(cases);
    addTransposed(cases);
    addNormalized(cases);
    addTrained(cases);
    addRandom(cases);
    return cases;
  }

  private static void addDepthwise(List<GradientCases.Case> cases) {
    for (int kernel = 1; kernel <= 3; kernel++) {
      for (int stride = 1; stride <= 2; stride++) {
        for (Padding padding : GradientCases.PADDINGS) {
          for (int multiplier = 1; multiplier <= 3; multiplier++) {
            Window window = new Window(kernel, 2, stride, 1, padding);
            DepthwiseConv2d conv =
                new DepthwiseConv2d(2, multiplier, window, multiplier != 2, kernel == 2);
            cases.add(of(conv.toString(), image(2, 4, 5).add("conv", conv)));
          }
        }
      }
    }
    for (Padding padding : GradientCases.PADDINGS) {
      for (int stride = 1; stride <= 2; stride++) {
        Window dilated = new Window(2, 3, stride, 1, padding, 3, 2);
        cases.add(
            of(
                dilated.toString(),
                image(2, 6, 5).add("conv", new Conv2d(2, 2, dilated, true, stride == 2))));
      }
    }
    cases.add(
        of(
            "separable convolution",
            image(2, 4, 4)
                .add("a", same(2, 3))
                .add(
                    "depthwise",
                    new DepthwiseConv2d(3, 2, Window.square(3, 1, Padding.SAME), false, false))
                .add("point", new Conv2d(6, 2, Window.square(1, 1, Padding.VALID), true, true))));
  }

  private static void addInputs(List<GradientCases.Case> cases) {
    for (ElementwiseMerge.Op op : ElementwiseMerge.Op.values()) {
      Network.Builder layers =
          image(2, 3, 2).add("a", same(2, 2)).add("b", same(2, 2)).add("c", same(2, 2), "a");
      if (op == ElementwiseMerge.Op.SUBTRACT) {
        layers
            .add("both", new ElementwiseMerge(op), "b", "a")
            .add("more", new ElementwiseMerge(op), "c", "both");
      } else {
        layers.add("both", new ElementwiseMerge(op), "b", Network.INPUT, "c", "a");
      }
      cases.add(of("combined: " + op, layers));
    }
    cases.add(
        of(
            "the square of a layer",
            vector(3)
                .add("a", new Dense(3, 4, true, false))
                .add("square", new ElementwiseMerge(ElementwiseMerge.Op.MULTIPLY), "a", "a")));
    cases.add(
        of(
            "concatenated channels and features",
            image(2, 3, 2)
                .add("a", same(2, 1))
                .add("b", same(1, 3))
                .add("images", new Concatenate(), "b", Network.INPUT, "a", "b")
                .add("mean", new GlobalAvgPool2d())
                .add("flat", new Flatten(), "images")
                .add("vectors", new Concatenate(), "flat", "mean")));
  }

  private static void addProducts(List<GradientCases.Case> cases) {
    cases.add(
        of(
            "product of matrices",
            image(2, 3, 2)
                .add("a", same(2, 4))
                .add("b", same(4, 6))
                .add("right", new Reshape(new Shape(3, 3, 4)), "b")
                .add("product", new MatrixProduct(), "a", "right")
                .add("weights", new Softmax())));
    cases.add(
        of(
            "a matrix times itself",
            image(3, 2, 3).add("a", same(3, 3)).add("product", new MatrixProduct(), "a", "a")));
  }

  private static void addShapes(List<GradientCases.Case> cases) {
    cases.add(
        of(
            "zero padding",
            image(2, 2, 3).add("pad", new ZeroPad2d(1, 0, 2, 3)).add("a", same(2, 2))));
    cases.add(of("global maximum", image(3, 4, 3).add("max", new GlobalMaxPool2d())));
    cases.add(
        of(
            "channels-last flatten",
            image(2, 3, 2).add("a", same(2, 3)).add("flat", new FlattenChannelsLast())));
    cases.add(
        of(
            "affine",
            image(2, 2, 3)
                .add("each", new ScaleShift(new double[] {2, -0.5}, new double[] {1, 0.3}))
                .add("all", new ScaleShift(new double[] {0.5}, new double[] {-1}))
                .add("mixed", new ScaleShift(new double[] {0.5, 1}, new double[] {-1}))));
    cases.add(of("logarithms of softmax", image(3, 2, 2).add("p", new LogSoftmax()), 3, 0));
  }

  private static void addRearranged(List<GradientCases.Case> cases) {
    for (Layer layer :
        List.of(
            new Upsample2d(2, 3),
            new BilinearResize2d(5, 7),
            new BilinearResize2d(2, 1),
            new Reshape(new Shape(3, 2, 4)),
            new Regroup(List.of(2, 3, 4), List.of(2, 0, 1), new Shape(3, 4, 2)),
            new Resample2d(
                List.of(
                    new Resample2d.Taps(List.of(2, 0), List.of(0.7, -1.5)),
                    new Resample2d.Taps(List.of(), List.of())),
                List.of(
                    new Resample2d.Taps(List.of(3), List.of(1.0)),
                    new Resample2d.Taps(List.of(0, 1, 3), List.of(0.5, 0.25, 2.0)))),
            new Crop2d(1, 0, 1, 2),
            new Permute(2, 0, 1),
            new ChannelSlice(1, 2))) {
      cases.add(of(layer.toString(), image(2, 3, 4).add("a", same(2, 2)).add("layer", layer)));
    }
    for (Shape small : List.of(new Shape(2, 1, 1), new Shape(1, 3, 4), new Shape(2, 1, 4))) {
      cases.add(
          of(
              "broadcast of " + small,
              image(small.channels(), small.height(), small.width())
                  .add("a", same(small.channels(), small.channels()))
                  .add("all", new Broadcast(new Shape(2, 3, 4)))));
    }
  }

  private static void addNormalized(List<GradientCases.Case> cases) {
    for (boolean everyPosition : new boolean[] {true, false}) {
      for (int groups = 1; groups <= 2; groups++) {
        GroupNorm norm = new GroupNorm(4, groups, everyPosition, 1e-3, true, true);
        cases.add(
            of(
                norm.toString(),
                image(2, 3, 2).add("a", same(2, 4)).add("norm", norm).add("b", same(4, 2)),
                3,
                0));
      }
    }
    cases.add(
        of(
            "layer normalisation of features",
            vector(3)
                .add("a", new Dense(3, 4, true, false))
                .add("norm", new GroupNorm(4, 1, true, 1e-3, true, true))));
  }

  private static void addTransposed(List<GradientCases.Case> cases) {
    for (int kernel = 1; kernel <= 4; kernel++) {
      for (int stride = 1; stride <= 3; stride++) {
        for (Padding padding : List.of(Padding.VALID, new Padding.Explicit(1, 0, 0, 1))) {
          Window window = new Window(kernel, 2, stride, 1, padding, 1, kernel == 2 ? 2 : 1);
          TransposedConv2d conv = new TransposedConv2d(2, 3, window, kernel != 3);
          cases.add(of(conv.toString(), image(2, 3, 2).add("a", same(2, 2)).add("up", conv)));
        }
      }
    }
  }

  private static void addTrained(List<GradientCases.Case> cases) {
    for (Shape slopes :
        List.of(new Shape(2, 3, 4), new Shape(2, 1, 1), new Shape(1, 3, 4), new Shape(2, 1, 4))) {
      cases.add(of("PReLU " + slopes, image(2, 3, 4).add("prelu", new PRelu(slopes)), 3, 0));
    }
    cases.add(
        of(
            "PReLU of features",
            vector(4).add("a", new Dense(4, 5, true, false)).add("b", new PRelu(Shape.vector(5)))));
    cases.add(
        of(
            "normalisation without gamma",
            image(2, 3, 2).add("norm", new BatchNorm(2, 1e-3, 0.9, false, true)),
            4,
            0));
    for (Activation f :
        List.of(
            Activation.relu(1.2, 0.2, 0.4),
            Activation.relu(6, 0, 0),
            new Activation(Activation.Kind.HARD_SIGMOID, 1 / 6.0))) {
      cases.add(of(f + " with limits", vector(6).add("f", new Activate(f)), 3, 0));
    }
  }

  private static void addRandom(List<GradientCases.Case> cases) {
    for (Layer layer :
        List.of(
            new GaussianNoise(0.5),
            new GaussianDropout(0.3),
            new SpatialDropout(0.6),
            new SpatialDropout(1))) {
      cases.add(
          of(
              layer.toString(),
              image(3, 2, 2).add("first", layer).add("a", same(3, 3)).add("second", layer),
              Kernels.MICRO_BATCH + 2,
              0));
    }
  }
}
