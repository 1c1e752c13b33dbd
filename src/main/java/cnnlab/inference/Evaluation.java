package cnnlab.inference;

import cnnlab.data.ImageSet;
import cnnlab.engine.Divergence;
import cnnlab.engine.Engine;
import cnnlab.metric.BinaryPredictions;
import cnnlab.metric.ClassMetrics;
import cnnlab.metric.RocCurve;

/**
 * Loss, accuracy and probabilities of a classifier on a subset of images. If an output is NaN or
 * infinite, loss, accuracy and area are NaN.
 *
 * @param loss mean categorical cross-entropy, without penalties
 * @param accuracy share of images classified correctly, in [0, 1]
 * @param auc exact area under the ROC curve; null when there are not two classes, NaN when all
 *     images have the same class
 * @param probabilities class probabilities [N, K], in the order of the requested images
 */
public record Evaluation(double loss, double accuracy, Double auc, float[] probabilities) {
  private static final int TWO = 2;

  /** Images per call of the engine; the result does not depend on it. */
  private static final int BATCH = 1000;

  /**
   * Runs some images of a set through an engine.
   *
   * @param indices the images of the set; all must have labels
   */
  public static Evaluation of(Engine engine, ImageSet set, int[] indices) {
    int classes = set.classes();
    float[] probabilities = new float[indices.length * classes];
    int[] labels = new int[indices.length];
    for (int from = 0; from < indices.length; from += BATCH) {
      int to = Math.min(from + BATCH, indices.length);
      float[] p = engine.predict(set.batch(indices, from, to), to - from);
      System.arraycopy(p, 0, probabilities, from * classes, p.length);
    }
    for (int i = 0; i < indices.length; i++) {
      labels[i] = set.labels()[indices[i]];
    }
    if (Divergence.firstOf(probabilities).isPresent()) {
      Double none = classes == TWO ? Double.NaN : null;
      return new Evaluation(Double.NaN, Double.NaN, none, probabilities);
    }
    return new Evaluation(
        ClassMetrics.crossEntropy(probabilities, labels, classes),
        ClassMetrics.accuracy(probabilities, labels, classes),
        classes == TWO && labels.length > 0
            ? (Double) RocCurve.auc(BinaryPredictions.of(probabilities, labels))
            : null,
        probabilities);
  }

  /** The result when nothing was evaluated: no probabilities, and NaN for every score. */
  public static Evaluation none(int classes) {
    return new Evaluation(Double.NaN, Double.NaN, classes == TWO ? Double.NaN : null, new float[0]);
  }
}
