package cnnlab.task2;

import cnnlab.data.Seeds;
import cnnlab.experiment.Claim;
import cnnlab.experiment.DivergedTraining;
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
 * The result of Task 2, as written to {@code result.json}. The figures at the top are those of the
 * only or the first variant. Diverged trainings are left out of all figures.
 *
 * @param experiment name of the experiment
 * @param seed its seed
 * @param engine the engine that trained the first variant
 * @param n number of completed repetitions; if it is 0 there are no figures
 * @param medianRun the repetition with the median accuracy, shown in the model and the pictures;
 *     null when none completed
 * @param accuracies test accuracy of each completed repetition
 * @param mean mean of the accuracies
 * @param variance sample variance (divisor n − 1)
 * @param populationVariance population variance (divisor n), as in the report
 * @param sd standard deviation (sample)
 * @param ci95 95 % interval of the mean
 * @param bootstrap95 95 % bootstrap interval of the mean
 * @param testTimeAveraging accuracies when the probabilities of each test image are averaged over
 *     five shifts; null if not requested
 * @param ensemble accuracy of the mean of all repetitions' probabilities; this is more than one
 *     model, trained on more images than one draw has
 * @param variants each variant, if there are several
 * @param claims the comparisons behind the verdicts, if there are claims
 * @param verdicts the verdict on each claim
 * @param diverged the diverged trainings of all variants
 * @param durationSeconds total duration of all trainings
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
    List<DivergedTraining> diverged,
    double durationSeconds) {
  private static final double[] NONE = {Double.NaN, Double.NaN};

  /**
   * The scores of a variant.
   *
   * @param name name of the variant
   * @param engine the engine that trained it
   * @param trainSize number of training images that it draws
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
        DivergedTraining.of(trainings.rows()),
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
