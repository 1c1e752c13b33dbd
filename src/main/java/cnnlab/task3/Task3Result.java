package cnnlab.task3;

import cnnlab.data.Seeds;
import cnnlab.data.patch.PatchCamelyon;
import cnnlab.experiment.Claim;
import cnnlab.experiment.DivergedTraining;
import cnnlab.experiment.FinishedTraining;
import cnnlab.experiment.FinishedTrainings;
import cnnlab.experiment.Variant;
import cnnlab.metric.Bootstrap;
import cnnlab.metric.ConfusionMatrix;
import cnnlab.metric.Scale;
import cnnlab.metric.Summary;
import cnnlab.metric.Verdict;
import cnnlab.model.LymphNodeCnn;
import cnnlab.text.Enums;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * The result of Task 3, as written to {@code result.json}. Scores at the top are those of the only
 * or the first variant, with one network and one view of each patch. Diverged trainings are left
 * out of all scores.
 *
 * @param experiment name of the experiment
 * @param seed its seed
 * @param data description and source of the patches
 * @param engine the engine that trained the first variant
 * @param n number of completed repetitions; if it is 0 there are no scores
 * @param parameters number of parameters of the network
 * @param patches the numbers of training, validation and test patches
 * @param validation accuracy, auc, precision, recall, f1, brier, ece and loss on the validation
 *     patches; see {@link Task3Scores}
 * @param test accuracy and auc on the test patches; null when their labels are unknown
 * @param symmetries accuracy and auc of the mean over the eight symmetries of each patch; null if
 *     not requested
 * @param adapted accuracy and auc with batch normalisation's averages measured again on the
 *     validation patches; null if not requested
 * @param ensemble scores of the ensemble of all repetitions; null when none completed, or when each
 *     was validated on another group
 * @param grouped the scores by groups of training patches; null if the trainings were validated on
 *     the validation file
 * @param purple classifiers by one number, the best on the training patches first; empty if the
 *     validation file was not used
 * @param medianRun the repetition with the median accuracy, shown in the pictures; null when none
 *     completed
 * @param confusion its confusion matrix, with true classes as rows and predicted classes as
 *     columns, normal first; or null
 * @param maps how well the occlusion maps and Grad-CAM of the median run agree; null when no
 *     training completed, and missing in the files of version 0.1.0
 * @param variants each variant, if there are several
 * @param claims the comparisons of accuracies behind the verdicts
 * @param verdicts the verdict on each claim, by accuracy
 * @param claimsByAuc the same comparisons by area under the ROC curve, which varies less
 * @param verdictsByAuc the verdict on each claim, by area under the ROC curve
 * @param diverged the diverged trainings of all variants
 * @param durationSeconds total duration of all trainings
 */
public record Task3Result(
    String experiment,
    long seed,
    String data,
    String engine,
    int n,
    int parameters,
    Patches patches,
    Map<String, Score> validation,
    Map<String, Score> test,
    Map<String, Score> symmetries,
    Map<String, Score> adapted,
    Ensemble ensemble,
    GroupedScores grouped,
    List<PurplenessClassifier> purple,
    Integer medianRun,
    int[][] confusion,
    Task3Maps.Agreement maps,
    List<VariantSummary> variants,
    List<Claim> claims,
    Map<String, Verdict> verdicts,
    List<Claim> claimsByAuc,
    Map<String, Verdict> verdictsByAuc,
    List<DivergedTraining> diverged,
    double durationSeconds) {

  private static final String ACCURACY = "accuracy";
  private static final String AUC = "auc";

  /**
   * Numbers of patches.
   *
   * @param train training patches
   * @param validation evaluated patches of the validation file, 0 if it was not used
   * @param test test patches, 0 if there are none or they were not used
   */
  public record Patches(int train, int validation, int test) {}

  /**
   * A score over the repetitions.
   *
   * @param n number of repetitions that have the score
   * @param values the score of each of them
   * @param mean mean of the values
   * @param sd sample standard deviation; null when n = 1
   * @param ci95 95 % interval of the mean over repetitions; nulls when n &lt; 3
   * @param patches95 95 % bootstrap interval of the median run's score, over patches; null if not
   *     computed
   */
  public record Score(
      int n, double[] values, double mean, double sd, double[] ci95, double[] patches95) {

    /** Summarises a score; null when no repetition has it. */
    static Score of(List<Double> values, double[] patches95, Scale scale) {
      double[] found =
          values.stream().filter(Objects::nonNull).mapToDouble(Double::doubleValue).toArray();
      if (found.length == 0) {
        return null;
      }
      // The bootstrap over repetitions is not used, so its seed does not matter.
      Summary s = Summary.of(found, 0, scale);
      return new Score(s.n(), s.values(), s.mean(), s.sd(), s.ci95(), patches95);
    }
  }

  /**
   * The scores of an ensemble, the mean of the probabilities of several networks.
   *
   * @param networks number of networks
   * @param accuracy on the validation patches
   * @param auc on the validation patches
   * @param symmetriesAccuracy with the mean over the eight symmetries as well, or null
   * @param symmetriesAuc with the mean over the eight symmetries as well, or null
   */
  public record Ensemble(
      int networks, double accuracy, Double auc, Double symmetriesAccuracy, Double symmetriesAuc) {}

  /**
   * The scores of a variant.
   *
   * @param name name of the variant
   * @param engine the engine that trained it
   * @param parameters number of parameters of its network
   * @param accuracy accuracy on the validation patches; null, like all that follow, when all its
   *     trainings diverged
   * @param auc on the validation patches
   * @param symmetriesAccuracy null if not requested
   * @param symmetriesAuc null if not requested
   * @param adaptedAccuracy null if not requested
   * @param adaptedAuc null if not requested
   */
  public record VariantSummary(
      String name,
      String engine,
      int parameters,
      Score accuracy,
      Score auc,
      Score symmetriesAccuracy,
      Score symmetriesAuc,
      Score adaptedAccuracy,
      Score adaptedAuc) {}

  /**
   * Computes the result.
   *
   * @param maps the agreement of the maps of a repetition of the first variant
   */
  static Task3Result of(
      Task3Config config,
      List<Variant<Task3Config>> variants,
      FinishedTrainings<Task3Row> trainings,
      Task3Data data,
      IntFunction<Task3Maps.Agreement> maps) {
    List<FinishedTraining<Task3Row>> first = trainings.trained(variants.get(0).name());
    Task3Config shown = variants.get(0).config();
    FinishedTraining<Task3Row> median = median(first);
    int[] labels = labels(data, shown, median == null ? 1 : median.row().repetition());
    float[] medianProbabilities = median == null ? null : single(median, labels.length);
    List<Claim> claims =
        Claim.of(
            config.claims(),
            name ->
                compared(
                    trainings,
                    name,
                    Task3Row::accuracy,
                    Task3Row::symmetriesAccuracy,
                    Task3Row::adaptedAccuracy),
            Scale.PROPORTION);
    List<Claim> byAuc =
        first.isEmpty() || first.get(0).row().auc() == null
            ? List.of()
            : Claim.of(
                config.claims(),
                name ->
                    compared(
                        trainings,
                        name,
                        Task3Row::auc,
                        Task3Row::symmetriesAuc,
                        Task3Row::adaptedAuc),
                Scale.PROPORTION);
    PatchCamelyon patches = data.of(shown);
    return new Task3Result(
        config.experiment(),
        config.seed(),
        data.original().source(),
        Enums.label(shown.engine()),
        first.size(),
        trainings.of(variants.get(0).name()).get(0).row().parameters(),
        new Patches(
            patches.train().count(),
            config.grouped() ? 0 : labels.length,
            config.grouped() ? 0 : patches.test().map(test -> test.count()).orElse(0)),
        median == null ? Map.of() : validation(shown, first, data, median),
        pair(first, Task3Row::testAccuracy, Task3Row::testAuc),
        pair(first, Task3Row::symmetriesAccuracy, Task3Row::symmetriesAuc),
        pair(first, Task3Row::adaptedAccuracy, Task3Row::adaptedAuc),
        median == null || config.grouped() ? null : ensemble(first, labels),
        GroupedScores.of(variants, trainings, data),
        config.grouped()
            ? List.of()
            : PurplenessClassifier.all(
                data.original(), labels.length, Seeds.derive(config.seed(), "bootstrap-purple")),
        median == null ? null : median.row().repetition(),
        median == null
            ? null
            : ConfusionMatrix.confusion(medianProbabilities, labels, LymphNodeCnn.CLASSES),
        median == null ? null : maps.apply(median.row().repetition()),
        variants.size() == 1
            ? List.of()
            : variants.stream().map(v -> summary(v, trainings)).toList(),
        claims,
        Claim.verdicts(claims),
        byAuc,
        Claim.verdicts(byAuc),
        DivergedTraining.of(trainings.rows()),
        trainings.rows().stream().mapToDouble(Task3Row::seconds).sum());
  }

  /** The labels of the patches that a repetition was validated on. */
  private static int[] labels(Task3Data data, Task3Config config, int repetition) {
    return data.originalFold(config, repetition).validation().labels();
  }

  /** The training with the median accuracy; null when there is none. */
  private static FinishedTraining<Task3Row> median(List<FinishedTraining<Task3Row>> trainings) {
    if (trainings.isEmpty()) {
      return null;
    }
    double[] accuracies = trainings.stream().mapToDouble(t -> t.row().accuracy()).toArray();
    return trainings.get(Summary.medianRun(accuracies));
  }

  /** The probabilities of the N evaluated patches, from one view each [N, 2]. */
  static float[] single(FinishedTraining<Task3Row> training, int n) {
    return Arrays.copyOf(training.probabilities(), n * LymphNodeCnn.CLASSES);
  }

  private static Map<String, Score> validation(
      Task3Config config,
      List<FinishedTraining<Task3Row>> trainings,
      Task3Data data,
      FinishedTraining<Task3Row> medianRun) {
    long seed = Seeds.derive(config.seed(), "bootstrap-patches");
    int[] labels = labels(data, config, medianRun.row().repetition());
    float[] median = single(medianRun, labels.length);
    Map<String, Score> scores = new LinkedHashMap<>();
    Task3Scores.ALL.forEach(
        (name, score) -> {
          List<Double> values =
              trainings.stream()
                  .map(
                      t -> {
                        int[] own = labels(data, config, t.row().repetition());
                        return Task3Scores.of(name, single(t, own.length), own);
                      })
                  .toList();
          double[] interval =
              Bootstrap.interval95(
                  labels.length,
                  Bootstrap.RESAMPLES,
                  seed,
                  sample -> score.applyAsDouble(rows(median, sample), at(labels, sample)));
          scores.put(name, Score.of(values, interval, Scale.ofScore(name)));
        });
    return scores;
  }

  private static float[] rows(float[] probabilities, int[] sample) {
    float[] some = new float[sample.length * LymphNodeCnn.CLASSES];
    for (int i = 0; i < sample.length; i++) {
      some[2 * i] = probabilities[2 * sample[i]];
      some[2 * i + 1] = probabilities[2 * sample[i] + 1];
    }
    return some;
  }

  private static int[] at(int[] labels, int[] sample) {
    return Arrays.stream(sample).map(i -> labels[i]).toArray();
  }

  /** The scores behind a name in a claim, which is a variant's name with or without a suffix. */
  private static double[] compared(
      FinishedTrainings<Task3Row> trainings,
      String name,
      Function<Task3Row, Double> single,
      Function<Task3Row, Double> symmetries,
      Function<Task3Row, Double> adapted) {
    int plus = name.indexOf('+');
    String variant = plus < 0 ? name : name.substring(0, plus);
    return trainings.values(
        variant,
        switch (name.substring(variant.length())) {
          case Task3Config.SYMMETRIES -> symmetries;
          case Task3Config.ADAPTED -> adapted;
          default -> single;
        });
  }

  private static Score score(
      List<FinishedTraining<Task3Row>> trainings, Function<Task3Row, Double> score) {
    return Score.of(
        trainings.stream().map(FinishedTraining::row).map(score).toList(), null, Scale.PROPORTION);
  }

  private static Map<String, Score> pair(
      List<FinishedTraining<Task3Row>> trainings,
      Function<Task3Row, Double> accuracy,
      Function<Task3Row, Double> auc) {
    Score first = score(trainings, accuracy);
    if (first == null) {
      return null;
    }
    Map<String, Score> pair = new LinkedHashMap<>();
    pair.put(ACCURACY, first);
    pair.put(AUC, score(trainings, auc));
    return pair;
  }

  private static Ensemble ensemble(List<FinishedTraining<Task3Row>> trainings, int[] labels) {
    float[] mean = FinishedTraining.meanProbabilities(trainings);
    int size = labels.length * LymphNodeCnn.CLASSES;
    float[] single = Arrays.copyOf(mean, size);
    boolean symmetries = mean.length > size;
    float[] averaged = Arrays.copyOfRange(mean, size, mean.length);
    return new Ensemble(
        trainings.size(),
        Task3Scores.of(ACCURACY, single, labels),
        Task3Scores.of(AUC, single, labels),
        symmetries ? Task3Scores.of(ACCURACY, averaged, labels) : null,
        symmetries ? Task3Scores.of(AUC, averaged, labels) : null);
  }

  private static VariantSummary summary(
      Variant<Task3Config> variant, FinishedTrainings<Task3Row> trainings) {
    List<FinishedTraining<Task3Row>> trained = trainings.trained(variant.name());
    return new VariantSummary(
        variant.name(),
        Enums.label(variant.config().engine()),
        trainings.of(variant.name()).get(0).row().parameters(),
        score(trained, Task3Row::accuracy),
        score(trained, Task3Row::auc),
        score(trained, Task3Row::symmetriesAccuracy),
        score(trained, Task3Row::symmetriesAuc),
        score(trained, Task3Row::adaptedAccuracy),
        score(trained, Task3Row::adaptedAuc));
  }
}
