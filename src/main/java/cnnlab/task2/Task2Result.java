package cnnlab.task2;

import cnnlab.data.Seeds;
import cnnlab.experiment.Claim;
import cnnlab.experiment.DivergedTrainings;
import cnnlab.experiment.FinishedTraining;
import cnnlab.experiment.FinishedTrainings;
import cnnlab.experiment.Variant;
import cnnlab.metric.ClassMetrics;
import cnnlab.metric.Scale;
import cnnlab.metric.Summary;
import cnnlab.metric.Verdict;
import cnnlab.model.MnistCnn;
import cnnlab.text.Enums;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The outcome of Task 2, as {@code result.json} has it. The figures at the top are those of the
 * only or the first variant. No figure counts trainings that diverged.
 *
 * @param experiment its name
 * @param seed its seed
 * @param engine which engine trained the first variant
 * @param n how many repetitions came to their end; with 0 of them there are no figures
 * @param medianRun the repetition whose accuracy is the median one, which the model and the
 *     pictures are of; null when none came to its end
 * @param accuracies test accuracy of each of them
 * @param mean of the accuracies
 * @param variance sample variance (divisor n − 1)
 * @param populationVariance divisor n, as the report has it
 * @param sd standard deviation (sample)
 * @param ci95 95 % interval of the mean
 * @param bootstrap95 95 % bootstrap interval of the mean
 * @param testTimeAveraging accuracies when each test image is classified five times, shifted, and
 *     the probabilities averaged; null when it was not
 * @param ensemble accuracy of the mean of all repetitions' probabilities: not one model, and of
 *     more images than one draw
 * @param variants each variant, where there are several
 * @param claims the comparisons behind the verdicts, where there are claims
 * @param verdicts on each claim
 * @param diverged the trainings that diverged, of all variants
 * @param durationSeconds seconds of all trainings added up
 */
public record Task2Result(
    String experiment,
    long seed,
    String engine,
    int n,
    Integer medianRun,
    double[] accuracies,
    double mean,
    double variance,
    double populationVariance,
    double sd,
    double[] ci95,
    double[] bootstrap95,
    Summary testTimeAveraging,
    double ensemble,
    List<VariantSummary> variants,
    List<Claim> claims,
    Map<String, Verdict> verdicts,
    List<DivergedTrainings> diverged,
    double durationSeconds) {
  private static final double[] NONE = {Double.NaN, Double.NaN};

  /**
   * @param name of the variant
   * @param engine which engine trained it
   * @param trainSize how many images it draws
   * @param test summary of its test accuracies; null when all its trainings diverged
   * @param validation summary of its validation accuracies; null when all its trainings diverged
   */
  public record VariantSummary(
      String name, String engine, int trainSize, Summary test, Summary validation) {}

  static Task2Result of(
      Task2Config config,
      List<Variant<Task2Config>> variants,
      FinishedTrainings<Task2Repetition.Row> trainings,
      int[] labels) {
    List<VariantSummary> all = variants.stream().map(v -> summary(config, v, trainings)).toList();
    List<Claim> claims =
        Claim.of(
            config.claims(),
            name -> trainings.values(name, Task2Repetition.Row::testAccuracy),
            Scale.PROPORTION);
    Summary first = all.get(0).test();
    List<FinishedTraining<Task2Repetition.Row>> ofFirst = trainings.trained(all.get(0).name());
    return new Task2Result(
        config.experiment(),
        config.seed(),
        all.get(0).engine(),
        ofFirst.size(),
        first == null ? null : ofFirst.get(Summary.medianRun(first.values())).row().repetition(),
        first == null ? new double[0] : first.values(),
        first == null ? Double.NaN : first.mean(),
        first == null ? Double.NaN : first.variance(),
        first == null ? Double.NaN : first.populationVariance(),
        first == null ? Double.NaN : first.sd(),
        first == null ? NONE : first.ci95(),
        first == null ? NONE : first.bootstrap95(),
        testTimeAveraging(config, ofFirst),
        ensemble(ofFirst, labels),
        all.size() == 1 ? List.of() : all,
        claims,
        Claim.verdicts(claims),
        DivergedTrainings.of(trainings.rows()),
        trainings.rows().stream().mapToDouble(Task2Repetition.Row::seconds).sum());
  }

  private static VariantSummary summary(
      Task2Config config,
      Variant<Task2Config> variant,
      FinishedTrainings<Task2Repetition.Row> trainings) {
    return new VariantSummary(
        variant.name(),
        Enums.label(variant.config().engine()),
        variant.config().trainSize(),
        summary(config, variant.name(), trainings, Task2Repetition.Row::testAccuracy),
        summary(config, variant.name(), trainings, Task2Repetition.Row::validationAccuracy));
  }

  private static Summary summary(
      Task2Config config,
      String variant,
      FinishedTrainings<Task2Repetition.Row> trainings,
      Function<Task2Repetition.Row, Double> score) {
    double[] values =
        Arrays.stream(trainings.values(variant, score)).filter(Double::isFinite).toArray();
    long seed = Seeds.derive(config.seed(), "bootstrap-" + variant);
    return values.length == 0 ? null : Summary.of(values, seed, Scale.PROPORTION);
  }

  private static Summary testTimeAveraging(
      Task2Config config, List<FinishedTraining<Task2Repetition.Row>> trainings) {
    if (trainings.isEmpty() || trainings.get(0).row().averagedTestAccuracy() == null) {
      return null;
    }
    return Summary.of(
        trainings.stream().mapToDouble(t -> t.row().averagedTestAccuracy()).toArray(),
        Seeds.derive(config.seed(), "bootstrap-test-time-averaging"),
        Scale.PROPORTION);
  }

  private static double ensemble(
      List<FinishedTraining<Task2Repetition.Row>> trainings, int[] labels) {
    if (trainings.isEmpty()) {
      return Double.NaN;
    }
    float[] mean = FinishedTraining.meanProbabilities(trainings);
    return ClassMetrics.accuracy(mean, labels, MnistCnn.CLASSES);
  }
}
