package cnnlab.report.claim;

import cnnlab.metric.Intervals.Sample;
import java.util.Arrays;

/** The numbers of the lab report, and of other public solutions of the same lab. */
public final class LabReport {
  /** Task 1: sum of absolute differences of one random convolution on one image. */
  public static final double CONVOLUTION_DIFFERENCE = 8.314e-5;

  /** Task 3: validation accuracy, given as "about". */
  public static final double TASK3_ACCURACY = 0.79;

  /** Task 3: training patches of the lab's data set. */
  static final int TASK3_PATCHES = 100_000;

  /** Task 3: parameters of the report's network. */
  static final int TASK3_PARAMETERS = 924_874;

  /** Task 2, the best public solution: mean test accuracy of five runs. */
  static final double TASK2_BEST_PUBLIC = 0.9307;

  /** Task 3, the best public solution: validation accuracy, trained on 100,000 patches. */
  static final double TASK3_BEST_PUBLIC = 0.8218;

  private static final double[] TASK2_ACCURACIES = {0.8867, 0.9187, 0.9341, 0.9426, 0.9057};

  private LabReport() {}

  /** Task 2: test accuracy of each of the report's five runs [5], a new array. */
  public static double[] task2Accuracies() {
    return TASK2_ACCURACIES.clone();
  }

  /** Mean of the report's five runs. */
  static double task2Mean() {
    return Arrays.stream(TASK2_ACCURACIES).average().orElseThrow();
  }

  /** The report's five runs. */
  static Sample task2Sample() {
    int n = TASK2_ACCURACIES.length;
    return new Sample(n, task2Mean(), Math.sqrt(task2PopulationVariance() * n / (n - 1)));
  }

  /** Their population variance, as the report gives it. */
  static double task2PopulationVariance() {
    double mean = task2Mean();
    return Arrays.stream(TASK2_ACCURACIES)
        .map(a -> (a - mean) * (a - mean))
        .average()
        .orElseThrow();
  }
}
