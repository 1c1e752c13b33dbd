package cnnlab.data.slide;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/**
 * A space in which distances compare staining. Features are scaled robustly (median and
 * interquartile range, clipped), then whitened by their covariance within components of overlapping
 * patches, so that what varies within a slide counts little.
 */
final class StainSpace {
  /** Interquartile range of a normal distribution, in standard deviations. */
  private static final double NORMAL_RANGE = 1.349;

  private static final double CLIP = 3;

  /** Added to the variances within components, so that none is 0. */
  private static final double RIDGE = 0.01;

  private static final int LOW = 25;
  private static final int HIGH = 75;

  private final double[] median;
  private final double[] scale;
  private final double[][] whitening;

  private StainSpace(double[] median, double[] scale, double[][] whitening) {
    this.median = median;
    this.scale = scale;
    this.whitening = whitening;
  }

  /**
   * Learns the space.
   *
   * @param features of all patches [N, F]
   * @param components patches of one slide each, at least two in each; without any, the features
   *     are only scaled
   */
  static StainSpace of(double[][] features, List<List<Integer>> components) {
    int f = features[0].length;
    double[] median = new double[f];
    double[] scale = new double[f];
    for (int k = 0; k < f; k++) {
      int feature = k;
      Percentile percentile = new Percentile();
      percentile.setData(Arrays.stream(features).mapToDouble(x -> x[feature]).toArray());
      median[k] = percentile.evaluate(50);
      double range = percentile.evaluate(HIGH) - percentile.evaluate(LOW);
      scale[k] = range == 0 ? 1 : range / NORMAL_RANGE;
    }
    StainSpace scaled = new StainSpace(median, scale, identity(f));
    return components.isEmpty()
        ? scaled
        : new StainSpace(median, scale, whitening(scaled.points(features), components));
  }

  /** The points of features [N, F]. */
  double[][] points(double[][] features) {
    return Arrays.stream(features).map(this::point).toArray(double[][]::new);
  }

  private double[] point(double[] features) {
    double[] point = new double[features.length];
    for (int k = 0; k < point.length; k++) {
      double value = (features[k] - median[k]) / scale[k];
      double clipped = Math.max(-CLIP, Math.min(CLIP, value));
      for (int j = 0; j < point.length; j++) {
        point[j] += clipped * whitening[k][j];
      }
    }
    return point;
  }

  private static double[][] identity(int f) {
    return IntStream.range(0, f)
        .mapToObj(i -> IntStream.range(0, f).mapToDouble(j -> i == j ? 1 : 0).toArray())
        .toArray(double[][]::new);
  }

  /** V·diag(1/√λ) of the covariance within components, which is V·diag(λ)·Vᵀ. */
  private static double[][] whitening(double[][] points, List<List<Integer>> components) {
    int f = points[0].length;
    double[][] within = new double[f][f];
    int freedom = 0;
    for (List<Integer> members : components) {
      double[] mean = mean(points, members);
      for (int member : members) {
        for (int i = 0; i < f; i++) {
          for (int j = 0; j < f; j++) {
            within[i][j] += (points[member][i] - mean[i]) * (points[member][j] - mean[j]);
          }
        }
      }
      freedom += members.size() - 1;
    }
    for (int i = 0; i < f; i++) {
      for (int j = 0; j < f; j++) {
        within[i][j] = within[i][j] / freedom + (i == j ? RIDGE : 0);
      }
    }
    EigenDecomposition eigen = new EigenDecomposition(new Array2DRowRealMatrix(within));
    double[][] whitening = eigen.getV().getData();
    for (double[] row : whitening) {
      for (int j = 0; j < f; j++) {
        row[j] /= Math.sqrt(eigen.getRealEigenvalue(j));
      }
    }
    return whitening;
  }

  /** The mean of some points. */
  static double[] mean(double[][] points, List<Integer> members) {
    double[] mean = new double[points[0].length];
    for (int member : members) {
      for (int k = 0; k < mean.length; k++) {
        mean[k] += points[member][k] / members.size();
      }
    }
    return mean;
  }
}
