package cnnlab.experiment;

import cnnlab.config.UsageException;
import cnnlab.crosscheck.Difference;
import cnnlab.engine.Dl4jEngine;
import cnnlab.inference.LoadedModel;
import cnnlab.inference.ModelLoader;
import cnnlab.model.ModelParameters;
import cnnlab.scratch.layer.Shape;
import java.nio.file.Path;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Initial weights taken from a model file instead of random ones. */
public final class Initialisation {
  private static final int IMAGES = 4;

  /**
   * Relative difference of outputs: far above rounding, far below the effect of a different layer.
   */
  private static final double SAME = 1e-3;

  private Initialisation() {}

  /**
   * Applies the key {@code init}; see {@link #from}.
   *
   * @param init a file; empty leaves the graph unchanged
   */
  public static void apply(String init, ComputationGraph graph, Shape input) {
    if (!init.isEmpty()) {
      from(Path.of(init), graph, input);
    }
  }

  /**
   * Copies the weights of a model into a graph of the same architecture; names of layers do not
   * matter.
   *
   * @param file the model; see {@link ModelLoader}
   * @param graph receives the weights
   * @param input shape of one image
   * @throws UsageException when the model's parameters have other shapes, or it computes something
   *     else with them because its activations, padding or input scale differ
   * @throws cnnlab.model.file.ModelFileException when the file cannot be read
   */
  public static void from(Path file, ComputationGraph graph, Shape input) {
    LoadedModel loaded = ModelLoader.open(file);
    if (loaded.ends() != null || loaded.isApart()) {
      throw new UsageException(
          "init: %s has the inputs %s and the outputs %s; this experiment's network has one input and one output. Name a model of that architecture"
              .formatted(file, loaded.inputNames(), loaded.outputNames()));
    }
    ComputationGraph model = loaded.graph();
    try {
      ModelParameters.copy(model, graph);
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "init: %s is a different network from this experiment's: %s"
              .formatted(file, e.getMessage()),
          e);
    }
    float[] images = new float[IMAGES * input.size()];
    Random random = new Random(1);
    for (int i = 0; i < images.length; i++) {
      images[i] = 2 * random.nextFloat() - 1;
    }
    Difference d =
        Difference.between(
            predict(file, model, images, input), predict(file, graph, images, input));
    if (!(d.relative() <= SAME)) {
      throw new UsageException(
          "init: %s has parameters of the same shapes as this experiment's network, but computes something else from images in [-1, 1] (outputs differ by %.2g). Are its activations, padding and input scale the same?"
              .formatted(file, d.maxAbs()));
    }
  }

  private static float[] predict(Path file, ComputationGraph graph, float[] images, Shape input) {
    try {
      return new Dl4jEngine(graph, input.channels(), input.height(), input.width())
          .predict(images, IMAGES);
    } catch (RuntimeException e) {
      throw new UsageException(
          "init: %s does not take images of shape %s (%s)".formatted(file, input, e.getMessage()),
          e);
    }
  }
}
