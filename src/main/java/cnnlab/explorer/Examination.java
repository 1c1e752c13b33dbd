package cnnlab.explorer;

import cnnlab.crosscheck.LayerOutputs;
import cnnlab.explorer.Answers.Attention;
import cnnlab.explorer.Answers.Examined;
import cnnlab.explorer.Answers.LayerFigures;
import cnnlab.explorer.Answers.Maps;
import cnnlab.explorer.Explorer.UnknownException;
import cnnlab.inference.GradCam;
import cnnlab.inference.OcclusionMap;
import cnnlab.metric.ClassMetrics;
import cnnlab.scratch.Network;
import cnnlab.scratch.ScoreGradient;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Shape;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * What is kept of an examined image.
 *
 * @param subject the model
 * @param ready the image as the network gets it
 * @param outputs of all layers by all engines
 */
record Examination(Subject subject, Subject.Prepared ready, LayerOutputs outputs) {
  /** Maps of one answer; of vectors more. */
  private static final int MOST_MAPS = 64;

  private static final int MOST_VALUES = 4096;

  /** The hidden square's side is this part of the image's shorter side. */
  private static final int SQUARES = 7;

  /**
   * Runs all engines.
   *
   * @param pixels unsigned bytes [H, W, C]
   */
  static Examination of(Subject subject, byte[] pixels) {
    Subject.Prepared ready = subject.prepare(pixels);
    LayerOutputs outputs;
    synchronized (subject.engines()) {
      outputs = subject.engines().run(ready.input());
    }
    return new Examination(subject, ready, outputs);
  }

  /**
   * The answer about the whole image.
   *
   * @param id its name in later questions
   * @param key of the model
   */
  Examined answer(String id, String key, double milliseconds) {
    List<Node> nodes = subject.network().nodes();
    String last = nodes.get(nodes.size() - 1).name();
    int most = subject.classes().size();
    double[] exact = outputs.exact().get(last);
    return new Examined(
        id,
        key,
        ready.pixels(),
        doubles(outputs.scratch().get(last), most),
        doubles(outputs.library().get(last), most),
        exact == null ? null : DoubleStream.of(exact).limit(most).boxed().toList(),
        nodes.stream().map(node -> figures(node.name())).toList(),
        milliseconds);
  }

  private static List<Double> doubles(float[] values, int most) {
    return IntStream.range(0, Math.min(most, values.length))
        .mapToObj(i -> (double) values[i])
        .toList();
  }

  private LayerFigures figures(String name) {
    float[] ours = outputs.scratch().get(name);
    float[] theirs = outputs.library().get(name);
    double[] exact = outputs.exact().get(name);
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    double library = 0;
    double precise = 0;
    for (int i = 0; i < ours.length; i++) {
      least = Math.min(least, ours[i]);
      most = Math.max(most, ours[i]);
      if (theirs != null) {
        library = Math.max(library, Math.abs((double) ours[i] - theirs[i]));
      }
      if (exact != null) {
        precise = Math.max(precise, Math.abs(ours[i] - exact[i]));
      }
    }
    return new LayerFigures(
        name, least, most, theirs == null ? null : library, exact == null ? null : precise);
  }

  /** Feature maps; see {@link Explorer#maps}. */
  Maps maps(String layer, int from, int count) {
    Shape shape = subject.node(layer).shape();
    int most = Math.max(MOST_MAPS, MOST_VALUES / shape.plane());
    if (from < 0 || from >= shape.channels() || count < 1 || count > most) {
      throw new UnknownException(
          "layer '%s' has channels 0 to %s, and an answer at most %s; asked for %s from %s on"
              .formatted(layer, shape.channels() - 1, most, count, from));
    }
    int given = Math.min(count, shape.channels() - from);
    int first = from * shape.plane();
    int end = first + given * shape.plane();
    float[] theirs = outputs.library().get(layer);
    return new Maps(
        layer,
        shape.channels(),
        shape.height(),
        shape.width(),
        from,
        given,
        Floats.of(outputs.scratch().get(layer), first, end),
        theirs == null ? null : Floats.of(theirs, first, end));
  }

  /** How a value came about. */
  ValueStory story(String layer, int channel, int row, int column) {
    try {
      return Storyteller.tell(
          subject.network(), ready.input(), outputs, subject.node(layer), channel, row, column);
    } catch (IllegalArgumentException unknown) {
      throw new UnknownException(unknown.getMessage());
    }
  }

  /** Row and column of a channel's largest value. */
  int[] largest(String layer, int channel) {
    Shape shape = subject.node(layer).shape();
    float[] values = outputs.scratch().get(layer);
    int best = ClassMetrics.argmax(values, channel * shape.plane(), shape.plane());
    return new int[] {best / shape.width(), best % shape.width()};
  }

  /** Occlusion and Grad-CAM for the most probable class. */
  Attention attention() {
    Network network = subject.network();
    if (!subject.hasMaps()) {
      throw new UnknownException(
          "the model has no feature maps that lead to a vector of scores, so there are no such maps");
    }
    float[] input = ready.input();
    Shape in = network.inputShape();
    int square = Math.max(1, Math.min(in.height(), in.width()) / SQUARES);
    int stride = Math.max(1, square / 2);
    OcclusionMap occlusion =
        OcclusionMap.of(
            network::predict, input, in, square, stride, OcclusionMap.meanColour(input, in));
    List<String> layers = ScoreGradient.layers(network);
    String layer = layers.get(layers.size() - 1);
    GradCam cam = GradCam.of(new ScoreGradient(network, layer), input, occlusion.predicted());
    return new Attention(
        occlusion.predicted(),
        occlusion.probability(),
        layer,
        Floats.of(occlusion.onImage(in, square, stride)),
        Floats.of(cam.onImage(in)),
        square);
  }
}
