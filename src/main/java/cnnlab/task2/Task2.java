package cnnlab.task2;

import cnnlab.augment.Augmentation;
import cnnlab.augment.Pipeline;
import cnnlab.augment.Preprocessing;
import cnnlab.config.ConfigException;
import cnnlab.config.Resolved;
import cnnlab.config.UsageException;
import cnnlab.console.Output;
import cnnlab.data.ImageSet;
import cnnlab.data.ImageSubset;
import cnnlab.data.Mnist;
import cnnlab.engine.Dl4jRuntime;
import cnnlab.experiment.Claim;
import cnnlab.experiment.DigitsEpoch;
import cnnlab.experiment.DivergedTraining;
import cnnlab.experiment.FinishedTrainings;
import cnnlab.experiment.RunInputs;
import cnnlab.experiment.RunModels;
import cnnlab.experiment.TrainingPool;
import cnnlab.experiment.Variant;
import cnnlab.inference.ModelRecord;
import cnnlab.model.MnistCnn;
import cnnlab.run.Run;
import cnnlab.run.RunOptions;
import cnnlab.store.Provenance;
import cnnlab.store.RunDirectory;
import cnnlab.text.Numbers;
import cnnlab.training.Listeners;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Task 2: how well can a CNN learn digits from 128 images?
 *
 * <p>Each repetition draws its own training images at random (a "draw"), trains on them and is
 * evaluated once on the 10,000 test images. Repetitions run in parallel, one per core; results do
 * not depend on it. {@code --resume} resumes an interrupted run.
 *
 * <ul>
 *   <li>The report: five runs, mean accuracy 0.91756, population variance 0.00039897.
 *   <li>Expected with the default configuration: mean accuracy 0.92 to 0.95 over five runs, in
 *       about half a minute on two cores.
 *   <li>Command: {@code ./cnnlab task2}, or with a file of {@code experiments/task2-*.yaml}.
 * </ul>
 */
public final class Task2 {
  public static final String COMMAND = "task2";

  private Task2() {}

  /**
   * Runs the experiment and writes its run directory.
   *
   * @throws UsageException when the configuration or the results directory is invalid
   * @throws cnnlab.data.file.DataException when MNIST is missing or damaged
   * @throws IOException when results cannot be written, or every training of the first variant
   *     diverged
   */
  public static Task2Result run(RunOptions options, PrintStream out) throws IOException {
    return run(options, Output.plain(out));
  }

  /** As {@link #run(RunOptions, PrintStream)}, with progress lines. */
  public static Task2Result run(RunOptions options, Output out) throws IOException {
    Resolved<Task2Config> resolved =
        options.resolve(Task2Config.class, Task2Config.DEFAULT, Task2Config.QUICK);
    Task2Config config = resolved.value();
    List<Variant<Task2Config>> variants = config.allVariants();
    Mnist mnist = Mnist.load(options.locateDatasets());
    Dl4jRuntime.Status runtime = Dl4jRuntime.configure(config.dl4j().onednn(), 1);
    requireFitting(variants, mnist.train());
    // A model that does not fit stops the run before it starts.
    variants.forEach(v -> Task2Repetition.requireMemory(v.config(), config.workers(variants)));
    variants.forEach(v -> Task2Repetition.graph(v.config(), config.seed()));
    Output marked = out.marked(Run.trial(options, resolved));
    Variant.printWarnings(variants, Mnist.NAME, marked.progress());
    return Run.start(COMMAND, options, resolved, config.experiment(), config.seed())
        .execute(
            run -> {
              int workers = config.workers(variants);
              run.provenance(provenance(config, variants, runtime, options));
              FinishedTrainings<Task2Repetition.Row> trainings =
                  FinishedTrainings.open(
                      run.directory(),
                      run.origin(),
                      new FinishedTrainings.Spec<>(
                          Variant.names(variants),
                          config.repetitions(),
                          MnistCnn.CLASSES,
                          Task2Repetition.Row.class,
                          row -> modelFiles(variants, row)));
              train(config, variants, workers, mnist, run, trainings, marked);
              Task2Result result =
                  Task2Result.of(
                      run.isTrial() ? Claim.withoutClaims(config) : config,
                      variants,
                      trainings,
                      labels(config, mnist.test()));
              RunModels.keepMedian(run.directory(), variants.get(0).name(), result.medianRun());
              keepHistory(run.directory(), variants.get(0).name(), result.medianRun());
              Task2Report.write(run, config, result, trainings, mnist.test());
              Task2Report.print(marked.results(), config, result, run.directory());
              DivergedTraining.requireSome(result.n(), result.diverged());
              return result;
            });
  }

  /** Refuses transforms that do not apply to grey images, such as colour transforms. */
  private static void requireFitting(List<Variant<Task2Config>> variants, ImageSet set) {
    byte[] result = new byte[set.imageSize()];
    for (Variant<Task2Config> v : variants) {
      try {
        for (Pipeline pipeline :
            List.of(
                Preprocessing.of(v.config().preprocessing()).pipeline(),
                Augmentation.of(v.config().augmentation()).pipeline())) {
          pipeline.apply(set.pixels(), 0, set.height(), set.width(), set.channels(), 0, result, 0);
        }
      } catch (IllegalArgumentException e) {
        throw new ConfigException(
            "%s, on %s: %s".formatted(v.name(), set.name(), e.getMessage()), e);
      }
    }
  }

  private static Provenance.Inputs provenance(
      Task2Config config,
      List<Variant<Task2Config>> variants,
      Dl4jRuntime.Status runtime,
      RunOptions options) {
    Map<String, Object> engine = RunInputs.engine(runtime);
    engine.put("engine", Variant.engines(variants, Task2Config::engine));
    return RunInputs.of(
        options,
        config.workers(variants),
        RunInputs.seeds(config, config.repetitions()),
        Mnist.SHA256,
        engine);
  }

  private static void train(
      Task2Config config,
      List<Variant<Task2Config>> variants,
      int workers,
      Mnist mnist,
      Run run,
      FinishedTrainings<Task2Repetition.Row> trainings,
      Output out)
      throws IOException {
    RunDirectory directory = run.directory();
    Map<List<Object>, Mnist> prepared = new HashMap<>();
    for (Variant<Task2Config> v : variants) {
      prepared.computeIfAbsent(v.config().preprocessing(), list -> preprocess(mnist, list));
    }
    TrainingPool.run(
        new TrainingPool.Plan<>(
            variants, config.repetitions(), Task2Config::epochs, workers, run.mark()),
        trainings,
        (variant, repetition, listener) -> {
          boolean first = variant.name().equals(variants.get(0).name());
          Task2Config own = variant.config();
          Task2Repetition.Outcome outcome =
              Task2Repetition.run(
                  variant,
                  repetition,
                  prepared.get(own.preprocessing()),
                  first
                      ? Listeners.of(
                          listener,
                          RunModels.keeper(
                              directory,
                              variant,
                              repetition,
                              () -> Task2Repetition.graph(own, own.seed(repetition)),
                              Task2Repetition.INPUT))
                      : listener);
          if (first && outcome.graph() != null) {
            RunModels.save(
                directory,
                COMMAND,
                variant,
                repetition,
                outcome.graph(),
                outcome.keptEpoch(),
                ModelRecord.Images.digits(own.preprocessing()));
            String name = RunModels.name(variant.name(), repetition);
            directory.writeCsv(name + ".csv", DigitsEpoch.class, outcome.history());
          }
          return outcome.training();
        },
        Task2::describe,
        run.interruption(),
        out);
  }

  /** The model files of a training of the first variant; other and diverged trainings have none. */
  private static List<String> modelFiles(
      List<Variant<Task2Config>> variants, Task2Repetition.Row row) {
    Variant<Task2Config> first = variants.get(0);
    if (!row.variant().equals(first.name()) || row.diverged()) {
      return List.of();
    }
    String name = RunModels.name(row.variant(), row.repetition());
    List<String> files = new ArrayList<>(List.of(name + ".zip", name + ".json", name + ".csv"));
    files.addAll(RunModels.weights(first, row.repetition(), first.config().epochs()));
    return files;
  }

  /**
   * Copies the history of the first variant's median run.
   *
   * @param median null when all trainings diverged, and then nothing is copied
   */
  private static void keepHistory(RunDirectory directory, String variant, Integer median)
      throws IOException {
    if (median != null) {
      Path history = directory.path(RunModels.name(variant, median) + ".csv");
      directory.write("history.csv", file -> Files.copy(history, file));
    }
  }

  private static Mnist preprocess(Mnist mnist, List<Object> list) {
    Preprocessing steps = Preprocessing.of(list);
    return steps.isEmpty()
        ? mnist
        : new Mnist(steps.apply(mnist.train()), steps.apply(mnist.test()));
  }

  private static String describe(Task2Repetition.Row row) {
    return row.diverged()
        ? "DIVERGED, " + row.divergence()
        : "test %s  validation %s  waited %s"
            .formatted(
                Numbers.fixed(row.testAccuracy(), 4),
                Numbers.fixed(row.validationAccuracy(), 4),
                Numbers.percent(row.waitingShare()));
  }

  /** Labels of the test images that are evaluated. */
  static int[] labels(Task2Config config, ImageSet test) {
    return ImageSubset.all(test).first(config.evaluationLimit()).labels();
  }
}
