package cnnlab.inference;

import cnnlab.config.UsageException;
import cnnlab.data.ImageSet;
import cnnlab.engine.Dl4jEngine;
import cnnlab.engine.Dl4jRuntime;
import cnnlab.engine.Engine;
import cnnlab.engine.EngineKind;
import cnnlab.engine.Memory;
import cnnlab.engine.ScratchEngine;
import cnnlab.metric.ClassMetrics;
import cnnlab.scratch.Network;
import cnnlab.scratch.dl4j.UnsupportedGraphException;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.layer.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The result of running a model on images or vectors, as {@code cnnlab predict} does.
 *
 * @param outputs the outputs of the model [N, ...]; images are channels last. Several outputs are
 *     joined
 * @param layout the layout of one output
 * @param classes the class of each input [N]: the most probable one, the first among equals; for a
 *     single output, 1 from 0.5 on. Null when the outputs are not class probabilities
 */
public record Prediction(float[] outputs, ArrayLayout layout, int[] classes) {
  private static final int BATCH = 1000;

  /** Inputs that are read in batches. */
  public sealed interface Inputs {
    /** Their source, for messages. */
    String what();

    /** The layout of one input. */
    ArrayLayout layout();

    /** The shape of one input in the engines. */
    default Shape shape() {
      return layout().shape();
    }

    /** The number of inputs, N. */
    int count();

    /** The inputs from {@code from} to {@code to} (exclusive), [to - from, C, H, W]. */
    float[] batch(int from, int to);
  }

  /** 8-bit images, normalised from [0, 255] to [-1, 1] by 2x/255 − 1. */
  public record Bytes(ImageSet set) implements Inputs {
    @Override
    public String what() {
      return set.name();
    }

    @Override
    public ArrayLayout layout() {
      return new ArrayLayout(List.of(set.height(), set.width(), set.channels()));
    }

    @Override
    public int count() {
      return set.count();
    }

    @Override
    public float[] batch(int from, int to) {
      return set.batch(IntStream.range(from, to).toArray(), 0, to - from);
    }
  }

  /** Floats, used unchanged. */
  public record Floats(ModelInputs inputs) implements Inputs {

    @Override
    public String what() {
      return inputs.what();
    }

    @Override
    public ArrayLayout layout() {
      return inputs.layout();
    }

    @Override
    public int count() {
      return inputs.count();
    }

    @Override
    public float[] batch(int from, int to) {
      int size = shape().size();
      return Arrays.copyOfRange(inputs.values(), from * size, to * size);
    }
  }

  /**
   * Runs a model file.
   *
   * @param file a model file; see {@link ModelLoader}
   * @throws cnnlab.model.file.ModelFileException when the model cannot be read
   * @throws UsageException as {@link #of(LoadedModel, Inputs, EngineKind, int)}
   */
  public static Prediction of(Path file, Inputs inputs, EngineKind kind, int threads) {
    return of(load(file, kind, threads), inputs, kind, threads);
  }

  /** Reads a model, for an engine with the given number of threads. */
  public static LoadedModel load(Path file, EngineKind kind, int threads) {
    Dl4jRuntime.configure(true, kind == EngineKind.DL4J ? threads : 1);
    return ModelLoader.open(file);
  }

  /**
   * Runs a model.
   *
   * @param threads number of threads, at least 1
   * @throws UsageException when the engine cannot run the model, it does not fit the inputs, or an
   *     output is not a finite number
   */
  public static Prediction of(LoadedModel model, Inputs inputs, EngineKind kind, int threads) {
    requireFit(model, inputs);
    int batch = Math.min(BATCH, inputs.count());
    Memory.require(model.file(), model.graph(), inputs.shape(), kind, batch, threads);
    Network network = null;
    try {
      network = model.compile(inputs.shape(), inputs.what(), Kernels.best());
    } catch (UnsupportedGraphException e) {
      if (kind == EngineKind.SCRATCH) {
        throw new UsageException(model.file() + ": " + e.getMessage() + ". Try --engine dl4j.", e);
      }
    }
    Shape shape = inputs.shape();
    try (Engine engine =
        kind == EngineKind.SCRATCH
            ? ScratchEngine.forInference(network, threads)
            : new Dl4jEngine(model.graph(), shape.channels(), shape.height(), shape.width())) {
      float[] outputs = run(engine, inputs);
      int each = outputs.length / inputs.count();
      ArrayLayout layout =
          model.output() != null || network != null
              ? model.outputLayout(network)
              : new ArrayLayout(List.of(each));
      requireNumbers(model.file(), inputs, outputs, each);
      return new Prediction(
          layout.fromEngines(outputs, inputs.count()),
          layout,
          model.givesProbabilities() && layout.places() == 1 && !model.hasSeveralOutputs()
              ? classes(outputs, each)
              : null);
    }
  }

  /**
   * The predictions of one of several outputs, out of these of all.
   *
   * @param n number of inputs
   */
  public Prediction of(LoadedModel model, ModelEnds.End output, int n) {
    float[] values = model.ends().part(output, outputs, n);
    ArrayLayout own = output.layout();
    return new Prediction(
        values,
        own,
        model.givesProbabilities(output) && own.places() == 1 ? classes(values, own.size()) : null);
  }

  private static void requireFit(LoadedModel model, Inputs inputs) {
    if (model.input() != null && !model.input().shape().equals(inputs.shape())) {
      throw new UsageException(
          "%s does not fit %s, of shape %s each: it expects %s"
              .formatted(
                  model.file(), inputs.what(), inputs.layout(), model.inputText(model.input())));
    }
  }

  private static float[] run(Engine engine, Inputs inputs) {
    int n = inputs.count();
    float[] outputs = null;
    for (int from = 0; from < n; from += BATCH) {
      int to = Math.min(from + BATCH, n);
      float[] part = engine.predict(inputs.batch(from, to), to - from);
      int each = part.length / (to - from);
      outputs = outputs == null ? new float[Math.multiplyExact(n, each)] : outputs;
      System.arraycopy(part, 0, outputs, from * each, part.length);
    }
    return outputs;
  }

  private static void requireNumbers(Path model, Inputs inputs, float[] outputs, int each) {
    for (int i = 0; i < outputs.length; i++) {
      if (!Float.isFinite(outputs[i])) {
        throw new UsageException(
            "%s outputs %s for image %d of %s; a trained model gives finite numbers. Is it the right file?"
                .formatted(model, outputs[i], i / each, inputs.what()));
      }
    }
  }

  private static int[] classes(float[] outputs, int k) {
    int[] classes = new int[outputs.length / k];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = k == 1 ? Math.round(outputs[i]) : ClassMetrics.argmax(outputs, i * k, k);
    }
    return classes;
  }
}
