package cnnlab.experiment;

import cnnlab.data.Seeds;
import cnnlab.model.MnistCnn;
import cnnlab.scratch.Loss;
import cnnlab.statistics.Scale;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The outcome of Task 2, as {@code result.json} has it. The figures at the top are those of the
 * only or the first variant.
 *
 * @param experiment its name
 * @param seed its seed
 * @param engine which engine trained
 * @param n how many repetitions
 * @param accuracies test accuracy of each repetition
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
 * @param durationSeconds seconds of all trainings added up
 */
public record Task2Result(
    String experiment,
    long seed,
    String engine,
    int n,
    double[] accuracies,
    double mean,
    double variance,
    double populationVariance,
    double sd,
    double[] ci95,
    double[] bootstrap95,
    Statistics.Summary testTimeAveraging,
    double ensemble,
    List<VariantSummary> variants,
    List<Claim> claims,
    Map<String, Statistics.Verdict> verdicts,
    double durationSeconds) {

  /**
   * @param name of the variant
   * @param trainSize how many images it draws
   * @param test summary of its test accuracies
   * @param validation summary of its validation accuracies
   */
  public record VariantSummary(
      String name, int trainSize, Statistics.Summary test, Statistics.Summary validation) {}

  static Task2Result of(
      Task2Config config,
      List<Variant<Task2Config>> variants,
      Trainings<Task2Repetition.Row> trainings,
      int[] labels) {
    List<VariantSummary> all = variants.stream().map(v -> summary(config, v, trainings)).toList();
    List<Claim> claims =
        Claim.of(
            config.claims(),
            name -> trainings.values(name, Task2Repetition.Row::testAccuracy),
            Scale.PROPORTION);
    Statistics.Summary first = all.get(0).test();
    List<Training<Task2Repetition.Row>> ofFirst = trainings.of(all.get(0).name());
    return new Task2Result(
        config.experiment(),
        config.seed(),
        config.engine().name().toLowerCase(Locale.ROOT),
        first.n(),
        first.values(),
        first.mean(),
        first.variance(),
        first.populationVariance(),
        first.sd(),
        first.ci95(),
        first.bootstrap95(),
        testTimeAveraging(config, ofFirst),
        ensemble(ofFirst, labels),
        all.size() == 1 ? List.of() : all,
        claims,
        Claim.verdicts(claims),
        trainings.rows().stream().mapToDouble(Task2Repetition.Row::seconds).sum());
  }

  private static VariantSummary summary(
      Task2Config config, Variant<Task2Config> variant, Trainings<Task2Repetition.Row> trainings) {
    long seed = Seeds.derive(config.seed(), "bootstrap-" + variant.name());
    return new VariantSummary(
        variant.name(),
        variant.config().trainSize(),
        Statistics.Summary.of(
            trainings.values(variant.name(), Task2Repetition.Row::testAccuracy),
            seed,
            Scale.PROPORTION),
        Statistics.Summary.of(
            trainings.values(variant.name(), Task2Repetition.Row::validationAccuracy),
            seed,
            Scale.PROPORTION));
  }

  private static Statistics.Summary testTimeAveraging(
      Task2Config config, List<Training<Task2Repetition.Row>> trainings) {
    if (trainings.get(0).row().averagedTestAccuracy() == null) {
      return null;
    }
    return Statistics.Summary.of(
        trainings.stream().mapToDouble(t -> t.row().averagedTestAccuracy()).toArray(),
        Seeds.derive(config.seed(), "bootstrap-test-time-averaging"),
        Scale.PROPORTION);
  }

  private static double ensemble(List<Training<Task2Repetition.Row>> trainings, int[] labels) {
    float[] mean = Training.meanProbabilities(trainings);
    return Loss.accuracy(mean, labels, MnistCnn.CLASSES);
  }
}
