package cnnlab.explorer;

import cnnlab.explorer.StoryScene.Sum;
import cnnlab.explorer.ValueStory.Part;
import cnnlab.scratch.kernel.Window;
import cnnlab.scratch.layer.Activate;
import cnnlab.scratch.layer.BatchNorm;
import cnnlab.scratch.layer.ElementwiseMerge;
import cnnlab.scratch.layer.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Stories of pooling, normalisation, activations, softmax and sums of layers. */
final class PointStories {
  /** Terms of softmax that are shown. */
  private static final int MOST_TERMS = 48;

  private PointStories() {}

  static ValueStory activation(StoryScene scene, Activate activate) {
    double before = scene.x()[scene.at()];
    return scene.story(
        "y = f(x)",
        List.of(scene.single("input", before)),
        new Sum(0, 0, null, before),
        activate.activation().toString(),
        (double) activate.activation().apply((float) before));
  }

  /**
   * Pooling over a window.
   *
   * @param max whether the largest value is taken, not the mean
   * @param padding whether the mean counts the padding
   */
  static ValueStory pooling(StoryScene scene, Window window, boolean max, boolean padding) {
    Shape in = scene.in();
    Window.Geometry g = window.on(in.height(), in.width());
    int top = g.row(scene.row());
    int left = g.column(scene.column());
    List<Double> inputs = new ArrayList<>();
    for (int u = 0; u < g.kernelHeight(); u++) {
      for (int v = 0; v < g.kernelWidth(); v++) {
        inputs.add(scene.input(scene.channel(), top + u, left + v));
      }
    }
    List<Double> inside = inputs.stream().filter(Objects::nonNull).toList();
    double sum = inside.stream().mapToDouble(Double::doubleValue).sum();
    double value =
        max
            ? inside.stream().mapToDouble(Double::doubleValue).max().orElseThrow()
            : sum / (padding ? inputs.size() : inside.size());
    Part part =
        new Part(
            "channel " + scene.channel(),
            g.kernelHeight(),
            g.kernelWidth(),
            inputs,
            null,
            value,
            scene.channel(),
            top,
            left);
    return scene.story(
        max ? "y = max over the window" : "y = mean over the window", List.of(part), value);
  }

  /**
   * Pooling over the whole map.
   *
   * @param max whether the largest value is taken, not the mean
   */
  static ValueStory global(StoryScene scene, boolean max) {
    int plane = scene.in().plane();
    float[] x = scene.x();
    double sum = 0;
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < plane; i++) {
      double value = x[scene.channel() * plane + i];
      sum += value;
      most = Math.max(most, value);
    }
    double value = max ? most : sum / plane;
    Part part =
        new Part(
            "channel %s, all %s values".formatted(scene.channel(), plane),
            0,
            0,
            List.of(),
            null,
            value,
            scene.channel(),
            0,
            0);
    return scene.story(
        max ? "y[c] = max over the map" : "y[c] = mean over the map", List.of(part), value);
  }

  static ValueStory normalisation(StoryScene scene, BatchNorm norm) {
    float[] p = scene.parameters();
    int from = scene.node().parameterOffset() + scene.channel();
    double x = scene.x()[scene.at()];
    double gamma = p[from];
    double beta = p[from + norm.channels()];
    double mean = p[from + 2 * norm.channels()];
    double variance = p[from + 3 * norm.channels()];
    return scene.story(
        "y = γ · (x − mean) / √(var + ε) + β",
        List.of(
            scene.single("x", x),
            scene.single("γ", gamma),
            scene.single("β", beta),
            scene.single("mean", mean),
            scene.single("var", variance),
            scene.single("ε", norm.eps())),
        gamma * (x - mean) / Math.sqrt(variance + norm.eps()) + beta);
  }

  static ValueStory softmax(StoryScene scene) {
    Shape in = scene.in();
    float[] x = scene.x();
    int place = scene.at() % in.plane();
    double most = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < in.channels(); c++) {
      most = Math.max(most, x[c * in.plane() + place]);
    }
    double total = 0;
    List<Part> parts = new ArrayList<>();
    for (int c = 0; c < in.channels(); c++) {
      double score = x[c * in.plane() + place];
      double e = Math.exp(score - most);
      total += e;
      if (c < MOST_TERMS) {
        parts.add(new Part("x[" + c + "]", 1, 1, List.of(score), null, e, c, 0, 0));
      }
    }
    return scene.story(
        "y[k] = exp(x[k] − max x) / Σ_j exp(x[j] − max x)",
        parts,
        new Sum(Math.max(0, in.channels() - MOST_TERMS), 0, null, total),
        "",
        Math.exp(x[scene.at()] - most) / total);
  }

  static ValueStory merge(StoryScene scene, ElementwiseMerge merge) {
    List<Integer> inputs = scene.node().inputs();
    List<Part> parts = new ArrayList<>();
    double[] found = new double[inputs.size()];
    for (int i = 0; i < found.length; i++) {
      int from = inputs.get(i);
      found[i] = scene.values(from)[scene.at()];
      parts.add(
          scene.single(from < 0 ? "image" : scene.network().nodes().get(from).name(), found[i]));
    }
    double value = found[0];
    for (int i = 1; i < found.length; i++) {
      value =
          switch (merge.op()) {
            case ADD, AVERAGE -> value + found[i];
            case SUBTRACT -> value - found[i];
            case MULTIPLY -> value * found[i];
            case MAXIMUM -> Math.max(value, found[i]);
          };
    }
    if (merge.op() == ElementwiseMerge.Op.AVERAGE) {
      value /= found.length;
    }
    return scene.story(
        "y = %s of the inputs at this place".formatted(merge.kind().toLowerCase(Locale.ROOT)),
        parts,
        value);
  }
}
