package cnnlab.explorer;

import cnnlab.explorer.StoryScene.Sum;
import cnnlab.explorer.ValueStory.Part;
import cnnlab.scratch.kernel.Window;
import cnnlab.scratch.layer.Conv2d;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.DepthwiseConv2d;
import cnnlab.scratch.layer.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Stories of values that are sums of products. */
final class SumStories {
  /** Windows that are shown; a convolution may have hundreds of input channels. */
  private static final int MOST_PARTS = 12;

  /** Terms of a dense layer that are shown. */
  private static final int MOST_TERMS = 48;

  private static final String RELU = "ReLU";

  private SumStories() {}

  static ValueStory convolution(StoryScene scene, Conv2d conv) {
    int kernel = conv.window().kernelHeight() * conv.window().kernelWidth();
    int offset = scene.node().parameterOffset();
    List<Part> all = new ArrayList<>();
    for (int c = 0; c < conv.inChannels(); c++) {
      int first = offset + (scene.channel() * conv.inChannels() + c) * kernel;
      all.add(window(scene, conv.window(), c, first));
    }
    int bias = offset + conv.outChannels() * conv.inChannels() * kernel + scene.channel();
    return summed(
        scene,
        "y[o, i, j] = f( b[o] + Σ_c Σ_u Σ_v w[o, c, u, v] · x[c, i·s + u − p, j·s + v − p] )",
        all,
        new Affine(bias(scene, conv.bias(), bias), conv.relu(), MOST_PARTS));
  }

  static ValueStory depthwise(StoryScene scene, DepthwiseConv2d conv) {
    int kernel = conv.window().kernelHeight() * conv.window().kernelWidth();
    int offset = scene.node().parameterOffset();
    Part part =
        window(
            scene,
            conv.window(),
            scene.channel() / conv.multiplier(),
            offset + scene.channel() * kernel);
    int bias = offset + conv.channels() * conv.multiplier() * kernel + scene.channel();
    return summed(
        scene,
        "y[c, i, j] = f( b[c] + Σ_u Σ_v w[c, u, v] · x[c, i·s + u − p, j·s + v − p] ), each channel by itself",
        List.of(part),
        new Affine(bias(scene, conv.bias(), bias), conv.relu(), MOST_PARTS));
  }

  static ValueStory dense(StoryScene scene, Dense dense) {
    float[] p = scene.parameters();
    float[] x = scene.x();
    int offset = scene.node().parameterOffset();
    List<Part> terms = new ArrayList<>();
    for (int i = 0; i < dense.in(); i++) {
      double w = p[offset + i * dense.out() + scene.channel()];
      terms.add(
          new Part("x[" + i + "]", 1, 1, List.of((double) x[i]), List.of(w), w * x[i], i, 0, 0));
    }
    int bias = offset + dense.in() * dense.out() + scene.channel();
    return summed(
        scene,
        "y[o] = f( b[o] + Σ_i w[i, o] · x[i] )",
        terms,
        new Affine(bias(scene, dense.bias(), bias), dense.relu(), MOST_TERMS));
  }

  private static Double bias(StoryScene scene, boolean has, int at) {
    return has ? Double.valueOf(scene.parameters()[at]) : null;
  }

  /** What is done to the products: the bias, or null, ReLU or nothing, and how many are shown. */
  private record Affine(Double bias, boolean relu, int most) {}

  private static ValueStory summed(
      StoryScene scene, String equation, List<Part> all, Affine affine) {
    double products = all.stream().mapToDouble(Part::sum).sum();
    double sum = products + (affine.bias == null ? 0 : affine.bias);
    List<Part> shown = all;
    if (all.size() > affine.most) {
      shown =
          all.stream()
              .sorted(Comparator.comparingDouble((Part part) -> -Math.abs(part.sum())))
              .limit(affine.most)
              .toList();
    }
    int omitted = all.size() - shown.size();
    double rest = omitted == 0 ? 0 : products - shown.stream().mapToDouble(Part::sum).sum();
    return scene.story(
        equation,
        shown,
        new Sum(omitted, rest, affine.bias, sum),
        affine.relu ? RELU : "",
        affine.relu ? Math.max(sum, 0) : sum);
  }

  /** The window of the value on one input channel, with the weights from {@code first} on. */
  private static Part window(StoryScene scene, Window window, int c, int first) {
    Shape in = scene.in();
    Window.Geometry g = window.on(in.height(), in.width());
    int top = g.row(scene.row());
    int left = g.column(scene.column());
    List<Double> inputs = new ArrayList<>();
    List<Double> weights = new ArrayList<>();
    double sum = 0;
    for (int u = 0; u < g.kernelHeight(); u++) {
      for (int v = 0; v < g.kernelWidth(); v++) {
        Double value = scene.input(c, top + u * g.dilationHeight(), left + v * g.dilationWidth());
        double w = scene.parameters()[first + u * g.kernelWidth() + v];
        inputs.add(value);
        weights.add(w);
        sum += value == null ? 0 : w * value;
      }
    }
    return new Part(
        "channel " + c, g.kernelHeight(), g.kernelWidth(), inputs, weights, sum, c, top, left);
  }
}
