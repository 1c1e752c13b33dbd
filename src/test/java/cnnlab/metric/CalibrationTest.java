package cnnlab.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nd4j.evaluation.classification.EvaluationCalibration;
import org.nd4j.evaluation.curves.ReliabilityDiagram;
import org.nd4j.linalg.factory.Nd4j;

class CalibrationTest {
  private static final BinaryPredictions FIVE =
      new BinaryPredictions(new double[] {0.1, 0.15, 0.6, 0.7, 1.0}, new int[] {0, 1, 1, 0, 1});

  @Test
  void binsByHand() {
    Calibration calibration = Calibration.ofPositiveClass(FIVE, 5);
    assertThat(calibration.bins()).hasSize(5);
    Calibration.Bin first = calibration.bins().get(0);
    assertThat(first.count()).isEqualTo(2);
    assertThat(first.probability()).isCloseTo(0.125, within(1e-12));
    assertThat(first.share()).isEqualTo(0.5);
    assertThat(calibration.bins().get(1).count()).isZero();
    assertThat(calibration.bins().get(1).share()).isNaN();
    assertThat(calibration.bins().get(3).count()).isEqualTo(2);
    assertThat(calibration.bins().get(4)).isEqualTo(new Calibration.Bin(0.8, 1, 1, 1, 1));
    // 2/5·|0.5 − 0.125| + 2/5·|0.5 − 0.65| + 1/5·0
    assertThat(calibration.error()).isCloseTo(0.21, within(1e-12));
  }

  @Test
  void topClassCalibrationUsesTheProbabilityOfThePrediction() {
    float[] probabilities = {0.92f, 0.08f, 0.3f, 0.7f, 0.05f, 0.95f};
    Calibration calibration = Calibration.ofTopClass(probabilities, new int[] {0, 0, 1}, 2, 10);
    // 0.92 and 0.95 are in the last bin and right, 0.7 is wrong.
    assertThat(calibration.bins().get(9).count()).isEqualTo(2);
    assertThat(calibration.error()).isCloseTo((0.08 + 0.05 + 0.7) / 3, within(1e-6));
  }

  @Test
  void topClassIsFoundForEachImageOfThreeClasses() {
    float[] probabilities = {0.1f, 0.2f, 0.7f, 0.6f, 0.3f, 0.1f, 0.05f, 0.9f, 0.05f};
    Calibration calibration = Calibration.ofTopClass(probabilities, new int[] {2, 0, 0}, 3, 10);
    assertThat(calibration.error()).isCloseTo((0.3 + 0.4 + 0.9) / 3, within(1e-6));
    assertThatThrownBy(() -> Calibration.ofTopClass(new float[0], new int[0], 3, 10))
        .hasMessageContaining("0 probabilities are not 0 images of 3 classes");
    assertThatThrownBy(() -> Calibration.ofTopClass(new float[5], new int[2], 3, 10))
        .hasMessageContaining("5 probabilities are not 2 images of 3 classes");
  }

  @Test
  void binsAreDl4js() {
    int count = 1000;
    SplittableRandom random = new SplittableRandom(4);
    float[] probabilities = new float[2 * count];
    float[] oneHot = new float[2 * count];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      float p = (float) random.nextDouble();
      labels[i] = random.nextDouble() < 0.2 + 0.6 * p ? 1 : 0;
      probabilities[2 * i] = 1 - p;
      probabilities[2 * i + 1] = p;
      oneHot[2 * i + labels[i]] = 1;
    }
    EvaluationCalibration theirs = new EvaluationCalibration(10, 10);
    theirs.eval(
        Nd4j.createFromArray(oneHot).reshape(count, 2),
        Nd4j.createFromArray(probabilities).reshape(count, 2));
    ReliabilityDiagram diagram = theirs.getReliabilityDiagram(1);
    Calibration ours = Calibration.ofPositiveClass(BinaryPredictions.of(probabilities, labels), 10);
    assertThat(ours.bins().stream().mapToDouble(Calibration.Bin::probability).toArray())
        .containsExactly(diagram.getMeanPredictedValueX(), within(1e-5));
    assertThat(ours.bins().stream().mapToDouble(Calibration.Bin::share).toArray())
        .containsExactly(diagram.getFractionPositivesY(), within(1e-5));
  }

  @Test
  void brierScoreByHand() {
    double sum = 0.01 + 0.85 * 0.85 + 0.16 + 0.49;
    assertThat(Calibration.brier(FIVE)).isCloseTo(sum / 5, within(1e-12));
    double[] even = {0.5, 0.5};
    assertThat(Calibration.brier(new BinaryPredictions(even, new int[] {0, 1}))).isEqualTo(0.25);
  }

  @Test
  void zeroAndOneAreValidProbabilities() {
    BinaryPredictions certain = new BinaryPredictions(new double[] {0, 1}, new int[] {0, 1});
    assertThat(Calibration.brier(certain)).isZero();
    assertThat(Calibration.ofPositiveClass(certain, 2).error()).isZero();
  }

  @Test
  void scoresThatAreNotProbabilitiesAreRefused() {
    BinaryPredictions scores = new BinaryPredictions(new double[] {0.5, 1.5}, new int[2]);
    assertThatThrownBy(() -> Calibration.brier(scores))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Brier score: image 1 has the score 1.5, expected a probability in 0..1");
    assertThatThrownBy(() -> Calibration.ofPositiveClass(scores, 10))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Calibration.ofTopClass(new float[3], new int[2], 2, 10))
        .hasMessageContaining("3 probabilities are not 2 images of 2 classes");
  }

  @Test
  void bootstrapIntervalOfAShareAgreesWithTheBinomial() {
    int[] right = IntStream.range(0, 2000).map(i -> i % 5 == 0 ? 0 : 1).toArray();
    double[] interval =
        Bootstrap.interval95(
            2000, 2000, 1, sample -> Arrays.stream(sample).map(i -> right[i]).average().orElse(0));
    double half = 1.96 * Math.sqrt(0.8 * 0.2 / 2000);
    assertThat(interval).containsExactly(new double[] {0.8 - half, 0.8 + half}, within(0.0015));
  }

  @Test
  void bootstrapIsSeededAndLeavesOutNaN() {
    BinaryPredictions few =
        new BinaryPredictions(new double[] {0.1, 0.4, 0.35, 0.8}, new int[] {0, 0, 1, 1});
    double[] interval = Bootstrap.interval95(few, 7, RocCurve::auc);
    assertThat(interval).isEqualTo(Bootstrap.interval95(few, 7, RocCurve::auc));
    assertThat(interval[0]).isBetween(0.0, 0.75);
    assertThat(interval[1]).isOne();
    assertThat(Bootstrap.interval95(3, 10, 1, sample -> Double.NaN)).containsOnly(Double.NaN);
    assertThat(Bootstrap.interval95(1, 1, 1, sample -> 3 + sample[0])).containsExactly(3, 3);
    assertThatThrownBy(() -> Bootstrap.interval95(0, 10, 1, sample -> 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Bootstrap.interval95(10, 0, 1, sample -> 1))
        .hasMessage("0 samples of 10 images requested, expected at least 1 of each");
  }
}
