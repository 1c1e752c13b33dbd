package cnnlab.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cnnlab.data.ImageSet;
import cnnlab.engine.Engine;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Scores of a known classifier. */
class EvaluationTest {
  /** 2,500 images of one pixel, dark, middling and bright in turn. */
  private static final int COUNT = 2_500;

  private static final byte[] LEVELS = {0, 102, (byte) 204};

  private static ImageSet set(int classes, int... labels) {
    byte[] pixels = new byte[COUNT];
    int[] all = new int[COUNT];
    for (int i = 0; i < COUNT; i++) {
      pixels[i] = LEVELS[i % 3];
      all[i] = labels[i % 3];
    }
    return new ImageSet("levels", 1, 1, 1, classes, pixels, all);
  }

  private static int[] first(int count) {
    return IntStream.range(0, count).toArray();
  }

  @Test
  void scoresAreThoseOfAllImagesHoweverManyThereAre() {
    // Probabilities of class 1: 0, 0.4, 0.8; labels 0, 1, 1.
    Evaluation e = Evaluation.of(new Ramp(2, p -> p), set(2, 0, 1, 1), first(2_499));
    assertThat(e.loss()).isCloseTo(-(Math.log(0.4) + Math.log(0.8)) / 3, within(1e-6));
    assertThat(e.accuracy()).isEqualTo(2 / 3.0);
    assertThat(e.auc()).isOne();
    assertThat(e.probabilities()).hasSize(2 * 2_499);
    for (int i = 0; i < 2_499; i++) {
      assertThat(e.probabilities()[2 * i + 1]).isCloseTo(0.4f * (i % 3), within(1e-6f));
    }
  }

  @Test
  void theOrderIsThatInWhichImagesAreAskedFor() {
    Evaluation e = Evaluation.of(new Ramp(2, p -> p), set(2, 0, 1, 0), new int[] {2, 0, 4});
    assertThat(e.probabilities())
        .containsExactly(new float[] {0.2f, 0.8f, 1, 0, 0.6f, 0.4f}, within(1e-6f));
    // Labels 0, 0, 1 with 0.8, 0 and 0.4: one of two pairs is won.
    assertThat(e.auc()).isEqualTo(0.5);
    assertThat(e.accuracy()).isEqualTo(1 / 3.0);
  }

  @Test
  void givesNoAreaForMoreThanTwoClasses() {
    Evaluation e = Evaluation.of(new Ramp(3, p -> p), set(3, 0, 1, 2), first(3));
    assertThat(e.auc()).isNull();
    assertThat(e.accuracy()).isEqualTo(1 / 3.0);
    assertThat(Evaluation.of(new Ramp(3, p -> Double.NaN), set(3, 0, 1, 2), first(3)).auc())
        .isNull();
  }

  @Test
  void givesNoScoreForOutputsThatAreNotFinite() {
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      Ramp engine = new Ramp(2, p -> p > 0.7 ? bad : p);
      Evaluation e = Evaluation.of(engine, set(2, 0, 1, 1), first(3));
      assertThat(e.loss()).isNaN();
      assertThat(e.accuracy()).isNaN();
      assertThat(e.auc()).isNaN();
      assertThat(e.probabilities()).hasSize(6);
      assertThat(Evaluation.of(engine, set(2, 0, 1, 1), first(2)).accuracy()).isEqualTo(0.5);
    }
  }

  @Test
  void givesNoScoreWithoutImages() {
    Evaluation e = Evaluation.of(new Ramp(2, p -> p), set(2, 0, 1, 1), new int[0]);
    assertThat(e.loss()).isNaN();
    assertThat(e.accuracy()).isNaN();
    assertThat(Evaluation.none(2).auc()).isNaN();
    assertThat(Evaluation.none(3).auc()).isNull();
    assertThat(Evaluation.none(3).loss()).isNaN();
  }

  /**
   * Class 1 is as probable as the pixel is bright, or what is made of that; the rest is class 0.
   */
  private record Ramp(int classes, DoubleUnaryOperator change) implements Engine {
    @Override
    public String name() {
      return "ramp";
    }

    @Override
    public float[] predict(float[] x, int n) {
      assertThat(x).hasSize(n);
      assertThat(n).as("images at once").isBetween(1, 1_000);
      float[] p = new float[classes * n];
      for (int i = 0; i < n; i++) {
        p[classes * i + 1] = (float) change.applyAsDouble((x[i] + 1) / 2);
        p[classes * i] = 1 - p[classes * i + 1];
      }
      return p;
    }

    @Override
    public double trainBatch(float[] x, float[] y, int n) {
      throw new UnsupportedOperationException();
    }

    @Override
    public float[] weights() {
      return new float[0];
    }

    @Override
    public void setWeights(float[] weights) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void saveState(DataOutputStream out) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void loadState(DataInputStream in) {
      throw new UnsupportedOperationException();
    }
  }
}
