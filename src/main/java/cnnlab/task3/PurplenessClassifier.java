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
 * A classifier of one number: how purple a patch is on the whole. The report observes that tumours
 * look more purple; this is what the observation is worth.
 *
 * @param feature which definition of purple, see {@link Purpleness}
 * @param moreIsTumour whether more purple patches are tumours more often, on the training patches
 * @param trainAuc area under the ROC curve on the training patches, at least 0.5
 * @param validationAuc on the validation patches, in the same direction
 * @param patches95 its 95 % bootstrap interval over the validation patches
 */
public record PurplenessClassifier(
    String feature,
    boolean moreIsTumour,
    double trainAuc,
    double validationAuc,
    double[] patches95) {

  /**
   * All definitions, the one that does best on the training patches first.
   *
   * @param evaluated how many of the validation patches, the first
   * @param seed of the bootstrap
   */
  static List<PurplenessClassifier> all(PatchCamelyon patches, int evaluated, long seed) {
    return Arrays.stream(Purpleness.values())
        .map(feature -> of(feature, patches, evaluated, seed))
        .sorted(Comparator.comparingDouble(PurplenessClassifier::trainAuc).reversed())
        .toList();
  }

  /** The one that stands for all, {@link Purpleness#MEASURE}. */
  static PurplenessClassifier measure(List<PurplenessClassifier> all) {
    String name = Purpleness.MEASURE.name().toLowerCase(Locale.ROOT);
    return all.stream().filter(purple -> purple.feature.equals(name)).findFirst().orElseThrow();
  }

  /** What a classifier says about the evaluated validation patches. */
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
