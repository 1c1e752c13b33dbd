package cnnlab.bench.worker;

import cnnlab.bench.model.BenchModel;
import cnnlab.data.Seeds;
import java.util.SplittableRandom;

/**
 * Random inputs, the same in all processes.
 *
 * @param x up to four batches [batch, C, H, W], uniform in [-1, 1)
 * @param y targets [batch, K], one class each
 */
record RandomInputs(float[][] x, float[] y) {
  private static final int MOST_BATCHES = 4;

  /** Fewer batches if they would have more values. */
  private static final int MOST_VALUES = 1 << 24;

  static RandomInputs of(BenchModel model, int batch) {
    SplittableRandom random = Seeds.random(BenchModel.SEED, "bench");
    int size = Math.multiplyExact(batch, model.input().size());
    float[][] x = new float[Math.max(1, Math.min(MOST_BATCHES, MOST_VALUES / size))][size];
    for (float[] images : x) {
      for (int i = 0; i < images.length; i++) {
        images[i] = (float) (2 * random.nextDouble() - 1);
      }
    }
    float[] y = new float[batch * model.outputs()];
    for (int i = 0; i < batch; i++) {
      y[i * model.outputs() + random.nextInt(model.outputs())] = 1;
    }
    return new RandomInputs(x, y);
  }

  /** A batch; the last is followed by the first. */
  float[] batch(int number) {
    return x[number % x.length];
  }
}
