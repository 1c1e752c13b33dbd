package cnnlab.task3;

import cnnlab.data.slide.SlideGroups;
import cnnlab.text.MarkdownReport;
import cnnlab.text.Numbers;
import cnnlab.text.TextTable;
import java.util.stream.Collectors;

/** Tables and sentences about the scores of groups that were left out. */
final class GroupTables {
  private static final int DECIMALS = 4;

  private GroupTables() {}

  /** The groups with the scores of the first variant. */
  static TextTable groups(GroupedScores scores) {
    TextTable table =
        new TextTable()
            .right("group left out")
            .right("patches")
            .right("tumours")
            .right("accuracy")
            .right("AUC");
    for (GroupedScores.Group g : scores.groups()) {
      table.row(
          String.valueOf(g.group()),
          Numbers.count(g.patches()),
          Numbers.percent(g.tumours()),
          number(g.accuracy()),
          number(g.auc()));
    }
    return table;
  }

  /** Mean and worst group of each variant. */
  static TextTable variants(GroupedScores scores) {
    TextTable table =
        new TextTable()
            .left("variant")
            .right("mean accuracy")
            .right("worst group")
            .right("mean AUC")
            .right("worst group");
    for (GroupedScores.VariantScores v : scores.variants()) {
      table.row(
          v.variant(),
          number(v.accuracy()),
          number(v.worstAccuracy()),
          number(v.auc()),
          number(v.worstAuc()));
    }
    return table;
  }

  /** How well the groups are founded, in words. */
  static String evidence(GroupedScores scores) {
    SlideGroups.Evidence e = scores.evidence();
    return ("Groups: %s patches overlap another one (%s pairs); overlapping patches are in one group. Of %s pairs of patches from one slide that do not overlap, %s are in one group if each is assigned by its own staining (by chance: %s). Groups found from halves of the patches agree with an adjusted Rand index of %s.")
        .formatted(
            Numbers.count(e.overlapping()),
            Numbers.count(e.overlaps()),
            Numbers.count(e.links()),
            Double.isNaN(e.kept()) ? "none" : Numbers.percent(e.kept()),
            Numbers.percent(e.byChance()),
            Numbers.fixed(e.stability(), 2));
  }

  /** Which groups have no score, and what to do; empty if all have. */
  static String missing(GroupedScores scores) {
    String without =
        scores.groups().stream()
            .filter(g -> g.accuracy() == null)
            .map(g -> String.valueOf(g.group()))
            .collect(Collectors.joining(", "));
    return without.isEmpty()
        ? ""
        : "No training that leaves out group %s completed, so there is no mean over the groups. Set repetitions to %s, the number of groups, or a multiple of it."
            .formatted(without, scores.groups().size());
  }

  /** Adds a section to a report. */
  static void addTo(MarkdownReport report, GroupedScores scores) {
    report
        .heading(2, "Groups left out")
        .paragraph(
            "Groups of training patches stand for slides: overlapping patches are of one slide, and the rest is clustered by staining (stain vectors by Macenko's method, mean direction of the optical densities, background). Labels are not used. "
                + evidence(scores))
        .table(groups(scores))
        .paragraph(
            "Mean over the groups, and the worst group. Intervals and comparisons take the trainings as independent, but trainings share training patches: those that leave out the same group all of them, and with more than two groups also those that leave out different groups. So the intervals are probably too narrow.")
        .table(variants(scores));
    if (!missing(scores).isEmpty()) {
      report.paragraph(missing(scores));
    }
  }

  private static String number(Double value) {
    return value == null ? "none" : Numbers.fixed(value, DECIMALS);
  }
}
