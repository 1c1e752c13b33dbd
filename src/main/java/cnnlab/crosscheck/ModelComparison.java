package cnnlab.crosscheck;

import cnnlab.engine.Dl4jEngine;
import cnnlab.engine.Engine;
import cnnlab.engine.ScratchEngine;
import cnnlab.inference.ModelEnds;
import cnnlab.metric.ClassMetrics;
import cnnlab.model.GraphEnds;
import cnnlab.scratch.Network;
import cnnlab.scratch.dl4j.GraphCompiler;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.layer.Shape;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * The comparison of DL4J and the network from scratch for one model, and optionally of both with
 * expected outputs.
 *
 * @param weights number of parameters
 * @param images number of images
 * @param tolerance the largest accepted relative difference of a layer, and the largest accepted
 *     absolute difference of an output; null to use the checks, whose bounds are derived
 * @param layers all layers, the output last
 * @param impulses layers with weights, on inputs with a single nonzero value
 * @param argmaxAgreement share of images for which both predict the same class, in [0, 1]; null if
 *     the outputs are not class probabilities, or some are NaN or infinite
 * @param notFinite number of values of all layers and outputs that are NaN or infinite
 * @param examined number of images with bounds propagated to the output
 * @param checks the checks against rounding bounds
 * @param scores loss and accuracy, or null if the true classes are unknown
 * @param expected both engines compared with the expected outputs, or null if none were given
 * @param predicted DL4J's outputs compared with those from scratch, both computed as by {@code
 *     predict}
 * @param sideBySide the outputs of all implementations beside those in double precision; null
 *     without a further one
 */
public record ModelComparison(
    int weights,
    int images,
    Double tolerance,
    List<LayerDifference> layers,
    List<ImpulseDifference> impulses,
    Double argmaxAgreement,
    long notFinite,
    int examined,
    List<Check> checks,
    Scores scores,
    Expected expected,
    Difference predicted,
    SideBySide sideBySide) {

  /** Images per call of an engine. */
  public static final int BATCH = 1000;

  /**
   * The scores of outputs.
   *
   * @param loss the mean cross-entropy
   * @param accuracy share of images classified correctly, in [0, 1]
   */
  public record Score(double loss, double accuracy) {
    private static Score of(float[] outputs, int[] labels, int classes) {
      return new Score(
          ClassMetrics.crossEntropy(outputs, labels, classes),
          ClassMetrics.accuracy(outputs, labels, classes));
    }
  }

  /** The scores of both engines and of the expected outputs, which are null if not given. */
  public record Scores(Score library, Score scratch, Score expected) {}

  /** The outputs of both engines compared with the expected outputs. */
  public record Expected(Difference library, Difference scratch) {}

  /**
   * Compares the engines.
   *
   * @param graph the model
   * @param network the network compiled from it
   * @param x images [n, C, H, W]
   * @param n number of images, at least 1
   * @param labels true classes [n], or null if unknown
   * @param expected expected outputs [n, K], or null
   * @param tolerance see {@link ModelComparison}
   * @throws IllegalArgumentException when the number of expected outputs does not match the model's
   */
  public static ModelComparison of(
      ComputationGraph graph,
      Network network,
      float[] x,
      int n,
      int[] labels,
      float[] expected,
      Double tolerance) {
    return of(graph, network, null, x, n, labels, expected, tolerance, null);
  }

  /**
   * Compares the engines on a model that may have several inputs and outputs, and with a further
   * implementation.
   *
   * @param ends its inputs and outputs, joined in the graph; null with one of each
   * @param other the outputs of the further implementation, or null
   */
  static ModelComparison of(
      ComputationGraph graph,
      Network network,
      ModelEnds ends,
      float[] x,
      int n,
      int[] labels,
      float[] expected,
      Double tolerance,
      OtherOutputs other) {
    Shape input = network.inputShape();
    int outputs = network.outputShape().size();
    if (expected != null && expected.length != n * outputs) {
      throw new IllegalArgumentException(
          "%d expected values were given, the model has %d outputs for each of %d images"
              .formatted(expected.length, outputs, n));
    }
    Network fast = GraphCompiler.compile(graph, input, Kernels.best());
    float[] a;
    float[] b;
    try (Engine library = new Dl4jEngine(graph, input.channels(), input.height(), input.width());
        Engine scratch =
            ScratchEngine.layerByLayer(fast, Runtime.getRuntime().availableProcessors())) {
      a = predict(library, x, n, input.size(), outputs);
      b = predict(scratch, x, n, input.size(), outputs);
    }
    // With NaN there are no classes and no accuracy.
    boolean several = ends != null && ends.outputs().size() > 1;
    boolean classes = !several && choosesClasses(graph, network) && Comparison.notFinite(a, b) == 0;
    Comparison.Networks networks = new Comparison.Networks(graph, network, fast);
    Comparison.Run run = new Comparison.Run(x, n, labels, a, b, expected, other);
    Comparison comparison =
        several ? Comparison.of(networks, run, outputs(graph, ends)) : Comparison.of(networks, run);
    return new ModelComparison(
        network.parameters().length,
        n,
        tolerance,
        layers(comparison.layers(), ends),
        comparison.impulses(),
        classes ? CrossCheck.argmaxAgreement(a, b, outputs) : null,
        comparison.notFinite(),
        comparison.examined(),
        comparison.checks(),
        scores(a, b, expected, classes ? labels : null, outputs),
        expected == null
            ? null
            : new Expected(Difference.between(expected, a), Difference.between(expected, b)),
        Difference.between(a, b),
        comparison.sideBySide());
  }

  private static List<Comparison.Output> outputs(ComputationGraph graph, ModelEnds ends) {
    return ends.outputs().stream()
        .map(
            end ->
                new Comparison.Output(
                    end.name(),
                    end.from(),
                    end.from() + end.layout().size(),
                    end.layout().sizes().size() == 1
                        && GraphEnds.endsInProbabilities(graph, end.vertex())))
        .toList();
  }

  /** Without what only takes inputs apart and joins outputs; the last are all outputs. */
  private static List<LayerDifference> layers(List<LayerDifference> layers, ModelEnds ends) {
    if (ends == null) {
      return layers;
    }
    LayerDifference last = layers.get(layers.size() - 1);
    return layers.stream().filter(l -> l == last || !ends.joining().contains(l.layer())).toList();
  }

  /** Whether the outputs are class probabilities, not values or an image. */
  static boolean choosesClasses(ComputationGraph graph, Network network) {
    return network.outputShape().isVector() && GraphEnds.endsInProbabilities(graph);
  }

  /** The scores; null if the outputs are not probabilities of the labels' classes. */
  private static Scores scores(float[] a, float[] b, float[] expected, int[] labels, int classes) {
    if (labels == null || Arrays.stream(labels).anyMatch(label -> label < 0 || label >= classes)) {
      return null;
    }
    return new Scores(
        Score.of(a, labels, classes),
        Score.of(b, labels, classes),
        expected == null ? null : Score.of(expected, labels, classes));
  }

  private static float[] predict(Engine engine, float[] x, int n, int size, int outputs) {
    float[] out = new float[n * outputs];
    for (int from = 0; from < n; from += BATCH) {
      int to = Math.min(from + BATCH, n);
      float[] part = engine.predict(Arrays.copyOfRange(x, from * size, to * size), to - from);
      System.arraycopy(part, 0, out, from * outputs, part.length);
    }
    return out;
  }

  /** The last layer's difference. */
  public Difference output() {
    return layers.get(layers.size() - 1).difference();
  }

  /**
   * Whether every value is finite and every layer and output is within the tolerance or, without a
   * tolerance, every check passed.
   */
  public boolean passed() {
    if (notFinite > 0) {
      return false;
    }
    return tolerance == null ? checks.stream().allMatch(Check::passed) : isWithinTolerance();
  }

  private boolean isWithinTolerance() {
    return layers.stream().allMatch(l -> l.difference().relative() <= tolerance)
        && output().maxAbs() <= tolerance
        && predicted.maxAbs() <= tolerance
        && (sideBySide == null || sideBySide.largest() <= tolerance)
        && (expected == null
            || (expected.library().maxAbs() <= tolerance
                && expected.scratch().maxAbs() <= tolerance));
  }
}
