package cnnlab.scratch.layer;

import java.util.List;

/**
 * Group normalisation (Wu and He 2018) or, at every position alone, layer normalisation (Ba, Kiros
 * and Hinton 2016): y = gamma · (x − mean) / √(var + eps) + beta, where mean and (biased) var are
 * those of a set of values of one image:
 *
 * <ul>
 *   <li>all values of C/G neighbouring channels, or
 *   <li>those of C/G neighbouring channels at one position, as Keras' LayerNormalization with G =
 *       1.
 * </ul>
 *
 * <p>Any shape with C channels or features, unchanged. Training and inference compute the same.
 *
 * @param channels C
 * @param groups G, a divisor of C
 * @param everyPosition whether every position has a mean and variance of its own
 * @param eps added to the variance, at least 0; 1e-3 in Keras
 * @param gammaTrained whether training changes gamma; Keras' {@code scale}
 * @param betaTrained whether training changes beta; Keras' {@code center}
 */
public record GroupNorm(
    int channels,
    int groups,
    boolean everyPosition,
    double eps,
    boolean gammaTrained,
    boolean betaTrained)
    implements Layer {

  /**
   * @throws IllegalArgumentException when the groups do not divide the channels, or eps is negative
   */
  public GroupNorm {
    if (groups < 1 || channels % groups != 0 || !(eps >= 0)) {
      throw new IllegalArgumentException(
          "%d groups of %d channels with eps %s: expected a divisor of the channels and eps of 0 or more"
              .formatted(groups, channels, eps));
    }
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Layer.withChannels(this, inputs, channels);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        new Parameter("gamma", gammaTrained, List.of(channels)),
        new Parameter("beta", betaTrained, List.of(channels)));
  }

  /** How many values share a mean. */
  public int setSize(Shape in) {
    return channels / groups * (everyPosition ? 1 : in.plane());
  }

  @Override
  public void forward(LayerContext context) {
    float[] x = context.input();
    float[] p = context.parameters;
    int gamma = context.node.parameterOffset();
    forEachSet(
        context,
        set -> {
          double mean = set.mean(x);
          double factor = 1 / Math.sqrt(set.variance(x, mean) + eps);
          for (int k = 0; k < set.size; k++) {
            int c = set.channel(k);
            double normal = (x[set.at(k)] - mean) * factor;
            context.output[set.at(k)] = (float) (p[gamma + c] * normal + p[gamma + channels + c]);
          }
        });
  }

  /**
   * With x̂ = (x − mean)/σ, σ = √(var + eps), and g = gamma · dy: dx = (g − mean of g − x̂ · mean
   * of g·x̂)/σ.
   */
  @Override
  public void backward(LayerContext context) {
    float[] x = context.input();
    float[] dy = context.outputGradient;
    float[] dx = context.inputGradient();
    float[] p = context.parameters;
    float[] dp = context.parameterGradients;
    int gamma = context.node.parameterOffset();
    forEachSet(
        context,
        set -> {
          double mean = set.mean(x);
          double factor = 1 / Math.sqrt(set.variance(x, mean) + eps);
          double sum = 0;
          double product = 0;
          for (int k = 0; k < set.size; k++) {
            int c = set.channel(k);
            double d = dy[set.at(k)];
            double normal = (x[set.at(k)] - mean) * factor;
            dp[gamma + c] += (float) (d * normal);
            dp[gamma + channels + c] += (float) d;
            sum += p[gamma + c] * d;
            product += p[gamma + c] * d * normal;
          }
          for (int k = 0; k < set.size && dx != null; k++) {
            double d = p[gamma + set.channel(k)] * (double) dy[set.at(k)];
            double normal = (x[set.at(k)] - mean) * factor;
            dx[set.at(k)] = (float) ((d - (sum + normal * product) / set.size) * factor);
          }
        });
  }

  /** Values that share a mean: the positions begin, begin + step, … in a tensor. */
  private static final class ValueSet {
    private final int size;
    private final int step;
    private final int positions;
    private int begin;
    private int firstChannel;

    ValueSet(int size, int step, int positions) {
      this.size = size;
      this.step = step;
      this.positions = positions;
    }

    int at(int k) {
      return begin + k * step;
    }

    int channel(int k) {
      return firstChannel + k / positions;
    }

    double mean(float[] x) {
      double sum = 0;
      for (int k = 0; k < size; k++) {
        sum += x[at(k)];
      }
      return sum / size;
    }

    double variance(float[] x, double mean) {
      double sum = 0;
      for (int k = 0; k < size; k++) {
        double d = x[at(k)] - mean;
        sum += d * d;
      }
      return sum / size;
    }
  }

  private interface SetUse {
    void accept(ValueSet set);
  }

  private void forEachSet(LayerContext context, SetUse use) {
    Shape in = context.inShape();
    int lanes = context.kernels.lanes();
    int plane = in.plane();
    ValueSet set =
        new ValueSet(setSize(in), everyPosition ? plane * lanes : lanes, everyPosition ? 1 : plane);
    int perGroup = channels / groups;
    for (int k = context.groups.from() * groups; k < context.groups.to() * groups; k++) {
      set.firstChannel = k % groups * perGroup;
      for (int start = 0; start < (everyPosition ? plane : 1) * lanes; start++) {
        set.begin = k * perGroup * plane * lanes + start;
        use.accept(set);
      }
    }
  }
}
