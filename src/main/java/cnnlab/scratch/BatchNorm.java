package cnnlab.scratch;

import java.util.List;

/**
 * Batch normalisation (Ioffe and Szegedy 2015) per channel: y = gamma · (x − mean) / √(var + eps) +
 * beta. At inference mean and var are the running averages. Any shape with C channels or features,
 * unchanged.
 *
 * @param channels C
 * @param eps added to the variance, positive; 1e-5 in DL4J, 1e-3 in Keras
 * @param decay how much of a running average is kept at each training step, in [0, 1]; 0.9 in DL4J,
 *     0.99 in Keras
 */
public record BatchNorm(int channels, double eps, double decay) implements Layer {

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Layer.withChannels(this, inputs, channels);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        Parameter.of("gamma", channels),
        Parameter.of("beta", channels),
        Parameter.of("mean", channels),
        Parameter.of("var", channels));
  }

  @Override
  public void forward(Pass pass) {
    int gamma = pass.node.parameterOffset();
    float[] p = pass.parameters;
    int run = pass.inShape().plane() * pass.kernels.lanes();
    for (int g = pass.from; g < pass.to; g++) {
      for (int c = 0; c < channels; c++) {
        float mean = p[gamma + 2 * channels + c];
        float variance = p[gamma + 3 * channels + c];
        float scale = (float) (p[gamma + c] / Math.sqrt(variance + eps));
        float shift = p[gamma + channels + c] - scale * mean;
        int begin = (g * channels + c) * run;
        for (int i = begin; i < begin + run; i++) {
          pass.output[i] = scale * pass.input()[i] + shift;
        }
      }
    }
  }
}
