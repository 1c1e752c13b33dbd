package cnnlab.scratch.layer;

import java.util.Arrays;

/**
 * Mean and variance per channel of one batch, from pieces (Chan, Golub and LeVeque 1979), and what
 * their gradients need.
 */
final class BatchStatistics {
  /** Mean of the batch [C]. */
  final float[] mean;

  /** Biased variance of the batch [C]. */
  final float[] variance;

  /** Zeros [C]. */
  final float[] zero;

  /** For each piece Σ dy and Σ dy · (x − mean) [2·C]. */
  final float[][] gradientShares;

  /** Σ dy of the batch [C]. */
  final double[] sumGradient;

  /** Σ dy · (x − mean) of the batch [C]. */
  final double[] sumProduct;

  private final int channels;
  private final float[][] means;
  private final float[][] squares;
  private final double[] counts;

  /**
   * @param pieces how many pieces there can be
   */
  BatchStatistics(int channels, int pieces) {
    this.channels = channels;
    this.mean = new float[channels];
    this.variance = new float[channels];
    this.zero = new float[channels];
    this.sumGradient = new double[channels];
    this.sumProduct = new double[channels];
    this.means = new float[pieces][channels];
    this.squares = new float[pieces][channels];
    this.gradientShares = new float[pieces][2 * channels];
    this.counts = new double[pieces];
  }

  /** Mean and sum of squared deviations of one piece. */
  void measure(LayerContext pass, int piece) {
    int plane = pass.inShape().plane();
    int full = pass.to;
    while (full > pass.from && pass.imagesIn(full - 1) < pass.kernels.lanes()) {
      full--;
    }
    double count = Math.min((long) pass.to * pass.kernels.lanes(), pass.images);
    count = (count - (double) pass.from * pass.kernels.lanes()) * plane;
    float[] center = means[piece];
    Arrays.fill(center, 0);
    pass.kernels.addChannelSums(
        channels, plane, pass.input(), center, 0, pass.from, full, pass.scratchpad);
    addPartial(pass, full, zero, center, false);
    for (int c = 0; c < channels; c++) {
      center[c] = (float) (center[c] / count);
    }
    float[] square = squares[piece];
    Arrays.fill(square, 0);
    pass.kernels.addChannelProducts(
        channels,
        plane,
        pass.input(),
        center,
        pass.input(),
        center,
        square,
        0,
        pass.from,
        full,
        pass.scratchpad);
    addPartial(pass, full, center, square, true);
    counts[piece] = count;
  }

  /** The images of groups that are not full, one by one. */
  private void addPartial(
      LayerContext pass, int group, float[] shift, float[] sums, boolean squared) {
    int lanes = pass.kernels.lanes();
    int plane = pass.inShape().plane();
    for (int g = group; g < pass.to; g++) {
      for (int c = 0; c < channels; c++) {
        double sum = 0;
        for (int p = 0; p < plane; p++) {
          for (int l = 0; l < pass.imagesIn(g); l++) {
            double d = pass.input()[((g * channels + c) * plane + p) * lanes + l] - shift[c];
            sum += squared ? d * d : d;
          }
        }
        sums[c] += (float) sum;
      }
    }
  }

  /** Mean and variance of all pieces together. */
  void combine(int pieces) {
    for (int c = 0; c < channels; c++) {
      double count = 0;
      double m = 0;
      double squared = 0;
      for (int piece = 0; piece < pieces; piece++) {
        double delta = means[piece][c] - m;
        double total = count + counts[piece];
        m += delta * counts[piece] / total;
        squared += squares[piece][c] + delta * delta * count * counts[piece] / total;
        count = total;
      }
      mean[c] = (float) m;
      variance[c] = (float) (squared / count);
    }
  }
}
