package cnnlab.sweep;

import cnnlab.config.ConfigException;
import cnnlab.config.ConfigLoader;
import cnnlab.config.UsageException;
import cnnlab.data.Seeds;
import cnnlab.experiment.Claim;
import cnnlab.experiment.ReservedKeys;
import cnnlab.experiment.TrialTask;
import cnnlab.sweep.SweepConfig.Objective;
import cnnlab.sweep.space.Point;
import cnnlab.sweep.space.Points;
import cnnlab.sweep.space.Space;
import cnnlab.sweep.trial.Trial;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Everything that a sweep will do, determined before it starts: the same configuration gives the
 * same plan.
 *
 * @param task the task that is trained
 * @param config the sweep's configuration with all defaults resolved, so that it needs no other
 *     file
 * @param base the task's base configuration
 * @param claims claims about variants, if nothing else is varied
 * @param space the space of configurations
 * @param points the points that are tried
 * @param configs the task's configuration at each point
 */
record SweepPlan<C extends Record>(
    TrialTask<C> task,
    SweepConfig config,
    C base,
    List<Map<String, Object>> claims,
    Space space,
    List<Point> points,
    List<C> configs) {
  /**
   * The largest number of networks that are built before the sweep starts, to check their
   * configurations.
   */
  private static final int MOST_CHECKED = 200;

  /** Prefix of the names of confirmation trainings. */
  static final String CONFIRM = "confirm-";

  private static final String BASE = "base";

  /**
   * Plans a sweep.
   *
   * @param sweep the sweep as configured
   * @param folder the folder of the sweep's file; the path of the task's file is relative to it
   * @param source name of the sweep in error messages
   * @throws ConfigException if a key is unknown, a value is out of range, the space is empty or too
   *     large, or the objective is unknown
   */
  static <C extends Record> SweepPlan<C> of(
      TrialTask<C> task, SweepConfig sweep, Path folder, String source) {
    BaseConfiguration<C> base = BaseConfiguration.of(task, sweep, folder, source);
    try {
      PlanChecks.requireKnownKeys(task, sweep.space().keySet());
      Space space = Space.of(sweep.space(), base.variants());
      PlanChecks.requireTrialLimit(space, sweep.search(), base.repetitions());
      List<Point> points =
          Points.of(space, sweep.search().method(), sweep.search().points(), base.seed());
      List<C> configs = configs(base.config(), points, source);
      SweepPlan<C> plan =
          new SweepPlan<>(
              task,
              resolved(sweep, base, PlanChecks.resolveObjective(task, sweep.objective())),
              base.config(),
              base.claims(),
              space,
              points,
              configs);
      plan.check();
      return plan;
    } catch (IllegalArgumentException e) {
      throw new ConfigException(source + ": " + e.getMessage(), e);
    }
  }

  private static <C extends Record> List<C> configs(C base, List<Point> points, String source) {
    List<C> configs = new ArrayList<>();
    Map<C, Integer> seen = new HashMap<>();
    for (Point point : points) {
      for (String key : point.sets().keySet()) {
        if (ReservedKeys.contains(key)) {
          throw new IllegalArgumentException(
              "space: %s is the same for all trials, or belongs to the sweep; expected another key"
                  .formatted(key));
        }
      }
      C config = ConfigLoader.with(base, point.sets(), source + ", space");
      Integer before = seen.putIfAbsent(config, point.number());
      if (before != null) {
        throw new IllegalArgumentException(
            "space: points %d and %d are the same configuration (%s and %s); expected different ones"
                .formatted(before, point.number(), points.get(before - 1).text(), point.text()));
      }
      configs.add(config);
    }
    return configs;
  }

  /** The sweep's configuration with its base configuration included. */
  private static SweepConfig resolved(
      SweepConfig s, BaseConfiguration<?> base, Objective objective) {
    return new SweepConfig(
        s.experiment(),
        s.task(),
        "",
        ConfigLoader.toMap(base.config()),
        s.space(),
        base.variantEntries(),
        base.claims(),
        s.search(),
        base.seed(),
        base.repetitions(),
        objective,
        s.halving(),
        s.confirm(),
        s.maxFailures(),
        s.threads());
  }

  private void check() {
    List<Integer> halving = config.halving();
    if (!halving.isEmpty()) {
      int epochs = epochs();
      if (configs.stream().anyMatch(c -> task.requirements(c).epochs() != epochs)) {
        throw new IllegalArgumentException(
            "halving: points have different numbers of epochs; expected the same for all");
      }
      if (halving.get(halving.size() - 1) >= epochs) {
        throw new IllegalArgumentException(
            "halving is %s; it must be below the number of epochs of the task, %d"
                .formatted(halving, epochs));
      }
    }
    if (!claims.isEmpty()) {
      if (!config.space().isEmpty() || !halving.isEmpty()) {
        throw new IllegalArgumentException(
            "claims compare variants; expected neither space nor halving in the same sweep");
      }
      Claim.check(claims, points.stream().map(Point::text).toList());
    }
  }

  /**
   * Builds the networks of the first points, so that a network that is invalid, or too large to be
   * trained concurrently, stops the sweep at once.
   *
   * @param workers number of concurrent trainings
   * @throws UsageException if a network is invalid or too large; names the point
   */
  void checkNetworks(int workers) {
    checkNetwork("the base configuration", base, workers);
    for (int i = 0; i < Math.min(points.size(), MOST_CHECKED); i++) {
      Point point = points.get(i);
      checkNetwork("point %s %s".formatted(point.number(), point.sets()), configs.get(i), workers);
    }
  }

  private void checkNetwork(String what, C c, int workers) {
    try {
      task.requireMemory(c, workers);
      task.checkNetwork(c);
    } catch (UsageException e) {
      throw new UsageException("sweep, %s: %s".formatted(what, e.getMessage()), e);
    }
  }

  /** Whether trials must run one at a time, because DL4J trains at least one of them. */
  boolean oneAtATime() {
    return Stream.concat(Stream.of(base), configs.stream())
        .anyMatch(c -> task.requirements(c).oneAtATime());
  }

  /** The number of epochs of the base configuration. */
  int epochs() {
    return task.requirements(base).epochs();
  }

  /**
   * The trials of some points, ordered by repetition, so that an interrupted sweep has complete
   * comparisons.
   *
   * @param epochs number of epochs after which they stop, 0 for all
   */
  List<Trial> trials(List<Point> some, int epochs) {
    List<Trial> trials = new ArrayList<>();
    for (int r = 1; r <= config.repetitions(); r++) {
      for (Point point : some) {
        trials.add(trial(point, r, epochs));
      }
    }
    return trials;
  }

  /** The trial of one point and repetition. */
  Trial trial(Point point, int repetition, int epochs) {
    C c = configs.get(point.number() - 1);
    return trial(name(point) + "-" + repetition, c, repetition, epochs);
  }

  /** The trials that confirm a point. */
  List<Trial> confirmation(Point point) {
    return confirmation(name(point), configs.get(point.number() - 1));
  }

  /**
   * The trials of the base configuration on the same draws as {@link #confirmation}.
   *
   * @return empty if they are not requested, or the point is the base configuration
   */
  List<Trial> confirmationOfBase(Point point) {
    return config.confirm().base() && !configs.get(point.number() - 1).equals(base)
        ? confirmation(BASE, base)
        : List.of();
  }

  private List<Trial> confirmation(String name, C c) {
    C fresh = ConfigLoader.with(c, Map.of("seed", confirmationSeed()), config.experiment());
    List<Trial> trials = new ArrayList<>();
    for (int r = 1; r <= config.confirm().repetitions(); r++) {
      trials.add(trial("%s%s-%s".formatted(CONFIRM, name, r), fresh, r, 0));
    }
    return trials;
  }

  private Trial trial(String training, C c, int repetition, int epochs) {
    int all = task.requirements(c).epochs();
    boolean whole = epochs == 0 || epochs == all;
    return new Trial(
        whole ? training : training + "-e" + epochs,
        training,
        task.name(),
        ConfigLoader.toYaml(c),
        repetition,
        whole ? all : epochs);
  }

  /** The seed of the confirmation's draws, which the search does not use. */
  long confirmationSeed() {
    return Seeds.derive(config.seed(), "confirmation");
  }

  /** The label of a trial's point, or {@value #BASE}. */
  static String pointName(Trial trial) {
    return trial.training().replaceFirst("^" + CONFIRM, "").replaceFirst("-.*", "");
  }

  /** The label of a point: its number, padded to equal width. */
  String name(Point point) {
    int width = String.valueOf(points.size()).length();
    return ("%0" + width + "d").formatted(point.number());
  }

  /**
   * A trial by its id, whether or not the sweep will run it.
   *
   * @throws UsageException if there is no trial with this id
   */
  Trial trial(String id) {
    List<Integer> stops = Stream.concat(Stream.of(0), config.halving().stream()).toList();
    return Stream.of(
            stops.stream().flatMap(epochs -> trials(points, epochs).stream()),
            points.stream().flatMap(p -> confirmation(p).stream()),
            confirmation(BASE, base).stream())
        .flatMap(trials -> trials)
        .filter(t -> t.id().equals(id))
        .findFirst()
        .orElseThrow(() -> unknown(id));
  }

  private UsageException unknown(String id) {
    return new UsageException(
        "--trial: there is no trial %s; expected one such as %s or %s%s-1"
            .formatted(id, trial(points.get(0), 1, 0).id(), CONFIRM, name(points.get(0))));
  }
}
