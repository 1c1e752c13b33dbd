package cnnlab.scratch;

import java.util.List;

/**
 * Inverted dropout (Srivastava et al. 2014): in training each value is kept with probability {@code
 * retain} and divided by it, or becomes zero; at inference the layer is the identity. Any shape,
 * unchanged.
 *
 * @param retain the probability to keep a value, in (0, 1]; Keras' argument is 1 − retain
 */
public record Dropout(double retain) implements Layer {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  /**
   * @throws IllegalArgumentException when {@code retain} is not in (0, 1]
   */
  public Dropout {
    if (!(retain > 0 && retain <= 1)) {
      throw new IllegalArgumentException(
          "dropout's probability to retain is %s, it must be in (0, 1]".formatted(retain));
    }
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Layer.single(this, inputs);
  }

  @Override
  public void forward(Pass pass) {
    int begin = pass.begin(pass.inShape());
    int end = pass.end(pass.inShape());
    if (!pass.training) {
      System.arraycopy(pass.input(), begin, pass.output, begin, end - begin);
      return;
    }
    float[] scales = (float[]) pass.memory;
    draw(pass, scales);
    for (int i = begin; i < end; i++) {
      pass.output[i] = pass.input()[i] * scales[i];
    }
  }

  @Override
  public void backward(Pass pass) {
    float[] scales = (float[]) pass.memory;
    if (pass.inputGradient() != null) {
      for (int i = pass.begin(pass.inShape()); i < pass.end(pass.inShape()); i++) {
        pass.inputGradient()[i] = pass.outputGradient[i] * scales[i];
      }
    }
  }

  @Override
  public Object newMemory(Shape in, int groups, int lanes) {
    return new float[groups * in.size() * lanes];
  }

  /**
   * Draws 0 or 1/retain for every value. Which values are dropped depends on seed, step, image and
   * position alone: not on the layout or on who computes.
   */
  private void draw(Pass pass, float[] scales) {
    int lanes = pass.kernels.lanes();
    int size = pass.inShape().size();
    float kept = (float) (1 / retain);
    long stream = mix(pass.seed + GOLDEN_GAMMA * pass.step);
    for (int g = pass.from; g < pass.to; g++) {
      for (int i = 0; i < size; i++) {
        for (int l = 0; l < lanes; l++) {
          long z = mix(stream + GOLDEN_GAMMA * ((long) (g * lanes + l) * size + i + 1));
          boolean keep = (z >>> 11) * 0x1.0p-53 < retain;
          scales[(g * size + i) * lanes + l] = keep ? kept : 0;
        }
      }
    }
  }

  /** The output function of SplitMix64 (Steele et al. 2014): a counter becomes 64 random bits. */
  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
    return b ^ (b >>> 31);
  }
}
