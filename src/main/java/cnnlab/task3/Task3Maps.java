package cnnlab.task3;

import cnnlab.data.ImageSet;
import cnnlab.engine.Engine;
import cnnlab.engine.ScratchEngine;
import cnnlab.inference.GradCam;
import cnnlab.inference.OcclusionMap;
import cnnlab.metric.RankCorrelation;
import cnnlab.metric.Scale;
import cnnlab.metric.Summary;
import cnnlab.model.file.ModelFiles;
import cnnlab.scratch.Network;
import cnnlab.scratch.ScoreGradient;
import cnnlab.scratch.dl4j.GraphCompiler;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.layer.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a network looks at in a patch: the occlusion map and the Grad-CAM of the predicted class,
 * and how well the two agree. Occlusion only runs the network, Grad-CAM only uses its gradients, so
 * neither knows of the other. Not thread-safe.
 */
final class Task3Maps implements AutoCloseable {
  /** The side of the hidden square in pixels. */
  static final int SQUARE = 6;

  private static final int STRIDE = 2;

  /** How many patches are compared, if there are as many. */
  static final int COMPARED = 100;

  private static final Shape SHAPE = Task3Repetition.INPUT;

  private final Engine engine;
  private final ScoreGradient gradient;

  /**
   * The two maps of a patch.
   *
   * @param occlusion the fall of the predicted class's probability [H, W]
   * @param gradCam at least 0, in the unit of the score [H, W]
   * @param predicted the class that both explain
   * @param probability its probability, in [0, 1]
   */
  record Pair(float[] occlusion, float[] gradCam, int predicted, double probability) {}

  /**
   * The agreement of the two maps over patches: Spearman's rank correlation, over the pixels of a
   * patch, between the positive part of the occlusion map and Grad-CAM.
   *
   * @param layer the layer of Grad-CAM
   * @param patches number of patches that were compared, the first validation patches
   * @param n number of them that have a correlation: neither map is the same everywhere
   * @param mean the mean correlation, in [−1, 1]; null when n = 0
   * @param ci95 95 % interval of the mean over patches, as if they were independent; null when n =
   *     0, NaN when n &lt; 3
   * @param otherPatch the mean correlation with the Grad-CAM of the next patch: what maps have in
   *     common that look at no patch in particular; null when no two patches can be compared
   */
  record Agreement(
      String layer, int patches, int n, Double mean, double[] ci95, Double otherPatch) {}

  private Task3Maps(Network network, int threads) {
    List<String> layers = ScoreGradient.layers(network);
    this.gradient = new ScoreGradient(network, layers.get(layers.size() - 1));
    this.engine = ScratchEngine.forInference(network, threads);
  }

  /**
   * Maps of a model of Task 3.
   *
   * @param model a file {@code model.zip}
   * @param threads number of threads; the maps do not depend on it
   */
  static Task3Maps of(Path model, int threads) {
    return new Task3Maps(
        GraphCompiler.compile(ModelFiles.load(model), SHAPE, Kernels.best()), threads);
  }

  /** The layer of Grad-CAM: the last one that has maps of several pixels. */
  String layer() {
    return gradient.layer();
  }

  /** The maps of one patch of a set. */
  Pair pair(ImageSet set, int index) {
    float[] image = set.batch(new int[] {index}, 0, 1);
    OcclusionMap map =
        OcclusionMap.of(
            engine::predict, image, SHAPE, SQUARE, STRIDE, OcclusionMap.meanColour(image, SHAPE));
    return new Pair(
        map.onImage(SHAPE, SQUARE, STRIDE),
        GradCam.of(gradient, image, map.predicted()).onImage(SHAPE),
        map.predicted(),
        map.probability());
  }

  /**
   * Compares the maps of the first {@value #COMPARED} of some patches.
   *
   * @param set the patches, prepared for the network
   * @param indices of the patches in the set
   */
  Agreement agreement(ImageSet set, int[] indices) {
    int patches = Math.min(COMPARED, indices.length);
    List<Double> same = new ArrayList<>();
    List<Double> other = new ArrayList<>();
    double[] occlusion = null;
    for (int i = 0; i < patches; i++) {
      Pair pair = pair(set, indices[i]);
      double[] gradCam = positive(pair.gradCam);
      if (i > 0) {
        addDefined(other, RankCorrelation.spearman(occlusion, gradCam));
      }
      occlusion = positive(pair.occlusion);
      addDefined(same, RankCorrelation.spearman(occlusion, gradCam));
    }
    // Correlations have the bounds of differences of proportions, −1 and 1.
    Summary s = same.isEmpty() ? null : summary(same);
    return new Agreement(
        layer(),
        patches,
        same.size(),
        s == null ? null : s.mean(),
        s == null ? null : s.ci95(),
        other.isEmpty() ? null : summary(other).mean());
  }

  private static Summary summary(List<Double> correlations) {
    // The bootstrap is not used, so its seed does not matter.
    return Summary.of(
        correlations.stream().mapToDouble(Double::doubleValue).toArray(),
        0,
        Scale.DIFFERENCE_OF_PROPORTIONS);
  }

  private static void addDefined(List<Double> list, double correlation) {
    if (!Double.isNaN(correlation)) {
      list.add(correlation);
    }
  }

  private static double[] positive(float[] map) {
    double[] positive = new double[map.length];
    for (int i = 0; i < map.length; i++) {
      positive[i] = Math.max(0, map[i]);
    }
    return positive;
  }

  @Override
  public void close() {
    engine.close();
  }
}
