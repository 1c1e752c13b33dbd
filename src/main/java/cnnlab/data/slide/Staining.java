package cnnlab.data.slide;

import cnnlab.data.ImageSet;
import cnnlab.data.patch.OpticalDensity;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/**
 * Describes how a patch is stained by {@value #FEATURES} numbers: the two stain vectors of Macenko
 * et al. 2009 ("A method for normalizing histology slides for quantitative analysis", ISBI), the
 * mean direction of the optical densities, and the density of the background. All but the
 * background are unit vectors (red, green, blue), which do not depend on how much stain there is.
 *
 * <p>Macenko's method: the densities of tissue lie near a plane through 0, spanned by the first two
 * eigenvectors of their covariance; the angles within the plane range from one stain to the other,
 * and the stains are taken at the 1st and the 99th percentile.
 */
final class Staining {
  static final int FEATURES = 12;

  private static final int CHANNELS = 3;

  /** A pixel is tissue if its three densities add up to more than this. */
  private static final double TISSUE = 0.2;

  /** If fewer pixels than this are tissue, the darkest pixels are used instead. */
  private static final int LEAST_PIXELS = 50;

  private static final double OUTER_PERCENT = 1;
  private static final double BACKGROUND_PERCENT = 5;

  private Staining() {}

  /**
   * The features of all patches.
   *
   * @param set RGB patches
   * @return [N, {@value #FEATURES}]: the stain vector with more red absorption (haematoxylin), the
   *     other (eosin), the mean direction, the background
   */
  static double[][] of(ImageSet set) {
    return IntStream.range(0, set.count())
        .mapToObj(
            i ->
                features(
                    Arrays.copyOfRange(
                        set.pixels(), i * set.imageSize(), (i + 1) * set.imageSize())))
        .toArray(double[][]::new);
  }

  /**
   * The features of one patch.
   *
   * @param rgb unsigned bytes [P, 3]
   */
  static double[] features(byte[] rgb) {
    double[][] all = new double[rgb.length / CHANNELS][CHANNELS];
    for (int i = 0; i < rgb.length; i++) {
      all[i / CHANNELS][i % CHANNELS] = OpticalDensity.of(rgb[i]);
    }
    double[][] tissue = tissue(all);
    double[] features = new double[FEATURES];
    double[][] stains = stains(tissue);
    System.arraycopy(stains[0], 0, features, 0, CHANNELS);
    System.arraycopy(stains[1], 0, features, CHANNELS, CHANNELS);
    for (double[] density : tissue) {
      double length = length(density);
      for (int c = 0; c < CHANNELS; c++) {
        features[2 * CHANNELS + c] += length == 0 ? 0 : density[c] / length / tissue.length;
      }
    }
    for (int c = 0; c < CHANNELS; c++) {
      int channel = c;
      double[] densities = Arrays.stream(all).mapToDouble(d -> d[channel]).toArray();
      features[3 * CHANNELS + c] = new Percentile(BACKGROUND_PERCENT).evaluate(densities);
    }
    return features;
  }

  private static double[][] tissue(double[][] all) {
    double[][] tissue =
        Arrays.stream(all).filter(d -> d[0] + d[1] + d[2] > TISSUE).toArray(double[][]::new);
    return tissue.length >= LEAST_PIXELS
        ? tissue
        : Arrays.stream(all)
            .sorted(Comparator.comparingDouble(d -> -(d[0] + d[1] + d[2])))
            .limit(LEAST_PIXELS)
            .toArray(double[][]::new);
  }

  /** The two stain vectors, the one that absorbs more red first. */
  private static double[][] stains(double[][] tissue) {
    EigenDecomposition eigen = new EigenDecomposition(new Array2DRowRealMatrix(covariance(tissue)));
    double[][] plane = {positive(eigen, 0), positive(eigen, 1)};
    double[] angles =
        Arrays.stream(tissue)
            .mapToDouble(d -> Math.atan2(dot(d, plane[1]), dot(d, plane[0])))
            .toArray();
    Percentile percentile = new Percentile();
    percentile.setData(angles);
    double[] first = direction(plane, percentile.evaluate(OUTER_PERCENT));
    double[] second = direction(plane, percentile.evaluate(100 - OUTER_PERCENT));
    return first[0] >= second[0] ? new double[][] {first, second} : new double[][] {second, first};
  }

  private static double[] direction(double[][] plane, double angle) {
    double[] vector = new double[CHANNELS];
    for (int c = 0; c < CHANNELS; c++) {
      vector[c] = Math.cos(angle) * plane[0][c] + Math.sin(angle) * plane[1][c];
    }
    return vector;
  }

  private static double[][] covariance(double[][] densities) {
    double[] mean = new double[CHANNELS];
    for (double[] d : densities) {
      for (int c = 0; c < CHANNELS; c++) {
        mean[c] += d[c] / densities.length;
      }
    }
    double[][] covariance = new double[CHANNELS][CHANNELS];
    for (double[] d : densities) {
      for (int i = 0; i < CHANNELS; i++) {
        for (int j = 0; j < CHANNELS; j++) {
          covariance[i][j] += (d[i] - mean[i]) * (d[j] - mean[j]) / densities.length;
        }
      }
    }
    return covariance;
  }

  /**
   * An eigenvector (largest eigenvalue first), with the sign that makes the sum of its components ≥
   * 0.
   */
  private static double[] positive(EigenDecomposition eigen, int index) {
    double[] v = eigen.getEigenvector(index).toArray();
    double sign = v[0] + v[1] + v[2] < 0 ? -1 : 1;
    return Arrays.stream(v).map(x -> sign * x).toArray();
  }

  private static double dot(double[] a, double[] b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  }

  private static double length(double[] a) {
    return Math.sqrt(dot(a, a));
  }
}
