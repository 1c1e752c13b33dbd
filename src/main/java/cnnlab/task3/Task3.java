package cnnlab.task3;

import cnnlab.config.Resolved;
import cnnlab.config.UsageException;
import cnnlab.console.FittedStream;
import cnnlab.console.Output;
import cnnlab.data.ImageSet;
import cnnlab.data.ImageSubset;
import cnnlab.data.file.PredictionFile;
import cnnlab.data.patch.PatchCamelyon;
import cnnlab.data.patch.SyntheticPatches;
import cnnlab.engine.Dl4jRuntime;
import cnnlab.engine.EngineKind;
import cnnlab.experiment.Claim;
import cnnlab.experiment.DivergedTraining;
import cnnlab.experiment.FinishedTrainings;
import cnnlab.experiment.RunInputs;
import cnnlab.experiment.RunModels;
import cnnlab.experiment.TrainingPool;
import cnnlab.experiment.Variant;
import cnnlab.inference.ModelRecord;
import cnnlab.inference.Prediction;
import cnnlab.model.LymphNodeCnn;
import cnnlab.run.Run;
import cnnlab.run.RunOptions;
import cnnlab.store.CheckpointFile;
import cnnlab.store.Provenance;
import cnnlab.store.RunDirectory;
import cnnlab.text.Numbers;
import cnnlab.training.Listeners;
import cnnlab.training.TrainingSpan;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Task 3: does a lymph node patch contain tumour?
 *
 * <p>Each repetition trains on the training patches of PatchCamelyon and is evaluated on the
 * validation patches, which come from other slides. Repetitions run in parallel, one per core;
 * results do not depend on it. There is a checkpoint after every epoch, so that {@code --resume}
 * resumes an interrupted run, with the same bits.
 *
 * <ul>
 *   <li>The report: accuracy about 0.79.
 *   <li>Expected with the default configuration on about 19,000 training patches: validation
 *       accuracy 0.76 to 0.78, area under the ROC curve about 0.85; a few minutes on two cores.
 *   <li>Command: {@code ./cnnlab task3}, or with a file of {@code experiments/task3-*.yaml}.
 * </ul>
 */
public final class Task3 {
  public static final String COMMAND = "task3";

  private static final String CHECKPOINTS = Run.CHECKPOINTS;
  static final String MODEL = RunModels.MEDIAN + ".zip";

  /** The class of patches with a tumour. */
  private static final int TUMOUR = 1;

  private Task3() {}

  /**
   * Runs the experiment and writes its run directory.
   *
   * @throws UsageException when the configuration or the results directory is invalid
   * @throws cnnlab.data.file.DataException when the patches are missing (the message tells how to
   *     get them) or damaged
   * @throws IOException when results cannot be written, or every training of the first variant
   *     diverged
   */
  public static Task3Result run(RunOptions options, PrintStream out) throws IOException {
    return run(options, Output.plain(out));
  }

  /** As {@link #run(RunOptions, PrintStream)}, with progress lines. */
  public static Task3Result run(RunOptions options, Output out) throws IOException {
    Resolved<Task3Config> resolved =
        options.resolve(Task3Config.class, Task3Config.DEFAULT, Task3Config.QUICK);
    Task3Config config = resolved.value();
    List<Variant<Task3Config>> variants = config.allVariants();
    Task3Data data = Task3Data.load(variants, options.locateDatasets());
    Output marked = out.marked(Run.trial(options, resolved));
    Dl4jRuntime.Status runtime = Dl4jRuntime.configure(config.dl4j().onednn(), 1);
    // A model that does not fit stops the run before it starts.
    variants.forEach(v -> Task3Repetition.requireMemory(v.config(), config.workers(variants)));
    variants.forEach(v -> Task3Repetition.graph(v.config(), config.seed(), 1));
    FittedStream.prose(marked.progress(), data.original().source());
    Variant.printWarnings(variants, PatchCamelyon.NAME, marked.progress());
    return Run.start(COMMAND, options, resolved, config.experiment(), config.seed())
        .execute(
            run -> {
              run.provenance(provenance(config, variants, data.original(), runtime, options));
              FinishedTrainings<Task3Row> trainings =
                  FinishedTrainings.open(
                      run.directory(),
                      run.origin(),
                      new FinishedTrainings.Spec<>(
                          Variant.names(variants),
                          config.repetitions(),
                          LymphNodeCnn.CLASSES,
                          Task3Row.class,
                          row -> files(variants, row)));
              train(config, variants, data, run, trainings, marked);
              Task3Result result =
                  Task3Result.of(
                      run.isTrial() ? Claim.withoutClaims(config) : config,
                      variants,
                      trainings,
                      data,
                      repetition -> maps(config, variants.get(0), repetition, data, run));
              RunModels.keepMedian(run.directory(), variants.get(0).name(), result.medianRun());
              if (result.medianRun() != null && !config.grouped()) {
                submit(config, result.medianRun(), trainings, data, run.directory());
              }
              Task3Report.write(run, config, result, trainings, data);
              Task3Report.print(marked.results(), config, result, run.directory());
              DivergedTraining.requireSome(result.n(), result.diverged());
              return result;
            });
  }

  private static Provenance.Inputs provenance(
      Task3Config config,
      List<Variant<Task3Config>> variants,
      PatchCamelyon patches,
      Dl4jRuntime.Status runtime,
      RunOptions options) {
    int workers = config.workers(variants);
    Map<String, Object> engine = RunInputs.engine(runtime);
    engine.put("data", patches.source());
    engine.put("engine", Variant.engines(variants, Task3Config::engine));
    engine.put("trainingsAtOnce", workers);
    return RunInputs.of(
        options,
        workers * config.threadsEach(workers),
        RunInputs.seeds(config, config.repetitions()),
        patches.checksums(),
        engine);
  }

  private static void train(
      Task3Config config,
      List<Variant<Task3Config>> variants,
      Task3Data data,
      Run run,
      FinishedTrainings<Task3Row> trainings,
      Output out)
      throws IOException {
    RunDirectory directory = run.directory();
    Files.createDirectories(directory.path(CHECKPOINTS));
    int workers = config.workers(variants);
    TrainingPool.run(
        new TrainingPool.Plan<>(
            variants, config.repetitions(), Task3Config::epochs, workers, run.mark()),
        trainings,
        (variant, repetition, listener) -> {
          String name = variant.name() + "-" + repetition;
          boolean first = variant.name().equals(variants.get(0).name());
          Task3Config own = variant.config();
          CheckpointFile checkpoint = run.checkpoint(CHECKPOINTS + "/" + name + ".bin");
          Task3Repetition.Outcome outcome =
              Task3Repetition.run(
                  variant,
                  repetition,
                  data.fold(variant.config(), repetition),
                  new TrainingSpan(
                      variant.config().epochs(),
                      config.threadsEach(workers),
                      checkpoint,
                      first
                          ? Listeners.of(
                              listener,
                              RunModels.keeper(
                                  directory,
                                  variant,
                                  repetition,
                                  () -> Task3Repetition.graph(own, own.seed(repetition), 1),
                                  Task3Repetition.INPUT))
                          : listener));
          directory.writeCsv("history/" + name + ".csv", Task3Epoch.class, outcome.history());
          if (first && outcome.graph() != null) {
            RunModels.save(
                directory,
                COMMAND,
                variant,
                repetition,
                outcome.graph(),
                outcome.training().row().keptEpoch(),
                ModelRecord.Images.patches(
                    data.of(variant.config()), variant.config().preprocessing()));
          }
          // If the process is killed from here on, the training is repeated, with the same bits.
          Files.deleteIfExists(checkpoint.path());
          Task3Teachers.deleteCheckpoints(checkpoint.path(), variant.config());
          return outcome.training();
        },
        Task3::describe,
        run.interruption(),
        out);
  }

  /**
   * The files of a training besides its row: its history and, for the first variant, its model. A
   * diverged training has no model.
   */
  private static List<String> files(List<Variant<Task3Config>> variants, Task3Row row) {
    String name = row.variant() + "-" + row.repetition();
    String history = "history/" + name + ".csv";
    String model = RunModels.name(row.variant(), row.repetition());
    Variant<Task3Config> first = variants.get(0);
    if (!row.variant().equals(first.name()) || row.diverged()) {
      return List.of(history);
    }
    List<String> files = new ArrayList<>(List.of(history, model + ".zip", model + ".json"));
    files.addAll(RunModels.weights(first, row.repetition(), row.epochs()));
    return files;
  }

  /**
   * Writes predictions for the test patches: the median run's classes, in the format of {@code
   * cnnlab predict}, and the probability of a tumour by each training of the first variant. For
   * synthetic patches the file names start with {@code SYNTHETIC}.
   */
  private static void submit(
      Task3Config config,
      int medianRun,
      FinishedTrainings<Task3Row> trainings,
      Task3Data data,
      RunDirectory directory)
      throws IOException {
    Variant<Task3Config> variant = config.allVariants().get(0);
    ImageSet test = data.of(variant.config()).test().orElse(null);
    if (test == null) {
      return;
    }
    String mark = config.synthetic() ? SyntheticPatches.MARK + "-" : "";
    int[] runs =
        trainings.trained(variant.name()).stream().mapToInt(t -> t.row().repetition()).toArray();
    float[][] tumour = new float[runs.length][];
    for (int r = 0; r < runs.length; r++) {
      Prediction prediction =
          Prediction.of(
              directory.path(RunModels.name(variant.name(), runs[r]) + ".zip"),
              new Prediction.Bytes(test),
              EngineKind.SCRATCH,
              config.threadsEach(1));
      tumour[r] = column(prediction.outputs(), LymphNodeCnn.CLASSES, TUMOUR);
      if (runs[r] == medianRun) {
        directory.write(
            mark + "submission.csv",
            file -> PredictionFile.write(file, prediction.classes(), null));
      }
    }
    directory.write(
        mark + "test-probabilities.csv", file -> PredictionFile.writeRuns(file, runs, tumour));
  }

  private static float[] column(float[] table, int columns, int column) {
    float[] values = new float[table.length / columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = table[i * columns + column];
    }
    return values;
  }

  /** How well the occlusion maps and Grad-CAM of a model agree on validation patches. */
  private static Task3Maps.Agreement maps(
      Task3Config config, Variant<Task3Config> variant, int repetition, Task3Data data, Run run) {
    String model = RunModels.name(variant.name(), repetition) + ".zip";
    try (Task3Maps maps = Task3Maps.of(run.directory().path(model), config.threadsEach(1))) {
      ImageSubset validated = data.fold(variant.config(), repetition).validation();
      return maps.agreement(validated.set(), validated.indices());
    }
  }

  private static String describe(Task3Row row) {
    if (row.diverged()) {
      return "DIVERGED, " + row.divergence();
    }
    return "validation %s  AUC %s  waited %s"
        .formatted(
            Numbers.fixed(row.accuracy(), 4),
            row.auc() == null ? "none" : Numbers.fixed(row.auc(), 4),
            Numbers.percent(row.waitingShare()));
  }
}
