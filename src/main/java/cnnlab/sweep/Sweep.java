package cnnlab.sweep;

import cnnlab.config.Resolved;
import cnnlab.config.UsageException;
import cnnlab.console.Output;
import cnnlab.experiment.TrialTask;
import cnnlab.run.Run;
import cnnlab.run.RunOptions;
import cnnlab.run.Versions;
import cnnlab.store.Provenance;
import cnnlab.sweep.space.Point;
import cnnlab.sweep.trial.ExecutorProvider;
import cnnlab.sweep.trial.LocalTrialExecutor;
import cnnlab.sweep.trial.SweepTasks;
import cnnlab.sweep.trial.Trial;
import cnnlab.sweep.trial.TrialExecutor;
import cnnlab.sweep.trial.TrialFunction;
import cnnlab.sweep.trial.TrialOutcome;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Runs a sweep: plans it from its file, searches, confirms the best point on fresh draws, and
 * writes the run directory. Test images are not used.
 */
public final class Sweep {
  private static final String SPARK = "spark";

  private Sweep() {}

  /**
   * Plans a sweep without running it.
   *
   * @param options the sweep's file and the keys set on the command line
   * @throws UsageException if the configuration is wrong
   */
  static SweepPlan<?> plan(RunOptions options) {
    SweepConfig config = resolve(options).value();
    return plan(SweepTasks.of(config.task(), options.locateDatasets()), config, options);
  }

  private static Resolved<SweepConfig> resolve(RunOptions options) {
    SweepFileCheck.requireSweepFile(options.config(), options.sets());
    return options.resolve(SweepConfig.class, SweepConfig.DEFAULT, List.of());
  }

  private static <C extends Record> SweepPlan<C> plan(
      TrialTask<C> task, SweepConfig config, RunOptions options) {
    Path file = options.resume() != null ? options.resume().resolve(Run.CONFIG) : options.config();
    return SweepPlan.of(
        task,
        config,
        file == null ? Path.of("") : file.toAbsolutePath().getParent(),
        String.valueOf(file));
  }

  /** Prints the points of a sweep and the number of trials, and runs nothing. */
  public static void show(RunOptions options, PrintStream out) {
    SweepReport.printPlan(out, plan(options));
  }

  /**
   * Runs one trial of a sweep alone, from the beginning, with the same result to the last bit as
   * within the sweep. Writes no files.
   *
   * @param id the id of the trial
   * @return whether it completed without diverging
   * @throws UsageException if the configuration is wrong, or has no such trial
   */
  public static boolean runTrial(RunOptions options, String id, PrintStream out) {
    SweepPlan<?> plan = plan(options);
    Trial trial = plan.trial(id);
    TrialOutcome outcome = new TrialFunction(options.locateDatasets()).run(trial);
    out.print(outcome.toJson());
    return !outcome.failed() && !outcome.diverged();
  }

  /**
   * Runs or resumes a sweep and writes its run directory.
   *
   * @throws UsageException if the configuration, the directory for the results or the Spark address
   *     is wrong
   * @throws cnnlab.data.file.DataException if data is missing or damaged
   * @throws IOException if too many trials fail, no point has a score, or results cannot be written
   */
  public static SweepResult run(RunOptions options, SweepOptions launch, PrintStream out)
      throws IOException {
    return run(options, launch, Output.plain(out));
  }

  /** The same, with separate outputs for progress and results. */
  public static SweepResult run(RunOptions options, SweepOptions launch, Output out)
      throws IOException {
    Resolved<SweepConfig> given = resolve(options);
    return run(
        SweepTasks.of(given.value().task(), options.locateDatasets()), given, options, launch, out);
  }

  private static <C extends Record> SweepResult run(
      TrialTask<C> task,
      Resolved<SweepConfig> given,
      RunOptions options,
      SweepOptions launch,
      Output out)
      throws IOException {
    SweepPlan<C> plan = plan(task, given.value(), options);
    Map<String, Object> computing = TrialTask.configure(task.requirements(plan.base()).dl4j());
    // On a cluster each process checks its own memory.
    plan.checkNetworks(launch.spark() == null ? workers(plan) : 1);
    Map<String, String> checksums = task.load(plan.base());
    Resolved<SweepConfig> resolved = new Resolved<>(plan.config(), given.origins());
    Output marked = out.marked(Run.trial(options, resolved));
    try (TrialExecutor cluster = cluster(plan, launch)) {
      return Run.start("sweep", options, resolved, plan.config().experiment(), plan.config().seed())
          .execute(
              run -> {
                Path checkpoints = run.directory().path(Run.CHECKPOINTS);
                TrialExecutor executor =
                    cluster != null ? cluster : local(plan, options, checkpoints);
                run.provenance(provenance(plan, options, executor, checksums, computing));
                int most =
                    launch.maxFailures() != null
                        ? launch.maxFailures()
                        : plan.config().maxFailures();
                TrialRunner runner =
                    new TrialRunner(
                        executor,
                        new TrialFolders(run.directory(), run.origin()),
                        plan.config().objective().name(),
                        most,
                        run::checkInterruption,
                        marked);
                SweepResult result = search(plan, runner, run, checkpoints);
                SweepReport.print(marked.results(), plan, result, run);
                return result;
              });
    }
  }

  /** Searches, confirms, reports. The table of trials is written even if the sweep fails. */
  private static SweepResult search(
      SweepPlan<?> plan, TrialRunner runner, Run run, Path checkpoints) throws IOException {
    Search search = new Search(plan, runner);
    try {
      if (!search.run(checkpoints)) {
        throw new IOException(noCompletePoint(plan, runner));
      }
      confirm(plan, runner, search.best().point());
    } finally {
      TrialTable.write(run.directory(), plan, runner);
    }
    SweepResult result = SweepResults.of(plan, search, runner, run.isTrial());
    SweepReport.write(run, plan, search, result);
    return result;
  }

  private static String noCompletePoint(SweepPlan<?> plan, TrialRunner runner) {
    if (runner.failed().isEmpty()) {
      String first =
          runner.diverged().isEmpty()
              ? ""
              : "; the first, %s: %s"
                  .formatted(
                      runner.diverged().get(0).trial().id(),
                      runner.diverged().get(0).outcome().divergence());
      return "no point has a %s in every repetition: %s trials diverged%s; trials.csv lists them all. Try smaller values of optimizer.learningRate"
          .formatted(plan.config().objective().name(), runner.diverged().size(), first);
    }
    return "no point completed every repetition: %s trials failed, the first with: %s"
        .formatted(runner.failed().size(), runner.failed().get(0).outcome().failure().message());
  }

  private static void confirm(SweepPlan<?> plan, TrialRunner runner, Point best)
      throws IOException {
    List<Trial> trials = new ArrayList<>(plan.confirmation(best));
    trials.addAll(plan.confirmationOfBase(best));
    if (!trials.isEmpty()) {
      runner.run("the best point again, on fresh draws", trials);
    }
  }

  private static TrialExecutor local(SweepPlan<?> plan, RunOptions options, Path checkpoints) {
    return new LocalTrialExecutor(
        new TrialFunction(plan.task(), options.locateDatasets()),
        workers(plan),
        plan.config().halving().isEmpty() ? null : checkpoints);
  }

  /** The number of concurrent trials in this process. */
  private static int workers(SweepPlan<?> plan) {
    int threads = plan.config().threads();
    int cores = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    return plan.oneAtATime() ? 1 : cores;
  }

  /** The executor of a cluster; null if trials run in this process. */
  private static <C extends Record> TrialExecutor cluster(SweepPlan<C> plan, SweepOptions launch)
      throws IOException {
    if (launch.spark() == null) {
      return null;
    }
    if (plan.oneAtATime()) {
      throw new UsageException(
          "--spark: engine: dl4j runs one training at a time in a process; only engine: scratch can run on a cluster");
    }
    ExecutorProvider provider =
        ServiceLoader.load(ExecutorProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(p -> p.name().equals(SPARK))
            .findFirst()
            .orElseThrow(
                () ->
                    new UsageException(
                        "--spark %s: this build does not include Apache Spark. Build that part once (downloads about 170 MB): mvn -q -Pspark package -DskipTests. Then the same ./cnnlab command finds it; or pass target/spark/cnnlab-spark.jar to spark-submit"
                            .formatted(launch.spark())));
    Optional<Path> folder = plan.task().folder(plan.base());
    return provider.open(
        launch.spark(), new ExecutorProvider.Needs(folder.stream().toList(), launch.sharedData()));
  }

  private static Provenance.Inputs provenance(
      SweepPlan<?> plan,
      RunOptions options,
      TrialExecutor executor,
      Map<String, String> checksums,
      Map<String, Object> computing) {
    Map<String, Long> seeds = new LinkedHashMap<>();
    seeds.put("seed", plan.config().seed());
    seeds.put("confirmation", plan.confirmationSeed());
    Map<String, Object> engine = new LinkedHashMap<>(computing);
    engine.put("executor", executor.describe());
    return new Provenance.Inputs(
        Versions.project(),
        Versions.dl4j(),
        options.arguments(),
        Runtime.getRuntime().availableProcessors(),
        seeds,
        checksums,
        engine);
  }
}
