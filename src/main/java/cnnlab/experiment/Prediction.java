package cnnlab.experiment;

import cnnlab.data.ImageSet;
import cnnlab.data.NpyArray;
import cnnlab.engine.Dl4jEngine;
import cnnlab.engine.Dl4jRuntime;
import cnnlab.engine.Engine;
import cnnlab.engine.EngineKind;
import cnnlab.engine.ScratchEngine;
import cnnlab.scratch.GraphCompiler;
import cnnlab.scratch.Kernels;
import cnnlab.scratch.Loss;
import cnnlab.scratch.Network;
import cnnlab.scratch.Shape;
import cnnlab.scratch.UnsupportedGraphException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * {@code cnnlab predict}: a model on images.
 *
 * @param outputs what the model says [N, K]: class probabilities
 * @param classes the class of each image [N]: the most probable, the first of equal ones; of a
 *     single output 1 from 0.5 on
 */
public record Prediction(float[] outputs, int[] classes) {
  private static final int BATCH = 1000;

  /** Images that are given some at a time. */
  public sealed interface Inputs {
    /** Where they come from, for messages. */
    String what();

    /** The shape of one image. */
    Shape shape();

    /** N. */
    int count();

    /** Some of them, [to - from, C, H, W]. */
    float[] batch(int from, int to);
  }

  /** 8-bit images, normalised from 0..255 to [-1, 1] by 2x/255 − 1. */
  public record Bytes(ImageSet set) implements Inputs {
    @Override
    public String what() {
      return set.name();
    }

    @Override
    public Shape shape() {
      return new Shape(set.channels(), set.height(), set.width());
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

  /** Float images, taken as they are. */
  public record Floats(ModelComparisonReport.Images images) implements Inputs {

    /**
     * An array [N, H, W, C] from a file.
     *
     * @throws UsageException when it has another rank or no images
     */
    public static Floats of(Path file, NpyArray array) {
      return new Floats(ModelComparisonReport.Images.of(file, array));
    }

    @Override
    public String what() {
      return images.what();
    }

    @Override
    public Shape shape() {
      return images.shape();
    }

    @Override
    public int count() {
      return images.count();
    }

    @Override
    public float[] batch(int from, int to) {
      int size = shape().size();
      return Arrays.copyOfRange(images.values(), from * size, to * size);
    }
  }

  /**
   * Runs a model file.
   *
   * @param model a model file; see {@link Models}
   * @param threads threads to compute with, at least 1
   * @throws cnnlab.model.ModelFileException when the model cannot be read
   * @throws UsageException when the engine cannot run it, it does not fit the images, or says
   *     something that is no number
   */
  public static Prediction of(Path model, Inputs inputs, EngineKind kind, int threads) {
    Dl4jRuntime.configure(true, kind == EngineKind.DL4J ? threads : 1);
    ComputationGraph graph = Models.load(model);
    try (Engine engine = engine(model, graph, inputs, kind, threads)) {
      return run(model, engine, inputs);
    }
  }

  private static Engine engine(
      Path model, ComputationGraph graph, Inputs inputs, EngineKind kind, int threads) {
    Shape shape = inputs.shape();
    int batch = Math.min(BATCH, inputs.count());
    Memory.require(model, graph, shape, kind, batch, threads);
    Network network = null;
    try {
      network = GraphCompiler.compile(graph, shape, Kernels.best());
    } catch (UnsupportedGraphException e) {
      if (kind == EngineKind.SCRATCH) {
        throw new UsageException(model + ": " + e.getMessage() + ". Try --engine dl4j.", e);
      }
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "%s does not fit %s, images of shape %s: %s"
              .formatted(model, inputs.what(), shape, e.getMessage()),
          e);
    }
    return kind == EngineKind.SCRATCH
        ? ScratchEngine.running(network, threads)
        : new Dl4jEngine(graph, shape.channels(), shape.height(), shape.width());
  }

  private static Prediction run(Path model, Engine engine, Inputs inputs) {
    int n = inputs.count();
    float[] outputs = null;
    int k = 0;
    for (int from = 0; from < n; from += BATCH) {
      int to = Math.min(from + BATCH, n);
      float[] part = engine.predict(inputs.batch(from, to), to - from);
      if (outputs == null) {
        k = part.length / (to - from);
        outputs = new float[Math.multiplyExact(n, k)];
      }
      System.arraycopy(part, 0, outputs, from * k, part.length);
    }
    int[] classes = new int[n];
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < k; c++) {
        if (!Float.isFinite(outputs[i * k + c])) {
          throw new UsageException(
              "%s says %s for image %d of %s; a trained model gives numbers. Is it the right file?"
                  .formatted(model, outputs[i * k + c], i, inputs.what()));
        }
      }
      classes[i] = k == 1 ? Math.round(outputs[i]) : Loss.argmax(outputs, i * k, k);
    }
    return new Prediction(outputs, classes);
  }
}
