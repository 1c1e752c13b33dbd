package cnnlab.task3;

import cnnlab.data.ImageSubset;
import cnnlab.data.slide.SlideGroups;
import cnnlab.experiment.FinishedTraining;
import cnnlab.experiment.FinishedTrainings;
import cnnlab.experiment.Variant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * The scores of trainings that each leave out one group of the training patches.
 *
 * @param evidence how well the groups are founded
 * @param groups each group
 * @param variants the mean over groups and the worst group of each variant, the first one first
 */
public record GroupedScores(
    SlideGroups.Evidence evidence, List<Group> groups, List<VariantScores> variants) {

  /**
   * A group.
   *
   * @param group 1, 2, ...
   * @param patches number of its patches that are evaluated
   * @param tumours share of tumours among them, in [0, 1]
   * @param accuracy mean accuracy of the first variant's trainings that leave it out; null, like
   *     AUC, if none completed
   * @param auc mean area under the ROC curve; null also if the patches are of one class
   */
  public record Group(int group, int patches, double tumours, Double accuracy, Double auc) {}

  /**
   * The scores of a variant: means over the trainings that leave out one group, then over groups.
   *
   * @param variant its name
   * @param accuracy mean over groups; null, like all others, if a group has no completed training
   * @param auc mean over groups; null, like its least, also if a group has patches of one class
   * @param worstAccuracy the least over groups
   * @param worstAuc the least over groups
   */
  public record VariantScores(
      String variant, Double accuracy, Double auc, Double worstAccuracy, Double worstAuc) {}

  /** Null if the trainings were validated on the validation file. */
  static GroupedScores of(
      List<Variant<Task3Config>> variants, FinishedTrainings<Task3Row> trainings, Task3Data data) {
    SlideGroups slides = data.groups().orElse(null);
    if (slides == null) {
      return null;
    }
    List<Group> groups = new ArrayList<>();
    for (int g = 1; g <= slides.groups(); g++) {
      // Repetition g leaves out group g.
      ImageSubset evaluated = data.originalFold(variants.get(0).config(), g).validation();
      List<Task3Row> rows = leaving(g, trainings, variants.get(0).name());
      groups.add(
          new Group(
              g,
              evaluated.count(),
              Arrays.stream(evaluated.labels()).average().orElseThrow(),
              mean(rows.stream().map(Task3Row::accuracy).toList()),
              mean(rows.stream().map(Task3Row::auc).toList())));
    }
    return new GroupedScores(
        slides.evidence(),
        groups,
        variants.stream().map(v -> scores(v.name(), slides.groups(), trainings)).toList());
  }

  private static VariantScores scores(
      String variant, int groups, FinishedTrainings<Task3Row> trainings) {
    List<Double> accuracies = new ArrayList<>();
    List<Double> aucs = new ArrayList<>();
    for (int g = 1; g <= groups; g++) {
      List<Task3Row> rows = leaving(g, trainings, variant);
      accuracies.add(mean(rows.stream().map(Task3Row::accuracy).toList()));
      aucs.add(mean(rows.stream().map(Task3Row::auc).toList()));
    }
    return new VariantScores(
        variant,
        accuracies.contains(null) ? null : mean(accuracies),
        aucs.contains(null) ? null : mean(aucs),
        least(accuracies),
        least(aucs));
  }

  /** The least value; null if one is missing. */
  private static Double least(List<Double> values) {
    return values.contains(null)
        ? null
        : values.stream().min(Comparator.naturalOrder()).orElseThrow();
  }

  private static List<Task3Row> leaving(
      int group, FinishedTrainings<Task3Row> trainings, String variant) {
    return trainings.trained(variant).stream()
        .map(FinishedTraining::row)
        .filter(row -> row.leftOut() == group)
        .toList();
  }

  /** The mean of the defined values; null if there are none. */
  private static Double mean(List<Double> values) {
    double[] defined =
        values.stream().filter(Objects::nonNull).mapToDouble(Double::doubleValue).toArray();
    return defined.length == 0 ? null : Arrays.stream(defined).average().orElseThrow();
  }
}
