package cnnlab.task1;

import cnnlab.config.Resolved;
import cnnlab.config.UsageException;
import cnnlab.console.Output;
import cnnlab.console.Progress;
import cnnlab.crosscheck.Comparison;
import cnnlab.crosscheck.CrossCheck;
import cnnlab.crosscheck.Difference;
import cnnlab.data.EpochOrder;
import cnnlab.data.ImageSet;
import cnnlab.data.ImageSubset;
import cnnlab.data.Mnist;
import cnnlab.data.PlainBatches;
import cnnlab.data.Seeds;
import cnnlab.data.Split;
import cnnlab.engine.Dl4jEngine;
import cnnlab.engine.Dl4jRuntime;
import cnnlab.engine.Engine;
import cnnlab.engine.EngineKind;
import cnnlab.engine.Engines;
import cnnlab.engine.Memory;
import cnnlab.engine.MemoryNeed;
import cnnlab.engine.ScratchEngine;
import cnnlab.engine.TrainingUi;
import cnnlab.experiment.AdamConfig;
import cnnlab.experiment.Initialisation;
import cnnlab.inference.EpochWeights;
import cnnlab.inference.Evaluation;
import cnnlab.inference.ModelRecord;
import cnnlab.model.MnistCnn;
import cnnlab.model.Updaters;
import cnnlab.run.Run;
import cnnlab.run.RunOptions;
import cnnlab.scratch.Network;
import cnnlab.scratch.dl4j.GraphCompiler;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.layer.Shape;
import cnnlab.task1.Task1Evaluation.Parts;
import cnnlab.text.Enums;
import cnnlab.text.Numbers;
import cnnlab.training.DivergedException;
import cnnlab.training.Listeners;
import cnnlab.training.StopListener;
import cnnlab.training.TensorBoardListener;
import cnnlab.training.Trainer;
import cnnlab.training.TrainingOptions;
import cnnlab.training.TrainingProgress;
import cnnlab.training.WeightKeeper;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Task 1: does the network written from scratch compute the same as the library's?
 *
 * <p>Trains the lab's network on MNIST with DL4J (or with the engine from scratch: {@code --set
 * engine=scratch}), copies its weights into the network from scratch, runs both on all 70,000
 * images and compares losses, accuracies and every layer. Then it repeats the report's own check,
 * one random layer of each kind on one image. Each difference must stay within a bound on the
 * rounding error, derived for each value ({@link cnnlab.crosscheck.bound.RoundingBounds}); the
 * report's figure is shown next to it.
 *
 * <ul>
 *   <li>The report: absolute difference 8.314e-5, equal loss and accuracy.
 *   <li>Expected: test accuracy 0.975 to 0.985, every check passed. About 110 s on two cores.
 *   <li>Command: {@code mvn -q compile exec:java} or {@code ./cnnlab task1}; {@code --quick} takes
 *       a few seconds.
 * </ul>
 */
public final class Task1 {
  public static final String COMMAND = "task1";

  private static final Shape INPUT = new Shape(1, MnistCnn.HEIGHT, MnistCnn.WIDTH);

  private Task1() {}

  /**
   * Runs the experiment and writes its run directory.
   *
   * @param options the user's options
   * @param out receives progress and the final tables, without progress bars
   * @throws UsageException when the configuration or the results directory is invalid
   * @throws cnnlab.data.file.DataException when MNIST is missing or damaged
   * @throws IOException when results cannot be written
   * @throws cnnlab.training.DivergedException when the training diverges
   */
  public static Task1Result run(RunOptions options, PrintStream out) throws IOException {
    return run(options, Output.plain(out), Optional.empty());
  }

  /**
   * As {@link #run(RunOptions, PrintStream)}.
   *
   * @param page the page that shows DL4J's training, or empty
   */
  public static Task1Result run(RunOptions options, Output out, Optional<TrainingUi> page)
      throws IOException {
    Resolved<Task1Config> resolved =
        options.resolve(Task1Config.class, Task1Config.DEFAULT, Task1Config.QUICK);
    Task1Config config = resolved.value();
    if (page.isPresent() && config.engine() != EngineKind.DL4J) {
      throw new UsageException(
          "--ui shows a training by DL4J, but engine is %s; leave out --ui or set engine=dl4j"
              .formatted(Enums.label(config.engine())));
    }
    Mnist mnist = Mnist.load(options.locateDatasets());
    Dl4jRuntime.Status runtime =
        Dl4jRuntime.configure(config.dl4j().onednn(), config.libraryThreads());
    Memory.require(
        "task1: training on batches of %s images".formatted(Numbers.count(config.batchSize())),
        MemoryNeed.training(MnistCnn.size(), config.engine(), config.batchSize(), false, 1),
        "make batchSize smaller");
    if (!config.init().isBlank()) {
      // A model that does not fit stops the run before it starts.
      initial(config);
    }
    Output marked = out.marked(Run.trial(options, resolved));
    Run started = Run.start(COMMAND, options, resolved, config.experiment(), config.seed());
    return started.execute(
        run -> {
          run.provenance(Task1Report.provenance(config, runtime, options));
          return run(config, mnist, run, marked, page);
        });
  }

  private static Task1Result run(
      Task1Config config, Mnist mnist, Run run, Output out, Optional<TrainingUi> page)
      throws IOException {
    long start = System.nanoTime();
    Split split =
        Split.of(
            config.seed(), mnist.train().count(), config.validationFraction(), config.trainLimit());
    run.directory().write("split.csv", split::write);

    ComputationGraph graph = initial(config);
    page.ifPresent(p -> out.progress().printf("DL4J's page: %s%n", p.watch(graph)));
    train(config, graph, mnist.train(), split, run, out);
    Network network = GraphCompiler.compile(graph, INPUT, config.kernels().kernels());
    Engine library = new Dl4jEngine(graph, 1, MnistCnn.HEIGHT, MnistCnn.WIDTH);

    Parts parts = Parts.of(mnist, split, config.evaluationLimit());
    run.interruption().check();
    out.progress().printf("Evaluating both networks on %s%n", parts.counts());
    Task1Evaluation a = Task1Evaluation.of(library, mnist, parts);
    Task1Evaluation b;
    try (Engine scratch = ScratchEngine.layerByLayer(network, config.scratchThreads())) {
      b = Task1Evaluation.of(scratch, mnist, parts);
    }
    Network fast = GraphCompiler.compile(graph, INPUT, Kernels.best());
    float[] predicted = predicted(fast, config, mnist.test(), parts.test());
    run.interruption().check();
    out.progress().println("Comparing them layer by layer, and with a network in double precision");
    float[] p = a.test().probabilities();
    float[] q = b.test().probabilities();
    Task1Comparison comparison =
        Task1Comparison.of(
            new Comparison.Networks(graph, network, fast),
            mnist.test(),
            parts.test(),
            p,
            predicted,
            config.seed());
    double maxAbs = Difference.between(p, q).maxAbs();
    double agreement = CrossCheck.argmaxAgreement(p, q, MnistCnn.CLASSES);
    Task1Result result =
        new Task1Result(
            config.experiment(),
            config.seed(),
            network.parameters().length,
            parts.counts(),
            a.scores(),
            b.scores(),
            maxAbs,
            comparison.convSum(),
            agreement,
            comparison.checks(),
            (System.nanoTime() - start) * 1e-9);
    Task1Report.write(run, result, comparison, mnist.test(), parts.test(), p);
    Task1Report.print(out.results(), result, comparison, run.directory());
    return result;
  }

  /** The probabilities that {@code cnnlab predict} would give for the test images. */
  private static float[] predicted(Network fast, Task1Config config, ImageSet test, int[] indices) {
    try (Engine engine = ScratchEngine.forInference(fast, config.scratchThreads())) {
      return Evaluation.of(engine, test, indices).probabilities();
    }
  }

  private static ComputationGraph initial(Task1Config config) {
    AdamConfig adam = config.optimizer();
    ComputationGraph graph =
        MnistCnn.create(
            Seeds.derive(config.seed(), "initialisation"),
            Updaters.adam(adam.learningRate(), adam.beta1(), adam.beta2(), adam.epsilon()));
    Initialisation.apply(config.init(), graph, INPUT);
    return graph;
  }

  private static void train(
      Task1Config config, ComputationGraph graph, ImageSet set, Split split, Run run, Output out)
      throws IOException {
    EpochOrder order = EpochOrder.shuffled(split.train(), Seeds.derive(config.seed(), "shuffle"));
    Engines.Training learning =
        Engines.Training.withDefaults(config.batchSize(), Seeds.derive(config.seed(), "dropout"));
    WeightKeeper keeper =
        new WeightKeeper(
            run.directory(),
            new WeightKeeper.Epochs(
                EpochWeights.FOLDER, config.keepWeightsEvery(), config.epochs()),
            graph::clone,
            INPUT);
    Trainer.Fit fit;
    try (Engine engine =
        Engines.training(config.engine(), graph, INPUT, learning, config.scratchThreads())) {
      Trainer trainer =
          Trainer.start(engine, TrainingOptions.withDefaults(config.epochs(), run.checkpoint()));
      Progress.Epochs epochs = new Progress.Epochs(config.epochs(), trainer.epochsDone());
      try (TensorBoardListener events = TensorBoardListener.of(run.directory(), config);
          TrainingProgress progress =
              TrainingProgress.start("task1 " + engine.name(), epochs, split.train().length, out)) {
        fit =
            trainer.fit(
                new PlainBatches(set, order, config.batchSize(), trainer.epochsDone()),
                new ImageSubset(set, split.train()),
                new ImageSubset(set, split.validation()),
                Listeners.of(
                    progress, events, keeper, new StopListener(run.interruption()::check)));
      }
      Engines.writeBack(engine, graph, INPUT);
    } catch (DivergedException e) {
      Task1Report.writeTraining(run, e.history());
      throw e;
    }
    Task1Report.writeTraining(run, fit.history());
    ModelRecord.save(
        run.directory(),
        "model",
        graph,
        new ModelRecord.Trained(
            COMMAND,
            config.experiment(),
            config.experiment(),
            1,
            config.seed(),
            Enums.label(config.engine()),
            fit.keptEpoch()),
        ModelRecord.Images.digits(List.of()),
        config);
  }
}
