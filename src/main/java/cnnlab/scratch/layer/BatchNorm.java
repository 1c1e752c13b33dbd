package cnnlab.scratch.layer;

import cnnlab.scratch.kernel.ChannelShape;
import cnnlab.scratch.kernel.Kernels.Shifted;
import java.util.Arrays;
import java.util.List;

/**
 * Batch normalisation (Ioffe and Szegedy 2015) per channel: y = gamma · (x − mean) / √(var + eps) +
 * beta. In training mean and (biased) var are those of the batch, and the running averages are
 * updated: r ← decay · r + (1 − decay) · batch. At inference the running averages are used. Any
 * shape with C channels or features, unchanged.
 *
 * @param channels C
 * @param eps added to the variance, at least 0; 1e-5 in DL4J, 1e-3 in Keras
 * @param decay the factor of a running average at each training step, in [0, 1]; 0.9 in DL4J, 0.99
 *     in Keras
 * @param gammaTrained whether training changes gamma; Keras' {@code scale}
 * @param betaTrained whether training changes beta; Keras' {@code center}
 */
public record BatchNorm(
    int channels, double eps, double decay, boolean gammaTrained, boolean betaTrained)
    implements Layer, Batchwise {

  /**
   * @throws IllegalArgumentException when eps is negative or decay not in [0, 1]
   */
  public BatchNorm {
    if (!(eps >= 0 && decay >= 0 && decay <= 1)) {
      throw new IllegalArgumentException(
          "batch normalisation with eps %s and decay %s: eps must be 0 or more, decay in [0, 1]"
              .formatted(eps, decay));
    }
  }

  /** A layer whose gamma and beta are both trained. */
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
  public Object newState(Shape in, int groups, int lanes) {
    return new BatchStatistics(channels, groups);
  }

  @Override
  public void forward(LayerContext context) {
    float[] p = context.parameters;
    int gamma = context.node.parameterOffset();
    BatchStatistics batch = (BatchStatistics) context.savedForBackward;
    int run = context.inShape().plane() * context.kernels.lanes();
    for (int c = 0; c < channels; c++) {
      double mean = context.training ? batch.mean[c] : p[gamma + 2 * channels + c];
      double variance = context.training ? batch.variance[c] : p[gamma + 3 * channels + c];
      double scale = p[gamma + c] / Math.sqrt(variance + eps);
      double shift = p[gamma + channels + c] - scale * mean;
      for (int g = context.groups.from(); g < context.groups.to(); g++) {
        int begin = (g * channels + c) * run;
        context.kernels.scaleShift(
            context.input(),
            (float) scale,
            (float) shift,
            false,
            context.output,
            begin,
            begin + run);
      }
    }
  }

  /** gamma / √(var + eps) · x + (beta − gamma / √(var + eps) · mean), by the running averages. */
  @Override
  public Layer atInference(float[] parameters, int offset) {
    float[] scale = new float[channels];
    float[] shift = new float[channels];
    for (int c = 0; c < channels; c++) {
      double mean = parameters[offset + 2 * channels + c];
      double variance = parameters[offset + 3 * channels + c];
      double factor = parameters[offset + c] / Math.sqrt(variance + eps);
      scale[c] = (float) factor;
      shift[c] = (float) (parameters[offset + channels + c] - factor * mean);
    }
    return new ScaleShift(scale, shift);
  }

  @Override
  public void partialForward(LayerContext context, int microBatch) {
    ((BatchStatistics) context.savedForBackward).measure(context, microBatch);
  }

  @Override
  public void reduceForward(LayerContext context, int microBatches) {
    BatchStatistics batch = (BatchStatistics) context.savedForBackward;
    batch.combine(microBatches);
    int mean = context.node.parameterOffset() + 2 * channels;
    for (int c = 0; c < channels; c++) {
      updateAverage(context.parameters, mean + c, batch.mean[c]);
      updateAverage(context.parameters, mean + channels + c, batch.variance[c]);
    }
  }

  private void updateAverage(float[] averages, int at, float batch) {
    averages[at] = (float) (decay * averages[at] + (1 - decay) * batch);
  }

  /** Computes Σ dy and Σ dy · (x − mean) of the micro-batch. */
  @Override
  public void partialBackward(LayerContext context, int microBatch) {
    BatchStatistics batch = (BatchStatistics) context.savedForBackward;
    int plane = context.inShape().plane();
    float[] dy = context.outputGradient;
    float[] sums = batch.partialGradients[microBatch];
    Arrays.fill(sums, 0);
    ChannelShape shape = new ChannelShape(channels, plane);
    context.kernels.addChannelSums(shape, dy, sums, 0, context.groups, context.scratchpad);
    context.kernels.addChannelProducts(
        shape,
        new Shifted(dy, batch.zero),
        new Shifted(context.input(), batch.mean),
        sums,
        channels,
        context.groups,
        context.scratchpad);
  }

  @Override
  public void reduceBackward(LayerContext context, int microBatches) {
    BatchStatistics batch = (BatchStatistics) context.savedForBackward;
    int gamma = context.node.parameterOffset();
    for (int c = 0; c < channels; c++) {
      double sum = 0;
      double product = 0;
      for (int microBatch = 0; microBatch < microBatches; microBatch++) {
        sum += batch.partialGradients[microBatch][c];
        product += batch.partialGradients[microBatch][channels + c];
      }
      batch.sumGradient[c] = sum;
      batch.sumProduct[c] = product;
      double deviation = Math.sqrt(batch.variance[c] + eps);
      context.parameterGradients[gamma + c] += (float) (product / deviation);
      context.parameterGradients[gamma + channels + c] += (float) sum;
    }
  }

  /**
   * dx = gamma/σ · (dy − Σdy/m − x̂ · Σ(dy·x̂)/m) with x̂ = (x − mean)/σ, σ = √(var + eps) and m
   * values per channel; that is linear in dy and x.
   */
  @Override
  public void backward(LayerContext context) {
    float[] dx = context.inputGradient();
    if (dx == null) {
      return;
    }
    BatchStatistics batch = (BatchStatistics) context.savedForBackward;
    int lanes = context.kernels.lanes();
    int plane = context.inShape().plane();
    double m = (double) context.batch.images() * plane;
    for (int c = 0; c < channels; c++) {
      double variance = batch.variance[c] + eps;
      double scale = context.parameters[context.node.parameterOffset() + c] / Math.sqrt(variance);
      double slope = -scale * batch.sumProduct[c] / (m * variance);
      double shift = -scale * batch.sumGradient[c] / m - slope * batch.mean[c];
      for (int g = context.groups.from(); g < context.groups.to(); g++) {
        int begin = (g * channels + c) * plane * lanes;
        linear(context, begin, begin + plane * lanes, (float) scale, (float) slope, (float) shift);
        clearPadding(dx, begin, plane, lanes, context.imagesIn(g));
      }
    }
  }

  private static void linear(
      LayerContext context, int begin, int end, float scale, float slope, float shift) {
    float[] x = context.input();
    float[] dy = context.outputGradient;
    float[] dx = context.inputGradient();
    for (int i = begin; i < end; i++) {
      dx[i] = scale * dy[i] + (slope * x[i] + shift);
    }
  }

  /** The gradient is 0 in the lanes that hold no image. */
  private static void clearPadding(float[] dx, int begin, int plane, int lanes, int images) {
    for (int p = 0; images < lanes && p < plane; p++) {
      Arrays.fill(dx, begin + p * lanes + images, begin + (p + 1) * lanes, 0);
    }
  }
}
