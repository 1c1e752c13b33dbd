package cnnlab.sweep;

import cnnlab.sweep.space.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The search through a plan's points: all points are trained to the end, or by successive halving
 * (Jamieson and Talwalkar, 2016), which drops the worse half after given numbers of epochs. The
 * remaining trainings resume from the state in which they stopped.
 */
final class Search {
  private final SweepPlan<?> plan;
  private final TrialRunner runner;

  /** The scores of each round, in order. */
  private final List<List<PointScore>> rounds = new ArrayList<>();

  Search(SweepPlan<?> plan, TrialRunner runner) {
    this.plan = plan;
    this.runner = runner;
  }

  /**
   * Runs the search.
   *
   * @param checkpoints the folder for the states of trainings between rounds
   * @return whether there is a best point
   */
  boolean run(Path checkpoints) throws IOException {
    List<Point> alive = plan.points();
    boolean maximise = plan.config().objective().maximise();
    for (int epochs : stopEpochs()) {
      String what =
          epochs == 0
              ? "%s points".formatted(alive.size())
              : "%s points to epoch %s".formatted(alive.size(), epochs);
      runner.run(what, plan.trials(alive, epochs));
      List<PointScore> round = alive.stream().map(p -> score(p, epochs)).toList();
      rounds.add(round);
      if (epochs != 0) {
        alive = PointScore.betterHalf(round, maximise);
        deleteDroppedCheckpoints(checkpoints, alive);
      }
    }
    return best() != null;
  }

  private List<Integer> stopEpochs() {
    return Stream.concat(plan.config().halving().stream(), Stream.of(0)).toList();
  }

  private PointScore score(Point point, int epochs) {
    double[] values = new double[plan.config().repetitions()];
    for (int r = 1; r <= values.length; r++) {
      values[r - 1] = runner.value(plan.trial(point, r, epochs));
    }
    return new PointScore(point, epochs, values);
  }

  /** Deletes the states of dropped points. */
  private void deleteDroppedCheckpoints(Path checkpoints, List<Point> alive) throws IOException {
    if (!Files.isDirectory(checkpoints)) {
      return;
    }
    Set<String> kept = alive.stream().map(plan::name).collect(Collectors.toSet());
    try (Stream<Path> files = Files.list(checkpoints)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        // After a resume the confirmation may already have checkpoints.
        if (!name.startsWith(SweepPlan.CONFIRM) && !kept.contains(name.replaceAll("-.*", ""))) {
          Files.delete(file);
        }
      }
    }
  }

  /** The scores of all points in the first round: at the end, or at the first halving. */
  List<PointScore> firstRound() {
    return rounds.get(0);
  }

  /**
   * The last score of each point: points that were trained longer first, and better ones first
   * among these.
   */
  List<PointScore> ranking() {
    boolean maximise = plan.config().objective().maximise();
    List<PointScore> all = new ArrayList<>();
    Set<Integer> seen = new HashSet<>();
    for (int r = rounds.size() - 1; r >= 0; r--) {
      for (PointScore s : PointScore.ranked(rounds.get(r), maximise)) {
        if (seen.add(s.point().number())) {
          all.add(s);
        }
      }
    }
    all.sort(Comparator.comparing(s -> !s.complete())); // stable
    return all;
  }

  /** The best point among those that were trained to the end, or null. */
  PointScore best() {
    List<PointScore> last = rounds.get(rounds.size() - 1);
    return PointScore.ranked(last, plan.config().objective().maximise()).stream()
        .filter(PointScore::complete)
        .findFirst()
        .orElse(null);
  }
}
