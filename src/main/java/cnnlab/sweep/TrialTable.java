package cnnlab.sweep;

import cnnlab.store.RunDirectory;
import cnnlab.sweep.space.Axis;
import cnnlab.sweep.space.Point;
import cnnlab.sweep.trial.Trial;
import cnnlab.sweep.trial.TrialOutcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes {@code trials.csv}: one row per trial, identical in every run except for the column {@code
 * seconds}.
 */
final class TrialTable {
  private TrialTable() {}

  static void write(RunDirectory directory, SweepPlan<?> plan, TrialRunner runner)
      throws IOException {
    List<String> axes = plan.space().axes().stream().map(Axis::name).toList();
    List<String> scores = List.copyOf(plan.task().scores().keySet());
    List<String> header = new ArrayList<>(List.of("trial", "point"));
    header.addAll(axes);
    header.addAll(List.of("repetition", "trainedEpochs"));
    header.addAll(scores);
    header.addAll(List.of("seconds", "outcome", "error"));
    Map<String, Point> points = new LinkedHashMap<>();
    plan.points().forEach(p -> points.put(plan.name(p), p));
    List<List<Object>> rows = new ArrayList<>();
    for (TrialRunner.FinishedTrial done : runner.ended()) {
      Trial trial = done.trial();
      TrialOutcome outcome = done.outcome();
      String name = SweepPlan.pointName(trial);
      Point point = points.get(name);
      List<Object> row = new ArrayList<>();
      row.add(trial.id());
      row.add(name);
      for (int a = 0; a < axes.size(); a++) {
        row.add(point == null ? null : point.levels().get(a).text());
      }
      row.add(trial.repetition());
      row.add(trial.epochs());
      scores.forEach(score -> row.add(outcome.scores().get(score)));
      row.add(outcome.seconds());
      row.add(outcome.name());
      row.add(outcome.reason());
      rows.add(row);
    }
    directory.writeCsv("trials.csv", header, rows);
  }
}
