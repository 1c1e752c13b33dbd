package cnnlab.scratch;

import java.util.ArrayList;
import java.util.List;

/**
 * Layer normalisation (Ba et al. 2016) over the channels at each position: y[c] = gamma[c] · (x[c]
 * − mean) / √(var + eps) + beta[c], with mean and (biased) variance over c. Any shape with C
 * channels or features, unchanged.
 *
 * @param channels C
 * @param eps added to the variance, positive; 1e-3 in Keras
 * @param scale whether gamma is there; it is 1 otherwise
 * @param center whether beta is there; it is 0 otherwise
 */
public record LayerNorm(int channels, double eps, boolean scale, boolean center) implements Layer {

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Layer.withChannels(this, inputs, channels);
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> list = new ArrayList<>();
    if (scale) {
      list.add(Parameter.of("gamma", channels));
    }
    if (center) {
      list.add(Parameter.of("beta", channels));
    }
    return list;
  }

  @Override
  public void forward(Pass pass) {
    float[] x = pass.input();
    int stride = pass.inShape().plane() * pass.kernels.lanes();
    int beta = beta(pass);
    forEachPosition(
        pass,
        (begin, mean, deviation) -> {
          for (int c = 0; c < channels; c++) {
            int at = begin + c * stride;
            double y = gamma(pass, c) * (x[at] - mean) / deviation;
            pass.output[at] = (float) (center ? y + pass.parameters[beta + c] : y);
          }
        });
  }

  /**
   * dx = (g − Σg/C − x̂ · Σ(g·x̂)/C) / σ with g = gamma · dy, x̂ = (x − mean)/σ and σ = √(var +
   * eps); dgamma = Σ dy · x̂, dbeta = Σ dy over images and positions.
   */
  @Override
  public void backward(Pass pass) {
    float[] x = pass.input();
    float[] dy = pass.outputGradient;
    float[] dx = pass.inputGradient();
    int stride = pass.inShape().plane() * pass.kernels.lanes();
    int gamma = pass.node.parameterOffset();
    int beta = beta(pass);
    forEachPosition(
        pass,
        (begin, mean, deviation) -> {
          double sum = 0;
          double product = 0;
          for (int c = 0; c < channels; c++) {
            int at = begin + c * stride;
            double normal = (x[at] - mean) / deviation;
            double g = gamma(pass, c) * dy[at];
            sum += g;
            product += g * normal;
            if (scale) {
              pass.parameterGradients[gamma + c] += (float) (dy[at] * normal);
            }
            if (center) {
              pass.parameterGradients[beta + c] += dy[at];
            }
          }
          for (int c = 0; c < channels && dx != null; c++) {
            int at = begin + c * stride;
            double normal = (x[at] - mean) / deviation;
            double g = gamma(pass, c) * dy[at];
            dx[at] = (float) ((g - (sum + normal * product) / channels) / deviation);
          }
        });
  }

  private double gamma(Pass pass, int c) {
    return scale ? pass.parameters[pass.node.parameterOffset() + c] : 1;
  }

  private int beta(Pass pass) {
    return pass.node.parameterOffset() + (scale ? channels : 0);
  }

  /**
   * Takes where the first channel of a position stands, and the position's mean and √(var + eps).
   */
  private interface Position {
    void at(int begin, double mean, double deviation);
  }

  private void forEachPosition(Pass pass, Position position) {
    float[] x = pass.input();
    int stride = pass.inShape().plane() * pass.kernels.lanes();
    for (int g = pass.from; g < pass.to; g++) {
      for (int i = 0; i < stride; i++) {
        int begin = g * channels * stride + i;
        double mean = 0;
        for (int c = 0; c < channels; c++) {
          mean += x[begin + c * stride];
        }
        mean /= channels;
        double variance = 0;
        for (int c = 0; c < channels; c++) {
          double d = x[begin + c * stride] - mean;
          variance += d * d;
        }
        position.at(begin, mean, Math.sqrt(variance / channels + eps));
      }
    }
  }
}
