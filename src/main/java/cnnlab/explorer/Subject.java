package cnnlab.explorer;

import cnnlab.augment.Preprocessing;
import cnnlab.config.UsageException;
import cnnlab.crosscheck.LayerOutputs;
import cnnlab.inference.ArrayLayout;
import cnnlab.inference.LoadedModel;
import cnnlab.inference.LoadedSummary;
import cnnlab.inference.ModelPreprocessing;
import cnnlab.inference.ModelRecord;
import cnnlab.inference.PixelScale;
import cnnlab.model.summary.LayerSummary;
import cnnlab.scratch.Network;
import cnnlab.scratch.ScoreGradient;
import cnnlab.scratch.dl4j.GraphCompiler;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Shape;
import cnnlab.show.WeightMaps;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A model to look into.
 *
 * @param name for people
 * @param engines both engines and the one in double precision
 * @param preprocessing fixed transforms of the 8-bit images, as in training
 * @param scale how 8-bit values become inputs
 * @param classes names of the outputs, in order
 * @param probabilities whether the outputs are probabilities
 */
record Subject(
    String name,
    LayerOutputs.Engines engines,
    Preprocessing preprocessing,
    PixelScale scale,
    List<String> classes,
    boolean probabilities) {
  /** Channels of images that can be shown and drawn. */
  private static final List<Integer> IMAGES = List.of(1, 3);

  private static final int MOST_CLASSES = 1000;

  /**
   * Opens a model file.
   *
   * @param file a model file
   * @param input the layout of one input
   * @param scale null for this project's, unless the model scales its inputs itself
   * @throws UsageException when an engine does not support the model, or its inputs are no images
   */
  static Subject open(Path file, LoadedModel loaded, ArrayLayout input, PixelScale scale) {
    Shape shape = input.shape();
    if (shape.isVector() || !IMAGES.contains(shape.channels())) {
      throw new UsageException(
          "%s: its inputs have shape %s; images [H, W, 1] or [H, W, 3] expected, which can be drawn and shown. `cnnlab compare` takes any inputs"
              .formatted(file, input));
    }
    Network network = loaded.compile(shape, "images", Kernels.best());
    long cost = LoadedSummary.of(loaded, input).total(LayerSummary::products);
    return new Subject(
        String.valueOf(file),
        new LayerOutputs.Engines(loaded.graph(), network, cost),
        ModelPreprocessing.of(null, file),
        scale == null ? PixelScale.SYMMETRIC : scale,
        classes(file, network),
        loaded.givesProbabilities());
  }

  private static List<String> classes(Path file, Network network) {
    List<String> known =
        ModelRecord.beside(file).map(record -> record.images().classes()).orElse(List.of());
    int count = network.outputShape().size();
    return known.size() == count
        ? known
        : IntStream.range(0, Math.min(count, MOST_CLASSES)).mapToObj(String::valueOf).toList();
  }

  /** The network from scratch. */
  Network network() {
    return engines.network();
  }

  /**
   * A layer.
   *
   * @throws Explorer.UnknownException when there is none of this name
   */
  Node node(String layer) {
    return network().nodes().stream()
        .filter(n -> n.name().equals(layer))
        .findFirst()
        .orElseThrow(
            () -> new Explorer.UnknownException("there is no layer '%s'".formatted(layer)));
  }

  /** Whether there are feature maps that lead to a vector of scores, for Grad-CAM. */
  boolean hasMaps() {
    return network().outputShape().isVector() && !ScoreGradient.layers(network()).isEmpty();
  }

  /**
   * The same model with other weights.
   *
   * @param other its name for people
   * @param graph the network with these weights
   */
  Subject with(String other, ComputationGraph graph) {
    Network compiled = GraphCompiler.compile(graph, network().inputShape(), Kernels.best());
    long cost = engines.hasDouble() ? 0 : Long.MAX_VALUE;
    return new Subject(
        other,
        new LayerOutputs.Engines(graph, compiled, cost),
        preprocessing,
        scale,
        classes,
        probabilities);
  }

  /** What a page needs to know of the model. */
  Answers.Model view(String key, List<Answers.Epoch> epochs) {
    Shape in = network().inputShape();
    return new Answers.Model(
        key,
        name,
        in.height(),
        in.width(),
        in.channels(),
        scale.formula(),
        preprocessing.names(),
        classes,
        probabilities,
        engines.hasDouble(),
        hasMaps(),
        network().nodes().stream().map(this::view).toList(),
        epochs);
  }

  private Answers.LayerView view(Node node) {
    Shape shape = node.shape();
    Optional<WeightMaps> weights = WeightMaps.of(network(), node);
    List<Integer> map =
        weights.map(w -> List.of(w.channels(), w.height(), w.width())).orElse(List.of());
    boolean kernels = weights.map(WeightMaps::areKernels).orElse(false);
    return new Answers.LayerView(
        node.name(),
        node.layer().kind(),
        shape.channels(),
        shape.height(),
        shape.width(),
        node.layer().parameterCount(),
        node.inputs().stream()
            .map(k -> k < 0 ? Network.INPUT : network().nodes().get(k).name())
            .toList(),
        kernels ? weights.orElseThrow().shape() : List.of(),
        kernels ? List.of() : map);
  }

  /** The input of the network for an image: preprocessed and scaled. */
  Prepared prepare(byte[] pixels) {
    Shape in = network().inputShape();
    byte[] ready = pixels.clone();
    if (!preprocessing.isEmpty()) {
      preprocessing
          .pipeline()
          .apply(pixels, 0, in.height(), in.width(), in.channels(), 0, ready, 0);
    }
    return new Prepared(ready, scale.apply(ready, 1, in.channels()));
  }

  /**
   * A prepared image.
   *
   * @param pixels unsigned bytes [H, W, C]
   * @param input [C, H, W]
   */
  record Prepared(byte[] pixels, float[] input) {}
}
