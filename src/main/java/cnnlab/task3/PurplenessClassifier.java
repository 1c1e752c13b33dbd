package cnnlab.task3;

import cnnlab.data.ImageSet;
import cnnlab.data.patch.PatchCamelyon;
import cnnlab.data.patch.Purpleness;
import cnnlab.metric.BinaryPredictions;
import cnnlab.metric.Bootstrap;
import cnnlab.metric.RocCurve;
import cnnlab.text.Enums;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * A classifier by a single number: how purple a patch is on average. The report observes that
 * tumours look more purple; this classifier measures how far that observation goes.
 *
 * @param feature the definition of purple, see {@link Purpleness}
 * @param moreIsTumour whether, on the training patches, more purple means tumour more often
 * @param trainAuc area under the ROC curve on the training patches, at least 0.5
 * @param validationAuc area under the ROC curve on the validation patches, in the same direction
 * @param patches95 95 % bootstrap interval of {@code validationAuc} over the patches
 */
public record PurplenessClassifier(
    String feature,
    boolean moreIsTumour,
    double trainAuc,
    double validationAuc,
    double[] patches95) {

  /**
   * All definitions, the best on the training patches first.
   *
   * @param evaluated number of validation patches to use, from the first
   * @param seed the seed of the bootstrap
   */
  static List<PurplenessClassifier> all(PatchCamelyon patches, int evaluated, long seed) {
    return Arrays.stream(Purpleness.values())
        .map(feature -> of(feature, patches, evaluated, seed))
        .sorted(Comparator.comparingDouble(PurplenessClassifier::trainAuc).reversed())
        .toList();
  }

  /** The definition used where only one is shown, {@link Purpleness#MEASURE}. */
  static PurplenessClassifier measure(List<PurplenessClassifier> all) {
    String name = Purpleness.MEASURE.name().toLowerCase(Locale.ROOT);
    return all.stream().filter(purple -> purple.feature.equals(name)).findFirst().orElseThrow();
  }

  /** The predictions of a classifier for the evaluated validation patches. */
  static BinaryPredictions predictions(PurplenessClassifier purple, Task3Data data) {
    Purpleness feature = Purpleness.valueOf(purple.feature.toUpperCase(Locale.ROOT));
    return predictions(
        feature,
        data.original().validation(),
        data.evaluated().length,
        purple.moreIsTumour ? 1 : -1);
  }

  private static PurplenessClassifier of(
      Purpleness feature, PatchCamelyon patches, int evaluated, long seed) {
    double auc = RocCurve.auc(predictions(feature, patches.train(), patches.train().count(), 1));
    int sign = auc < 0.5 ? -1 : 1;
    BinaryPredictions held = predictions(feature, patches.validation(), evaluated, sign);
    return new PurplenessClassifier(
        Enums.label(feature),
        sign > 0,
        sign > 0 ? auc : 1 - auc,
        RocCurve.auc(held),
        Bootstrap.interval95(held, seed, RocCurve::auc));
  }

  private static BinaryPredictions predictions(
      Purpleness feature, ImageSet set, int count, int sign) {
    double[] means = feature.means(set);
    return new BinaryPredictions(
        Arrays.stream(means, 0, count).map(mean -> sign * mean).toArray(),
        Arrays.copyOf(set.labels(), count));
  }
}
