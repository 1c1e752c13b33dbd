package cnnlab.parity;

import cnnlab.config.Resolved;
import cnnlab.config.UsageException;
import cnnlab.console.Output;
import cnnlab.crosscheck.Difference;
import cnnlab.data.Batch;
import cnnlab.data.BatchSource;
import cnnlab.data.ImageSet;
import cnnlab.data.Mnist;
import cnnlab.data.PlainBatches;
import cnnlab.data.Seeds;
import cnnlab.data.Split;
import cnnlab.engine.Divergence;
import cnnlab.engine.Dl4jRuntime;
import cnnlab.engine.Engine;
import cnnlab.engine.EngineKind;
import cnnlab.engine.Engines;
import cnnlab.engine.Memory;
import cnnlab.engine.MemoryNeed;
import cnnlab.experiment.AdamConfig;
import cnnlab.experiment.RunInputs;
import cnnlab.model.GraphSize;
import cnnlab.model.MnistCnn;
import cnnlab.model.ModelParameters;
import cnnlab.model.Updaters;
import cnnlab.plot.LinePlot;
import cnnlab.run.Run;
import cnnlab.run.RunOptions;
import cnnlab.scratch.layer.Shape;
import cnnlab.store.EventFile;
import cnnlab.store.Provenance;
import cnnlab.text.MarkdownReport;
import cnnlab.text.Numbers;
import cnnlab.text.TextTable;
import cnnlab.training.DivergedException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the engine from scratch learn as DL4J does? Both train the Task 1 network from the same
 * weights, on the same batches, with the same Adam. The loss of every step and all parameters at
 * the end are compared.
 *
 * <ul>
 *   <li>Expected after 100 steps: losses agree to 1e-4, parameters to 1e-3 relative. About 5 s.
 *   <li>Command: {@code ./cnnlab parity}
 * </ul>
 */
public final class Parity {
  public static final String COMMAND = "parity";

  private static final Logger LOG = LoggerFactory.getLogger(Parity.class);

  /** The folder of the curves for TensorBoard. */
  private static final String EVENTS = "tensorboard";

  /** What {@code --quick} sets. */
  private static final List<String> QUICK = List.of("steps=20");

  private static final Shape INPUT = new Shape(1, MnistCnn.HEIGHT, MnistCnn.WIDTH);
  private static final double MAX_LOSS_DIFFERENCE = 1e-4;
  private static final double MAX_PARAMETER_DIFFERENCE = 1e-3;

  private Parity() {}

  /**
   * One step.
   *
   * @param step 1, 2, ...
   * @param dl4j DL4J's loss before the step
   * @param scratch the loss of the engine from scratch before the step
   * @param difference |dl4j − scratch|
   */
  public record Step(int step, double dl4j, double scratch, double difference) {}

  /**
   * One parameter tensor after the last step.
   *
   * @param name DL4J's name
   * @param values the number of values
   * @param maxAbs max |a − b|
   * @param relative max |a − b| / max |a|
   */
  public record Parameter(String name, long values, double maxAbs, double relative) {}

  /**
   * The result, as written to {@code result.json}.
   *
   * @param experiment name of the experiment
   * @param seed its seed
   * @param steps the number of steps
   * @param maxLossDifference the largest difference of two losses
   * @param maxParameterDifference the largest relative difference of a parameter tensor
   * @param parameters the differences of each tensor
   * @param passed whether both are within their limits
   */
  public record Result(
      String experiment,
      long seed,
      int steps,
      double maxLossDifference,
      double maxParameterDifference,
      List<Parameter> parameters,
      boolean passed) {}

  /**
   * Runs the comparison and writes its run directory.
   *
   * @throws UsageException when the configuration or the directory for the results is wrong
   * @throws IOException when results cannot be written
   * @throws DivergedException when one of the two trainings diverges
   */
  public static Result run(RunOptions options, PrintStream out) throws IOException {
    Resolved<ParityConfig> resolved =
        options.resolve(ParityConfig.class, ParityConfig.DEFAULT, QUICK);
    ParityConfig config = resolved.value();
    ImageSet set = Mnist.load(options.locateDatasets()).train();
    Dl4jRuntime.Status runtime = Dl4jRuntime.configure(config.dl4j().onednn(), 1);
    GraphSize size = MnistCnn.size();
    Memory.require(
        "parity: training by both engines on batches of %s images"
            .formatted(Numbers.count(config.batchSize())),
        MemoryNeed.training(size, EngineKind.DL4J, config.batchSize(), false, 1)
            .plus(MemoryNeed.training(size, EngineKind.SCRATCH, config.batchSize(), false, 1)),
        "make batchSize smaller");
    return Run.start(COMMAND, options, resolved, config.experiment(), config.seed())
        .execute(
            run -> {
              run.provenance(provenance(config, runtime, options));
              Output marked = Output.plain(out).marked(Run.trial(options, resolved));
              return compare(config, set, run, marked.results());
            });
  }

  private static Provenance.Inputs provenance(
      ParityConfig config, Dl4jRuntime.Status runtime, RunOptions options) {
    Map<String, Object> engine = RunInputs.engine(runtime);
    engine.put("dl4j.binary", runtime.binary());
    return RunInputs.of(
        options, config.scratchThreads(), Map.of("seed", config.seed()), Mnist.SHA256, engine);
  }

  private static Result compare(ParityConfig config, ImageSet set, Run run, PrintStream out)
      throws IOException {
    ComputationGraph library = graph(config);
    ComputationGraph ours = graph(config);
    List<Step> steps = new ArrayList<>();
    Engines.Training training = Engines.Training.withDefaults(config.batchSize(), config.seed());
    try (Engine a = Engines.training(EngineKind.DL4J, library, INPUT, training, 1);
        Engine b =
            Engines.training(EngineKind.SCRATCH, ours, INPUT, training, config.scratchThreads())) {
      int[] order = Split.of(config.seed(), set.count(), 0, 0).train();
      BatchSource batches = new PlainBatches(set, epoch -> order, config.batchSize(), 0);
      for (int s = 0; s < config.steps(); s++) {
        run.interruption().check();
        Batch batch = batches.next();
        double p = a.trainBatch(batch.x(), batch.y(), batch.size());
        double q = b.trainBatch(batch.x(), batch.y(), batch.size());
        requireFinite("DL4J's loss", s + 1, p);
        requireFinite("the loss from scratch", s + 1, q);
        steps.add(new Step(s + 1, p, q, Math.abs(p - q)));
      }
      Engines.writeBack(b, ours, INPUT);
    }
    Result result = result(config, steps, parameters(library, ours));
    events(run, steps);
    write(run, steps, result);
    out.println(table(result));
    out.printf(
        "%s steps: losses differ by at most %s (limit %s), parameters by %s relative (limit %s): %s%n",
        result.steps(),
        Numbers.scientific(result.maxLossDifference()),
        Numbers.scientific(MAX_LOSS_DIFFERENCE),
        Numbers.scientific(result.maxParameterDifference()),
        Numbers.scientific(MAX_PARAMETER_DIFFERENCE),
        result.passed() ? "passed" : "FAILED");
    out.printf("Results are in %s%n", RunOptions.display(run.directory().directory()));
    return result;
  }

  /** Refuses a loss that is not finite: diverged trainings cannot be compared. */
  private static void requireFinite(String what, int step, double loss) {
    if (!Double.isFinite(loss)) {
      throw new DivergedException(new Divergence(1, step, what, loss), List.of());
    }
  }

  private static ComputationGraph graph(ParityConfig config) {
    AdamConfig adam = config.optimizer();
    return MnistCnn.create(
        Seeds.derive(config.seed(), "initialisation"),
        Updaters.adam(adam.learningRate(), adam.beta1(), adam.beta2(), adam.epsilon()));
  }

  private static List<Parameter> parameters(ComputationGraph library, ComputationGraph ours) {
    List<Parameter> rows = new ArrayList<>();
    Map<String, float[]> values = ModelParameters.of(ours);
    ModelParameters.of(library)
        .forEach(
            (name, a) -> {
              Difference d = Difference.between(a, values.get(name));
              rows.add(new Parameter(name, d.count(), d.maxAbs(), d.relative()));
            });
    return rows;
  }

  private static Result result(ParityConfig config, List<Step> steps, List<Parameter> parameters) {
    double loss = steps.stream().mapToDouble(Step::difference).max().orElse(Double.NaN);
    double parameter =
        parameters.stream().mapToDouble(Parameter::relative).max().orElse(Double.NaN);
    return new Result(
        config.experiment(),
        config.seed(),
        config.steps(),
        loss,
        parameter,
        parameters,
        loss <= MAX_LOSS_DIFFERENCE && parameter <= MAX_PARAMETER_DIFFERENCE);
  }

  private static TextTable table(Result result) {
    TextTable table =
        new TextTable().left("parameter").right("values").right("max |a-b|").right("relative");
    for (Parameter p : result.parameters()) {
      table.row(
          p.name(),
          Numbers.count(p.values()),
          Numbers.scientific(p.maxAbs()),
          Numbers.scientific(p.relative()));
    }
    return table;
  }

  /** The losses for TensorBoard, as {@code tensorboard/dl4j} and {@code tensorboard/scratch}. */
  private static void events(Run run, List<Step> steps) {
    try {
      run.directory().delete(EVENTS);
      events(run, "dl4j", "loss", steps, Step::dl4j);
      events(run, "scratch", "loss", steps, Step::scratch);
      events(run, "difference", "difference", steps, Step::difference);
    } catch (IOException e) {
      LOG.warn("no curves for TensorBoard: {}", e.toString());
    }
  }

  private static void events(
      Run run, String name, String tag, List<Step> steps, ToDoubleFunction<Step> value)
      throws IOException {
    Path folder = run.directory().path(EVENTS + "/" + name);
    try (EventFile file = EventFile.create(folder, Clock.systemUTC())) {
      for (Step step : steps) {
        file.scalar(step.step(), tag, value.applyAsDouble(step));
      }
    }
  }

  private static void write(Run run, List<Step> steps, Result result) throws IOException {
    run.directory().writeCsv("steps.csv", Step.class, steps);
    run.directory().writeJson("result.json", result);
    double[] x = steps.stream().mapToDouble(Step::step).toArray();
    LinePlot.Panel losses =
        new LinePlot.Panel(
            "Loss of each step; the two curves differ by at most "
                + Numbers.scientific(result.maxLossDifference()),
            new LinePlot.Axis("step", false),
            new LinePlot.Axis("loss", false),
            List.of(
                new LinePlot.Series("DL4J", x, steps.stream().mapToDouble(Step::dl4j).toArray()),
                new LinePlot.Series(
                    "from scratch", x, steps.stream().mapToDouble(Step::scratch).toArray())));
    LinePlot.Panel difference =
        new LinePlot.Panel(
            "Difference of the two losses",
            new LinePlot.Axis("step", false),
            new LinePlot.Axis("|DL4J − from scratch|, logarithmic scale", true),
            List.of(
                new LinePlot.Series(
                    "difference", x, steps.stream().mapToDouble(Step::difference).toArray())));
    run.directory().tryWritePng("loss.png", mark -> LinePlot.draw(List.of(losses)).png(mark));
    run.directory()
        .tryWritePng("difference.png", mark -> LinePlot.draw(List.of(difference)).png(mark));
    run.directory()
        .writeReport(
            new MarkdownReport()
                .heading(1, "Training step by step: from scratch against DL4J")
                .paragraph(
                    "%s steps of Adam on the Task 1 network, from the same weights and with the same batches. Largest difference of two losses: %s. Largest relative difference of a parameter tensor at the end: %s."
                        .formatted(
                            result.steps(),
                            Numbers.scientific(result.maxLossDifference()),
                            Numbers.scientific(result.maxParameterDifference())))
                .image("Loss of each step", "loss.png")
                .image("Difference of the losses", "difference.png")
                .heading(2, "Parameters after the last step")
                .table(table(result))
                .heading(2, "How to repeat this run")
                .code("sh", run.repeat("parity", QUICK)));
    run.finishProvenance();
  }
}
