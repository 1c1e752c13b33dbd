package cnnlab.scratch.layer;

import java.util.Arrays;
import java.util.List;

/**
 * Batch normalisation (Ioffe and Szegedy 2015) per channel: y = gamma · (x − mean) / √(var + eps) +
 * beta. In training mean and (biased) var are those of the batch, and the running averages follow
 * them: r ← decay · r + (1 − decay) · batch. At inference they are the running averages. Any shape
 * with C channels or features, unchanged.
 *
 * @param channels C
 * @param eps added to the variance, positive; 1e-5 in DL4J, 1e-3 in Keras
 * @param decay how much of a running average is kept at each training step, in [0, 1]; 0.9 in DL4J,
 *     0.99 in Keras
 * @param gammaTrained whether training changes gamma; Keras' {@code scale}
 * @param betaTrained whether training changes beta; Keras' {@code center}
 */
public record BatchNorm(
    int channels, double eps, double decay, boolean gammaTrained, boolean betaTrained)
    implements Layer, Batchwise {

  /** Training changes gamma and beta. */
  public BatchNorm(int channels, double eps, double decay) {
    this(channels, eps, decay, true, true);
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Layer.withChannels(this, inputs, channels);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        new Parameter("gamma", gammaTrained, List.of(channels)),
        new Parameter("beta", betaTrained, List.of(channels)),
        new Parameter("mean", false, List.of(channels)),
        new Parameter("var", false, List.of(channels)));
  }

  @Override
  public Object newMemory(Shape in, int groups, int lanes) {
    return new BatchStatistics(channels, groups);
  }

  @Override
  public void forward(LayerContext pass) {
    float[] p = pass.parameters;
    int gamma = pass.node.parameterOffset();
    BatchStatistics batch = (BatchStatistics) pass.memory;
    int run = pass.inShape().plane() * pass.kernels.lanes();
    for (int c = 0; c < channels; c++) {
      double mean = pass.training ? batch.mean[c] : p[gamma + 2 * channels + c];
      double variance = pass.training ? batch.variance[c] : p[gamma + 3 * channels + c];
      double scale = p[gamma + c] / Math.sqrt(variance + eps);
      double shift = p[gamma + channels + c] - scale * mean;
      for (int g = pass.from; g < pass.to; g++) {
        int begin = (g * channels + c) * run;
        pass.kernels.scaleShift(
            pass.input(), (float) scale, (float) shift, false, pass.output, begin, begin + run);
      }
    }
  }

  @Override
  public void shareForward(LayerContext pass, int piece) {
    ((BatchStatistics) pass.memory).measure(pass, piece);
  }

  @Override
  public void combineForward(LayerContext pass, int pieces) {
    BatchStatistics batch = (BatchStatistics) pass.memory;
    batch.combine(pieces);
    int mean = pass.node.parameterOffset() + 2 * channels;
    for (int c = 0; c < channels; c++) {
      follow(pass.parameters, mean + c, batch.mean[c]);
      follow(pass.parameters, mean + channels + c, batch.variance[c]);
    }
  }

  private void follow(float[] averages, int at, float batch) {
    averages[at] = (float) (decay * averages[at] + (1 - decay) * batch);
  }

  /** Σ dy and Σ dy · (x − mean) of the piece. */
  @Override
  public void shareBackward(LayerContext pass, int piece) {
    BatchStatistics batch = (BatchStatistics) pass.memory;
    int plane = pass.inShape().plane();
    float[] dy = pass.outputGradient;
    float[] sums = batch.gradientShares[piece];
    Arrays.fill(sums, 0);
    pass.kernels.addChannelSums(channels, plane, dy, sums, 0, pass.from, pass.to, pass.scratchpad);
    pass.kernels.addChannelProducts(
        channels,
        plane,
        dy,
        batch.zero,
        pass.input(),
        batch.mean,
        sums,
        channels,
        pass.from,
        pass.to,
        pass.scratchpad);
  }

  @Override
  public void combineBackward(LayerContext pass, int pieces) {
    BatchStatistics batch = (BatchStatistics) pass.memory;
    int gamma = pass.node.parameterOffset();
    for (int c = 0; c < channels; c++) {
      double sum = 0;
      double product = 0;
      for (int piece = 0; piece < pieces; piece++) {
        sum += batch.gradientShares[piece][c];
        product += batch.gradientShares[piece][channels + c];
      }
      batch.sumGradient[c] = sum;
      batch.sumProduct[c] = product;
      double deviation = Math.sqrt(batch.variance[c] + eps);
      pass.parameterGradients[gamma + c] += (float) (product / deviation);
      pass.parameterGradients[gamma + channels + c] += (float) sum;
    }
  }

  /**
   * dx = gamma/σ · (dy − Σdy/m − x̂ · Σ(dy·x̂)/m) with x̂ = (x − mean)/σ, σ = √(var + eps) and m
   * values per channel; that is linear in dy and x.
   */
  @Override
  public void backward(LayerContext pass) {
    float[] dx = pass.inputGradient();
    if (dx == null) {
      return;
    }
    BatchStatistics batch = (BatchStatistics) pass.memory;
    int lanes = pass.kernels.lanes();
    int plane = pass.inShape().plane();
    double m = (double) pass.images * plane;
    for (int c = 0; c < channels; c++) {
      double variance = batch.variance[c] + eps;
      double scale = pass.parameters[pass.node.parameterOffset() + c] / Math.sqrt(variance);
      double slope = -scale * batch.sumProduct[c] / (m * variance);
      double shift = -scale * batch.sumGradient[c] / m - slope * batch.mean[c];
      for (int g = pass.from; g < pass.to; g++) {
        int begin = (g * channels + c) * plane * lanes;
        linear(pass, begin, begin + plane * lanes, (float) scale, (float) slope, (float) shift);
        clearPadding(dx, begin, plane, lanes, pass.imagesIn(g));
      }
    }
  }

  private static void linear(
      LayerContext pass, int begin, int end, float scale, float slope, float shift) {
    float[] x = pass.input();
    float[] dy = pass.outputGradient;
    float[] dx = pass.inputGradient();
    for (int i = begin; i < end; i++) {
      dx[i] = scale * dy[i] + (slope * x[i] + shift);
    }
  }

  /** Images that are not there have no gradient. */
  private static void clearPadding(float[] dx, int begin, int plane, int lanes, int images) {
    for (int p = 0; images < lanes && p < plane; p++) {
      Arrays.fill(dx, begin + p * lanes + images, begin + (p + 1) * lanes, 0);
    }
  }
}
