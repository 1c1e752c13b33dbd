package cnnlab.scratch.layer;

import cnnlab.scratch.kernel.ChannelShape;
import cnnlab.scratch.kernel.Kernels.Shifted;
import cnnlab.scratch.kernel.Range;
import java.util.Arrays;

/**
 * Mean and variance per channel of one batch, from micro-batches (Chan, Golub and LeVeque 1979),
 * and the sums that their gradients need.
 */
final class BatchStatistics {
  /** Mean of the batch [C]. */
  final float[] mean;

  /** Biased variance of the batch [C]. */
  final float[] variance;

  /** Zeros [C]. */
  final float[] zero;

  /** For each micro-batch Σ dy and Σ dy · (x − mean) [2·C]. */
  final float[][] partialGradients;

  /** Σ dy of the batch [C]. */
  final double[] sumGradient;

  /** Σ dy · (x − mean) of the batch [C]. */
  final double[] sumProduct;

  private final int channels;
  private final float[][] means;
  private final float[][] squares;
  private final double[] counts;

  /**
   * @param microBatches the largest number of micro-batches
   */
  BatchStatistics(int channels, int microBatches) {
    this.channels = channels;
    this.mean = new float[channels];
    this.variance = new float[channels];
    this.zero = new float[channels];
    this.sumGradient = new double[channels];
    this.sumProduct = new double[channels];
    this.means = new float[microBatches][channels];
    this.squares = new float[microBatches][channels];
    this.partialGradients = new float[microBatches][2 * channels];
    this.counts = new double[microBatches];
  }

  /** Computes the mean and the sum of squared deviations of one micro-batch. */
  void measure(LayerContext context, int microBatch) {
    int plane = context.inShape().plane();
    int full = context.groups.to();
    while (full > context.groups.from() && context.imagesIn(full - 1) < context.kernels.lanes()) {
      full--;
    }
    double count =
        Math.min((long) context.groups.to() * context.kernels.lanes(), context.batch.images());
    count = (count - (double) context.groups.from() * context.kernels.lanes()) * plane;
    float[] center = means[microBatch];
    Arrays.fill(center, 0);
    ChannelShape shape = new ChannelShape(channels, plane);
    Range fullGroups = new Range(context.groups.from(), full);
    context.kernels.addChannelSums(
        shape, context.input(), center, 0, fullGroups, context.scratchpad);
    addPartial(context, full, zero, center, false);
    for (int c = 0; c < channels; c++) {
      center[c] = (float) (center[c] / count);
    }
    float[] square = squares[microBatch];
    Arrays.fill(square, 0);
    Shifted centered = new Shifted(context.input(), center);
    context.kernels.addChannelProducts(
        shape, centered, centered, square, 0, fullGroups, context.scratchpad);
    addPartial(context, full, center, square, true);
    counts[microBatch] = count;
  }

  /** Adds the images of groups that are not full, one by one. */
  private void addPartial(
      LayerContext context, int group, float[] shift, float[] sums, boolean squared) {
    int lanes = context.kernels.lanes();
    int plane = context.inShape().plane();
    for (int g = group; g < context.groups.to(); g++) {
      for (int c = 0; c < channels; c++) {
        double sum = 0;
        for (int p = 0; p < plane; p++) {
          for (int l = 0; l < context.imagesIn(g); l++) {
            double d = context.input()[((g * channels + c) * plane + p) * lanes + l] - shift[c];
            sum += squared ? d * d : d;
          }
        }
        sums[c] += (float) sum;
      }
    }
  }

  /** Computes mean and variance of all micro-batches together. */
  void combine(int microBatches) {
    for (int c = 0; c < channels; c++) {
      double count = 0;
      double m = 0;
      double squared = 0;
      for (int microBatch = 0; microBatch < microBatches; microBatch++) {
        double delta = means[microBatch][c] - m;
        double total = count + counts[microBatch];
        m += delta * counts[microBatch] / total;
        squared += squares[microBatch][c] + delta * delta * count * counts[microBatch] / total;
        count = total;
      }
      mean[c] = (float) m;
      variance[c] = (float) (squared / count);
    }
  }
}
