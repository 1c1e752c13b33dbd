package cnnlab.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nd4j.evaluation.classification.ROC;
import org.nd4j.linalg.factory.Nd4j;

class BinaryMetricsTest {
  /** Scores 0.9+ 0.8+ 0.7- 0.7+ 0.4- 0.1-: of 9 pairs 8 are won and one is a tie. */
  private static final BinaryPredictions SIX =
      new BinaryPredictions(
          new double[] {0.7, 0.9, 0.1, 0.4, 0.7, 0.8}, new int[] {0, 1, 0, 0, 1, 1});

  /** Scores with many ties, a little better than chance. */
  static BinaryPredictions random(int count, int levels, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] labels = IntStream.range(0, count).map(i -> random.nextInt(2)).toArray();
    double[] scores = new double[count];
    Arrays.setAll(
        scores,
        i -> (double) Math.round(levels * (0.8 * random.nextDouble() + 0.2 * labels[i])) / levels);
    return new BinaryPredictions(scores, labels);
  }

  @Test
  void areaCountsTiesHalf() {
    assertThat(RocCurve.auc(SIX)).isEqualTo(8.5 / 9);
    double[] ordered = {1, 2, 3, 4};
    assertThat(RocCurve.auc(new BinaryPredictions(ordered, new int[] {0, 0, 1, 1}))).isOne();
    assertThat(RocCurve.auc(new BinaryPredictions(ordered, new int[] {1, 1, 0, 0}))).isZero();
    assertThat(RocCurve.auc(new BinaryPredictions(new double[4], new int[] {1, 0, 1, 0})))
        .isEqualTo(0.5);
    assertThat(RocCurve.auc(new BinaryPredictions(new double[] {-0.0, 0.0}, new int[] {0, 1})))
        .isEqualTo(0.5);
    assertThat(RocCurve.auc(new BinaryPredictions(ordered, new int[] {1, 1, 1, 1}))).isNaN();
  }

  @Test
  void areaAgreesWithComparisonOfAllPairs() {
    for (int levels : new int[] {3, 20, 100_000}) {
      BinaryPredictions p = random(300, levels, levels);
      double won = 0;
      for (int i = 0; i < p.count(); i++) {
        for (int j = 0; j < p.count(); j++) {
          if (p.labels()[i] == 1 && p.labels()[j] == 0) {
            won += (Math.signum(p.scores()[i] - p.scores()[j]) + 1) / 2;
          }
        }
      }
      double pairs = (double) p.positives() * (p.count() - p.positives());
      assertThat(RocCurve.auc(p)).isEqualTo(won / pairs);
    }
  }

  /**
   * All scores differ, because DL4J's ROC(0) lets ties pass one by one, which is wrong in the third
   * digit.
   */
  @Test
  void areaIsDl4jsWithoutTies() {
    BinaryPredictions p = random(500, 1 << 30, 1);
    assertThat(Arrays.stream(p.scores()).distinct().count()).isEqualTo(500);
    ROC theirs = new ROC(0);
    theirs.eval(
        Nd4j.createFromArray(Arrays.stream(p.labels()).asDoubleStream().toArray()).reshape(500, 1),
        Nd4j.createFromArray(p.scores()).reshape(500, 1));
    assertThat(RocCurve.auc(p)).isCloseTo(theirs.calculateAUC(), within(1e-6));
  }

  @Test
  void curveHasAPointForEachDistinctScore() {
    RocCurve curve = RocCurve.of(SIX);
    double third = 1.0 / 3;
    assertThat(curve.thresholds())
        .containsExactly(Double.POSITIVE_INFINITY, 0.9, 0.8, 0.7, 0.4, 0.1);
    assertThat(curve.falsePositiveRates())
        .containsExactly(new double[] {0, 0, 0, third, 2 * third, 1}, within(1e-15));
    assertThat(curve.truePositiveRates())
        .containsExactly(new double[] {0, third, 2 * third, 1, 1, 1}, within(1e-15));
    assertThat(curve.auc()).isEqualTo(8.5 / 9);
  }

  @Test
  void lowestScoreMayBelongToEitherClassAndZeroHasNoSign() {
    for (int lowest : new int[] {0, 1}) {
      RocCurve curve =
          RocCurve.of(
              new BinaryPredictions(
                  new double[] {-0.0, 0.3, 0.0, 0.2}, new int[] {lowest, 1, lowest, 0}));
      assertThat(curve.thresholds()).hasSize(4);
      assertThat(Double.compare(curve.thresholds()[3], 0.0)).isZero();
      assertThat(curve.falsePositiveRates()[3]).isOne();
      assertThat(curve.truePositiveRates()[3]).isOne();
    }
    RocCurve negative =
        RocCurve.of(new BinaryPredictions(new double[] {-0.0, -0.0}, new int[] {0, 1}));
    assertThat(Double.compare(negative.thresholds()[1], 0.0)).isZero();
  }

  @Test
  void trapezoidsUnderTheCurveAreTheArea() {
    RocCurve curve = RocCurve.of(random(400, 15, 3));
    double area = 0;
    for (int i = 1; i < curve.thresholds().length; i++) {
      double width = curve.falsePositiveRates()[i] - curve.falsePositiveRates()[i - 1];
      area += width * (curve.truePositiveRates()[i] + curve.truePositiveRates()[i - 1]) / 2;
    }
    assertThat(area).isCloseTo(curve.auc(), within(1e-12));
  }

  @Test
  void countsAndDerivedScores() {
    BinaryCounts counts = BinaryCounts.of(SIX, BinaryCounts.EVEN);
    assertThat(counts).isEqualTo(new BinaryCounts(3, 1, 2, 0));
    assertThat(counts.accuracy()).isEqualTo(5.0 / 6);
    assertThat(counts.precision()).isEqualTo(0.75);
    assertThat(counts.recall()).isOne();
    assertThat(counts.f1()).isEqualTo(6.0 / 7);
    BinaryCounts missed = new BinaryCounts(3, 1, 2, 4);
    assertThat(missed.accuracy()).isEqualTo(0.5);
    assertThat(missed.precision()).isEqualTo(0.75);
    assertThat(missed.recall()).isEqualTo(3.0 / 7);
    assertThat(missed.f1()).isEqualTo(6.0 / 11);
    BinaryCounts none = BinaryCounts.of(SIX, 0.9);
    assertThat(none).isEqualTo(new BinaryCounts(0, 0, 3, 3));
    assertThat(none.precision()).isNaN();
    assertThat(none.recall()).isZero();
    assertThat(none.f1()).isZero();
  }

  @Test
  void countsAreTheConfusionMatrix() {
    float[] probabilities = {0.5f, 0.5f, 0.2f, 0.8f, 0.9f, 0.1f, 0.4f, 0.6f};
    int[] labels = {1, 1, 0, 0};
    int[][] confusion = ConfusionMatrix.confusion(probabilities, labels, 2);
    BinaryCounts counts =
        BinaryCounts.of(BinaryPredictions.of(probabilities, labels), BinaryCounts.EVEN);
    assertThat(counts)
        .isEqualTo(
            new BinaryCounts(confusion[1][1], confusion[0][1], confusion[0][0], confusion[1][0]));
  }

  @Test
  void resampleSelectsImages() {
    BinaryPredictions some = SIX.resample(new int[] {1, 1, 3});
    assertThat(some.scores()).containsExactly(0.9, 0.9, 0.4);
    assertThat(some.labels()).containsExactly(1, 1, 0);
  }

  @Test
  void mismatchedInputIsRefused() {
    assertThatThrownBy(() -> new BinaryPredictions(new double[2], new int[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 scores and 3 labels");
    assertThatThrownBy(() -> new BinaryPredictions(new double[0], new int[0]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new BinaryPredictions(new double[] {1, Double.NaN}, new int[2]))
        .hasMessageContaining("image 1 has the score NaN");
    assertThatThrownBy(() -> new BinaryPredictions(new double[1], new int[] {2}))
        .hasMessageContaining("the label 2");
    assertThatThrownBy(() -> BinaryPredictions.of(new float[5], new int[2]))
        .hasMessage("5 probabilities are not 2 images of 2 classes");
    assertThatThrownBy(() -> RocCurve.of(new BinaryPredictions(new double[2], new int[2])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 images of class 1 and 2 of class 0");
  }
}
