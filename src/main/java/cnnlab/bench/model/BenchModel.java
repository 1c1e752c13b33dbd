package cnnlab.bench.model;

import cnnlab.config.UsageException;
import cnnlab.inference.ArrayLayout;
import cnnlab.inference.InputShapes;
import cnnlab.inference.LoadedModel;
import cnnlab.inference.ModelExport;
import cnnlab.inference.ModelLoader;
import cnnlab.inference.ModelPath;
import cnnlab.model.GraphSize;
import cnnlab.scratch.Network;
import cnnlab.scratch.dl4j.GraphCompiler;
import cnnlab.scratch.dl4j.TrainingCompiler;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.train.NetworkTrainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A network to measure, with its graph in memory.
 *
 * @param name what the user called it: {@code task1}, or a file
 * @param named the network of an experiment, or null for a file
 * @param graph the network
 * @param input the shape of one input
 * @param outputs number of values of one output
 * @param trainBatch images per step of training; 0 if it cannot be trained
 * @param untrainable why it cannot be trained; empty if it can
 */
public record BenchModel(
    String name,
    NamedModel named,
    ComputationGraph graph,
    Shape input,
    int outputs,
    int trainBatch,
    String untrainable) {

  /** The seed of random weights, inputs and dropout. */
  public static final long SEED = NamedModel.SEED;

  /** Images per step for model files, as in most experiments. */
  private static final int USUAL_BATCH = 128;

  /**
   * Opens a network.
   *
   * @param name a name of {@link NamedModel}, a model file, or a run directory
   * @throws UsageException when there is no such network or file, it has several inputs or outputs,
   *     or the engine from scratch does not support it
   * @throws cnnlab.model.file.ModelFileException when the file cannot be read
   */
  public static BenchModel open(String name) {
    Optional<NamedModel> found = NamedModel.of(name);
    if (found.isPresent()) {
      NamedModel named = found.get();
      return of(named.toString(), named, named.graph(true), named.input(), named.trainBatch());
    }
    Path file = ModelPath.of(Path.of(name));
    if (!Files.exists(file)) {
      throw new UsageException(
          "--models: '%s' is neither a file nor a run directory nor one of %s"
              .formatted(name, NamedModel.names()));
    }
    LoadedModel loaded = ModelLoader.open(file).requireSingle("bench");
    ArrayLayout layout =
        InputShapes.find(loaded)
            .orElseThrow(
                () ->
                    new UsageException(
                        "--models: %s does not give the shape of its inputs, and none of the usual shapes fits; export it to a .keras or .onnx file with ./cnnlab export --input, which gives it"
                            .formatted(file)));
    return of(name, null, loaded.graph(), layout.shape(), USUAL_BATCH);
  }

  private static BenchModel of(
      String name, NamedModel named, ComputationGraph graph, Shape input, int batch) {
    Network network;
    try {
      network = GraphCompiler.compile(graph, input, new ReferenceKernels());
    } catch (IllegalArgumentException e) {
      throw new UsageException("--models: %s: %s".formatted(name, e.getMessage()), e);
    }
    String untrainable = "";
    try {
      TrainingCompiler.options(graph, network, 0, batch, SEED);
    } catch (IllegalArgumentException e) {
      untrainable = Objects.toString(e.getMessage(), e.toString());
    }
    return new BenchModel(
        name,
        named,
        graph,
        input,
        network.outputShape().size(),
        untrainable.isEmpty() ? batch : 0,
        untrainable);
  }

  /** Whether training can be measured. */
  public boolean isTrainable() {
    return untrainable.isEmpty();
  }

  /** Decay of averaged weights in training; 0 for none. */
  public double averageDecay() {
    return named == null ? 0 : named.averageDecay();
  }

  /** The network compiled for the engine from scratch. */
  public Network network(Kernels kernels) {
    return GraphCompiler.compile(graph, input, kernels);
  }

  /**
   * How it is trained.
   *
   * @throws IllegalArgumentException when it cannot be trained
   */
  public NetworkTrainer.Options trainingOptions() {
    return TrainingCompiler.options(
        graph, network(new ReferenceKernels()), averageDecay(), trainBatch, SEED);
  }

  /**
   * The same network with the same initial weights, which drops no values in training.
   *
   * @return empty for model files, which are measured as they are
   */
  public Optional<BenchModel> withoutDropout() {
    return named == null
        ? Optional.empty()
        : Optional.of(of(name, named, named.graph(false), input, trainBatch));
  }

  /** The size of the network. */
  public GraphSize size() {
    return GraphSize.of(graph, input.channels(), input.height(), input.width());
  }

  /**
   * Writes the network as an ONNX file that reads and gives [N, C, H, W] or [N, F].
   *
   * @throws cnnlab.model.file.ModelFileException when the format cannot express it
   * @throws IOException when it cannot be written
   */
  public void writeOnnx(Path file) throws IOException {
    LoadedModel model = new LoadedModel(Path.of(name), graph, null, null);
    ModelExport.write(model, ArrayLayout.of(input), file, false);
  }

  /**
   * Multiplications and additions in convolutions and dense layers for one image: 2·O·C·KH·KW·OH·OW
   * and 2·in·out in the forward pass. Training adds the same number for the gradient of the weights
   * and, except in the first layer, for the gradient of the input.
   */
  public long operations(boolean train) {
    return LayerWork.operations(network(new ReferenceKernels()), train);
  }

  /** Each object is a network of its own: training changes its weights. */
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  @Override
  public String toString() {
    return name;
  }
}
