package cnnlab;

import cnnlab.config.UsageException;
import cnnlab.crosscheck.Difference;
import cnnlab.crosscheck.LayerOutputs;
import cnnlab.crosscheck.ModelComparison;
import cnnlab.crosscheck.ModelComparisonReport;
import cnnlab.data.ImageSet;
import cnnlab.data.Mnist;
import cnnlab.data.file.NpyFile;
import cnnlab.engine.Dl4jEngine;
import cnnlab.engine.Engine;
import cnnlab.engine.ScratchEngine;
import cnnlab.inference.ArrayLayout;
import cnnlab.inference.InputShapes;
import cnnlab.inference.LoadedModel;
import cnnlab.inference.ModelInputs;
import cnnlab.inference.ModelPath;
import cnnlab.metric.ClassMetrics;
import cnnlab.run.RunOptions;
import cnnlab.scratch.Network;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * CNN Lab as a library: a model from a file, run by both engines. {@code docs/library.md} shows it
 * in JShell.
 *
 * <p>Not thread-safe, as DL4J's graphs are not.
 */
public final class CnnLab {
  /** Inputs per call of an engine. */
  private static final int BATCH = 1000;

  private final LoadedModel model;
  private final ArrayLayout layout;
  private final Network network;
  private final Engine library;
  private final Engine scratch;
  private final LayerOutputs.Engines engines;

  private CnnLab(LoadedModel model, ArrayLayout layout) {
    this.model = model;
    this.layout = layout;
    this.network = model.compile(layout.shape(), "inputs", Kernels.best());
    Shape in = layout.shape();
    this.library = new Dl4jEngine(model.graph(), in.channels(), in.height(), in.width());
    this.scratch = ScratchEngine.layerByLayer(network, 1);
    // Without the network in double precision, which compare makes itself.
    this.engines = new LayerOutputs.Engines(model.graph(), network, Long.MAX_VALUE);
  }

  /**
   * The output of one layer for one input, by both engines.
   *
   * @param name of the layer
   * @param kind such as {@code Conv2d}
   * @param shape of the output: [C, H, W], or [F] for a vector
   * @param library DL4J's values; channel c, row i, column j is at (c·H + i)·W + j
   * @param scratch the values from scratch, in the same order
   */
  public record Layer(String name, String kind, Shape shape, float[] library, float[] scratch) {
    /** How far the two engines differ. */
    public Difference difference() {
      return Difference.between(library, scratch);
    }
  }

  /**
   * Reads a model.
   *
   * @param path a file of Keras, ONNX or DL4J, or a run directory, for its {@code model.zip}
   * @throws cnnlab.model.file.ModelFileException when it cannot be read
   * @throws UsageException when the size of its inputs cannot be found
   * @throws cnnlab.scratch.dl4j.UnsupportedGraphException when the engine from scratch does not
   *     support it; the message names the layer
   */
  public static CnnLab open(String path) {
    LoadedModel model = ModelComparisonReport.load(ModelPath.of(Path.of(path)));
    ArrayLayout layout =
        InputShapes.find(model)
            .orElseThrow(
                () ->
                    new UsageException(
                        path
                            + ": the file does not give the size of its inputs, and none of the usual sizes fits"));
    return new CnnLab(model, layout);
  }

  /** The names of the layers from scratch, in computing order. */
  public List<String> layers() {
    return network.nodes().stream().map(Node::name).toList();
  }

  /** The shape of one input, channels last: [H, W, C], or [F] for a vector. */
  public String inputShape() {
    return layout.toString();
  }

  /**
   * The first test images of MNIST, with their classes.
   *
   * @param n how many, 1 to 10,000
   * @throws IllegalArgumentException when the model's inputs are no such images
   */
  public ModelInputs digits(int n) {
    ImageSet set = Mnist.load(RunOptions.locateDatasets(null)).test();
    if (layout.size() != set.imageSize() || n < 1 || n > set.count()) {
      throw new IllegalArgumentException(
          "%s images of %s values found, expected 1 to %s of %s values, the inputs %s of %s"
              .formatted(n, set.imageSize(), set.count(), layout.size(), layout, model.file()));
    }
    int[] first = new int[n];
    Arrays.setAll(first, i -> i);
    return new ModelInputs(
        set.name(), layout, n, set.batch(first, 0, n), Arrays.copyOf(set.labels(), n));
  }

  /**
   * Reads inputs.
   *
   * @param npy a {@code .npy} file of float32 values in the model's input shape, such as [N, H, W,
   *     C]
   * @throws cnnlab.data.file.DataException when it cannot be read
   * @throws UsageException when it does not fit the model
   */
  public ModelInputs read(String npy) {
    Path file = Path.of(npy);
    return ModelInputs.of(file, NpyFile.read(file), model);
  }

  /**
   * DL4J's outputs.
   *
   * @return [N][K]
   */
  public float[][] library(ModelInputs inputs) {
    return outputs(library, inputs);
  }

  /**
   * The outputs from scratch.
   *
   * @return [N][K]
   */
  public float[][] scratch(ModelInputs inputs) {
    return outputs(scratch, inputs);
  }

  private float[][] outputs(Engine engine, ModelInputs inputs) {
    int k = network.outputShape().size();
    float[][] out = new float[inputs.count()][];
    for (int from = 0; from < out.length; from += BATCH) {
      int to = Math.min(from + BATCH, out.length);
      float[] part = engine.predict(examples(inputs, from, to), to - from);
      for (int i = from; i < to; i++) {
        out[i] = Arrays.copyOfRange(part, (i - from) * k, (i - from + 1) * k);
      }
    }
    return out;
  }

  /** The index of the largest value, the first on a tie. */
  public static int argmax(float[] values) {
    return ClassMetrics.argmax(values, 0, values.length);
  }

  /**
   * The output of a layer for one input, by both engines.
   *
   * @param name one of {@link #layers}
   * @param inputs some inputs
   * @param example which of them, from 0
   * @throws IllegalArgumentException when there is no such layer or input, or DL4J does not compute
   *     it separately
   */
  public Layer layer(String name, ModelInputs inputs, int example) {
    LayerOutputs outputs = engines.run(examples(inputs, example, example + 1));
    Node node =
        network.nodes().stream()
            .filter(n -> n.name().equals(name) && outputs.library().containsKey(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "%s has no layer '%s' in both engines; its layers are %s"
                            .formatted(model.file(), name, layers())));
    return new Layer(
        name,
        node.layer().kind(),
        node.shape(),
        outputs.library().get(name),
        outputs.scratch().get(name));
  }

  /**
   * Compares the engines layer by layer against rounding bounds, as {@code cnnlab compare} does.
   */
  public ModelComparison compare(ModelInputs inputs) {
    return ModelComparisonReport.compare(model, inputs, null, null);
  }

  /** Some of the inputs [to - from, C, H, W]. */
  private float[] examples(ModelInputs inputs, int from, int to) {
    int size = layout.size();
    if (inputs.shape().size() != size || from < 0 || to > inputs.count()) {
      throw new IllegalArgumentException(
          "input %s of %s inputs of shape %s; 0 to %s of shape %s expected"
              .formatted(from, inputs.count(), inputs.layout(), inputs.count() - 1, layout));
    }
    return Arrays.copyOfRange(inputs.values(), from * size, to * size);
  }
}
