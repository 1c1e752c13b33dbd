package cnnlab.experiment;

import cnnlab.crosscheck.CrossCheck;
import cnnlab.crosscheck.Difference;
import cnnlab.crosscheck.LayerDifference;
import cnnlab.crosscheck.SingleLayers;
import cnnlab.data.ImageSet;
import cnnlab.data.Mnist;
import cnnlab.data.Seeds;
import cnnlab.data.Split;
import cnnlab.engine.Dl4jEngine;
import cnnlab.engine.Dl4jRuntime;
import cnnlab.engine.Engine;
import cnnlab.engine.EpochMetrics;
import cnnlab.engine.Evaluation;
import cnnlab.engine.ScratchEngine;
import cnnlab.engine.Trainer;
import cnnlab.experiment.Task1Result.Check;
import cnnlab.experiment.Task1Result.Scores;
import cnnlab.model.MnistCnn;
import cnnlab.model.Updaters;
import cnnlab.scratch.GraphCompiler;
import cnnlab.scratch.Network;
import cnnlab.scratch.ReferenceKernels;
import cnnlab.scratch.Shape;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Task 1: does the network we wrote compute what the library's does?
 *
 * <p>Trains the lab's network with DL4J on MNIST, takes its weights into the network from scratch,
 * runs both on all 70,000 images and compares losses, accuracies and every layer; then repeats the
 * report's own check, one random layer of each kind on one image.
 *
 * <ul>
 *   <li>The report: absolute difference 8.314e-5, the same loss and accuracy.
 *   <li>Expected: test accuracy 0.975 to 0.985, every check passed. About two minutes on two cores.
 *   <li>Command: {@code mvn -q compile exec:java} or {@code ./cnnlab task1}; {@code --quick} takes
 *       seconds.
 * </ul>
 */
@Command(
    name = "task1",
    mixinStandardHelpOptions = true,
    description =
        "Train the lab's network on MNIST with DL4J and check the one from scratch against it.")
public final class Task1CrossCheck implements Callable<Integer> {
  /** The report's sum of absolute differences of one random convolution on one image. */
  public static final double REPORT_CONV_DIFFERENCE = 8.314e-5;

  private static final Shape INPUT = new Shape(1, MnistCnn.HEIGHT, MnistCnn.WIDTH);
  private static final double MAX_CONV_SUM = 8.3e-5;
  private static final double MAX_PROBABILITY_DIFFERENCE = 2e-6;
  private static final double MAX_LOSS_DIFFERENCE = 1e-6;

  @Mixin private RunArguments arguments;
  @Spec private CommandSpec spec;

  /** Runs from an IDE as it is; takes the arguments of {@code cnnlab task1}. */
  public static void main(String[] args) {
    System.exit(Commands.execute(new Task1CrossCheck(), args));
  }

  /** 0 when every check passed, 1 otherwise. */
  @Override
  public Integer call() throws IOException {
    List<String> line = spec.root().commandLine().getParseResult().originalArgs();
    return run(arguments.options(line), System.out).passed() ? Commands.OK : Commands.FAILED;
  }

  /**
   * Runs the experiment and writes its run directory.
   *
   * @param options what the user asked for
   * @param out receives progress and the final tables
   * @throws ConfigException when the configuration is wrong
   * @throws IOException when results cannot be written
   */
  public static Task1Result run(RunOptions options, PrintStream out) throws IOException {
    Resolved<Task1Config> resolved =
        options.resolve(Task1Config.class, Task1Config.DEFAULT, Task1Config.QUICK);
    Task1Config config = resolved.value();
    Mnist mnist = Mnist.load(options.locateDatasets());
    Dl4jRuntime.Status runtime =
        Dl4jRuntime.configure(config.dl4j().onednn(), Math.max(1, config.threads()));
    try (Run run = Run.start(options, resolved, config.experiment(), config.seed())) {
      run.provenance(Task1Report.provenance(config, runtime, options));
      return run(config, mnist, run, out);
    }
  }

  private static Task1Result run(Task1Config config, Mnist mnist, Run run, PrintStream out)
      throws IOException {
    long start = System.nanoTime();
    Split split =
        Split.of(
            config.seed(), mnist.train().count(), config.validationFraction(), config.trainLimit());
    run.directory().write("split.csv", split::write);

    ComputationGraph graph = train(config, mnist.train(), split, run, out);
    int cores = Runtime.getRuntime().availableProcessors();
    Network network = GraphCompiler.compile(graph, INPUT, new ReferenceKernels());
    Engine library = new Dl4jEngine(graph, 1, MnistCnn.HEIGHT, MnistCnn.WIDTH);
    Engine scratch =
        ScratchEngine.running(network, config.threads() == 0 ? cores : config.threads());

    Parts parts = Parts.of(mnist, split, config.evaluationLimit());
    Evaluations a = Evaluations.of(library, mnist, parts);
    Evaluations b = Evaluations.of(scratch, mnist, parts);
    float[] p = a.test().probabilities();
    float[] q = b.test().probabilities();

    Comparison comparison =
        Comparison.of(graph, network, mnist.test(), parts.test(), config.seed());
    Task1Result result =
        result(
            config,
            network.parameters().length,
            a.scores(),
            b.scores(),
            Difference.between(p, q).maxAbs(),
            comparison.convSum(),
            CrossCheck.argmaxAgreement(p, q, MnistCnn.CLASSES),
            (System.nanoTime() - start) * 1e-9);
    Task1Report.write(run, result, comparison, graph, mnist.test(), parts.test(), p);
    Task1Report.print(out, result, comparison, run.directory());
    return result;
  }

  private static ComputationGraph train(
      Task1Config config, ImageSet set, Split split, Run run, PrintStream out) throws IOException {
    AdamConfig adam = config.optimizer();
    ComputationGraph graph =
        MnistCnn.create(
            Seeds.derive(config.seed(), "initialisation"),
            Updaters.adam(adam.learningRate(), adam.beta1(), adam.beta2(), adam.epsilon()));
    Engine engine = new Dl4jEngine(graph, 1, MnistCnn.HEIGHT, MnistCnn.WIDTH);
    Trainer.Options training =
        Trainer.Options.plain(
            config.epochs(), config.batchSize(), Seeds.derive(config.seed(), "shuffle"));
    List<EpochMetrics> history;
    try (TrainingProgress progress =
        TrainingProgress.start("task1 dl4j", config.epochs(), split.train().length, out)) {
      history = new Trainer(engine, set, training, progress).fit(split.train(), split.validation());
    }
    Task1Report.writeTraining(run, history, graph);
    return graph;
  }

  private static Task1Result result(
      Task1Config config,
      int weights,
      Scores library,
      Scores scratch,
      double maxAbs,
      double convSum,
      double agreement,
      double seconds) {
    List<Check> checks =
        List.of(
            new Check("random convolution, sum of absolute differences", convSum, MAX_CONV_SUM),
            new Check("test probabilities, largest difference", maxAbs, MAX_PROBABILITY_DIFFERENCE),
            new Check("test images classified differently, share", 1 - agreement, 0),
            new Check(
                "test loss, difference",
                Math.abs(library.testLoss() - scratch.testLoss()),
                MAX_LOSS_DIFFERENCE),
            new Check(
                "test accuracy, difference",
                Math.abs(library.testAccuracy() - scratch.testAccuracy()),
                0));
    return new Task1Result(
        config.experiment(),
        config.seed(),
        weights,
        library,
        scratch,
        maxAbs,
        convSum,
        agreement,
        checks,
        seconds);
  }

  /** Which images are evaluated. */
  private record Parts(int[] train, int[] validation, int[] test) {
    static Parts of(Mnist mnist, Split split, int limit) {
      int[] test = IntStream.range(0, mnist.test().count()).toArray();
      return new Parts(
          first(split.train(), limit), first(split.validation(), limit), first(test, limit));
    }

    private static int[] first(int[] indices, int limit) {
      return limit == 0 ? indices : Arrays.copyOf(indices, Math.min(limit, indices.length));
    }
  }

  /** One engine on all parts. */
  private record Evaluations(Evaluation train, Evaluation validation, Evaluation test) {
    static Evaluations of(Engine engine, Mnist mnist, Parts parts) {
      return new Evaluations(
          Evaluation.of(engine, mnist.train(), parts.train()),
          Evaluation.of(engine, mnist.train(), parts.validation()),
          Evaluation.of(engine, mnist.test(), parts.test()));
    }

    Scores scores() {
      return new Scores(
          train.loss(),
          train.accuracy(),
          validation.loss(),
          validation.accuracy(),
          test.loss(),
          test.accuracy());
    }
  }

  /**
   * The layers side by side.
   *
   * @param randomLayers one random layer of each kind on one image, as the report did
   * @param oneImage the trained network on the first test image
   * @param testSet the trained network on all test images
   */
  record Comparison(
      List<LayerDifference> randomLayers,
      List<LayerDifference> oneImage,
      List<LayerDifference> testSet) {

    static Comparison of(
        ComputationGraph graph, Network network, ImageSet test, int[] indices, long seed) {
      float[] images = test.batch(indices, 0, indices.length);
      float[] first = Arrays.copyOf(images, INPUT.size());
      CrossCheck check = new CrossCheck(graph, network);
      return new Comparison(
          SingleLayers.check(first, INPUT, Seeds.derive(seed, "single-layers")),
          check.layers(first, 1),
          check.layers(images, indices.length));
    }

    /** The report's figure: Σ |a − b| of one random convolution on one image. */
    double convSum() {
      return randomLayers.get(0).difference().sumAbs();
    }

    List<CrossCheckRow> rows() {
      return java.util.stream.Stream.of(
              CrossCheckRow.of("random-layer", randomLayers),
              CrossCheckRow.of("one-image", oneImage),
              CrossCheckRow.of("test-set", testSet))
          .flatMap(List::stream)
          .toList();
    }
  }
}
