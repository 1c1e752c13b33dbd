package cnnlab.data.slide;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.ml.clustering.DoublePoint;
import org.apache.commons.math3.ml.clustering.KMeansPlusPlusClusterer;
import org.apache.commons.math3.ml.clustering.MultiKMeansPlusPlusClusterer;
import org.apache.commons.math3.ml.distance.EuclideanDistance;
import org.apache.commons.math3.random.Well19937c;

/** k-means clusters: the best result of several starts. */
final class Clusters {
  private static final int STARTS = 4;
  private static final int MOST_ITERATIONS = 200;

  private final double[][] centres;

  private Clusters(double[][] centres) {
    this.centres = centres;
  }

  /**
   * Clusters points.
   *
   * @param points [N, F], N at least {@code k}
   * @param k number of clusters
   * @param seed the seed of the starts
   */
  static Clusters of(List<double[]> points, int k, long seed) {
    var starts =
        new KMeansPlusPlusClusterer<DoublePoint>(
            k, MOST_ITERATIONS, new EuclideanDistance(), new Well19937c(seed));
    var found =
        new MultiKMeansPlusPlusClusterer<>(starts, STARTS)
            .cluster(points.stream().map(DoublePoint::new).toList());
    return new Clusters(
        found.stream().map(cluster -> cluster.getCenter().getPoint()).toArray(double[][]::new));
  }

  /** The cluster with the nearest centre, from 0. */
  int nearest(double[] point) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int k = 0; k < centres.length; k++) {
      double distance = 0;
      for (int i = 0; i < point.length; i++) {
        double d = point[i] - centres[k][i];
        distance += d * d;
      }
      if (distance < least) {
        least = distance;
        best = k;
      }
    }
    return best;
  }

  /** The cluster of each point [N]. */
  int[] nearest(double[][] points) {
    return Arrays.stream(points).mapToInt(this::nearest).toArray();
  }

  /**
   * Agreement of two clusterings, 1 if they are the same and 0 on average for random ones: the
   * adjusted Rand index (Hubert and Arabie 1985, "Comparing partitions", Journal of Classification
   * 2, equation 5).
   *
   * @param a cluster of each point [N], N at least 2
   * @param b cluster of each point [N]
   * @param k number of clusters
   */
  static double adjustedRandIndex(int[] a, int[] b, int k) {
    long[][] table = new long[k][k];
    for (int i = 0; i < a.length; i++) {
      table[a[i]][b[i]]++;
    }
    double both = 0;
    double inA = 0;
    double inB = 0;
    for (int i = 0; i < k; i++) {
      long row = 0;
      long column = 0;
      for (int j = 0; j < k; j++) {
        both += pairs(table[i][j]);
        row += table[i][j];
        column += table[j][i];
      }
      inA += pairs(row);
      inB += pairs(column);
    }
    double chance = inA * inB / pairs(a.length);
    double most = (inA + inB) / 2;
    return most == chance ? 1 : (both - chance) / (most - chance);
  }

  private static double pairs(long n) {
    return n * (n - 1) / 2.0;
  }
}
