package cnnlab.inference;

import cnnlab.data.ImageSet;
import cnnlab.data.Seeds;
import cnnlab.data.Split;
import cnnlab.engine.Engine;
import cnnlab.engine.EngineKind;
import cnnlab.engine.Engines;
import cnnlab.scratch.layer.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * Batch normalisation's means and variances measured anew on the images to be classified, without
 * their labels; all other weights stay (Li et al. 2017, "Revisiting batch normalization for
 * practical domain adaptation", ICLR workshop). It helps where those images differ from the
 * training images as a whole, such as tissue of another laboratory. What is said of an image then
 * depends on the others, so it is no score of one network on one image.
 */
public final class AdaptiveBatchNorm {
  /** So much of the old averages is less than the rounding of a float: nothing. */
  private static final double NOTHING = 0x1p-24;

  private AdaptiveBatchNorm() {}

  /**
   * An engine with the weights of a trained graph and averages of some images. The graph is left as
   * it is.
   *
   * @param graph a trained network with batch normalisation
   * @param input the shape of one image
   * @param set where the images are
   * @param indices which images; they come in random order, in whole batches only, and as often as
   *     it takes until nothing of the old averages is left (158 batches with DL4J's decay of 0.9)
   * @param batchSize images per batch
   * @param seed of the order
   * @param threads as for {@link Engines#training}
   */
  public static Engine engine(
      EngineKind kind,
      ComputationGraph graph,
      Shape input,
      ImageSet set,
      int[] indices,
      int batchSize,
      long seed,
      int threads) {
    ComputationGraph copy = unmoved(graph);
    int size = Math.min(batchSize, indices.length);
    Engine engine =
        Engines.training(kind, copy, input, Engines.Training.withDefaults(size, seed), threads);
    try {
      measure(engine, set, indices, size, seed, steps(graph));
    } catch (RuntimeException e) {
      engine.close();
      throw e;
    }
    return engine;
  }

  /**
   * A copy that steps in training mode leave as it is, but for the averages, which follow the
   * batch. A learning rate of 0 is not enough: DL4J's Adam takes its epsilon in the place of a step
   * of 0, so its weights creep by some 1e-7 with each batch.
   */
  private static ComputationGraph unmoved(ComputationGraph graph) {
    ComputationGraphConfiguration configuration = graph.getConfiguration().clone();
    for (GraphVertex vertex : configuration.getVertices().values()) {
      if (vertex instanceof LayerVertex layer
          && layer.getLayerConf().getLayer() instanceof BaseLayer trained) {
        trained.setIUpdater(new Sgd(0));
        trained.setRegularization(new ArrayList<>());
      }
    }
    ComputationGraph copy = new ComputationGraph(configuration);
    copy.init(graph.params(), true);
    return copy;
  }

  /** After so many batches r ← d·r + (1 − d)·batch has forgotten what r was before. */
  static int steps(ComputationGraph graph) {
    double decay = 0;
    for (Layer layer : graph.getLayers()) {
      if (layer.conf().getLayer() instanceof BatchNormalization normalisation) {
        decay = Math.max(decay, normalisation.getDecay());
      }
    }
    if (decay >= 1) {
      throw new IllegalArgumentException(
          "batch normalisation's averages have a decay of " + decay + " and follow no batch");
    }
    return Math.max(1, (int) Math.ceil(Math.log(NOTHING) / Math.log(decay)));
  }

  private static void measure(
      Engine engine, ImageSet set, int[] indices, int size, long seed, int steps) {
    float[] targets = new float[size * set.classes()];
    Arrays.fill(targets, 1f / set.classes());
    int step = 0;
    for (int pass = 0; step < steps; pass++) {
      int[] order = indices.clone();
      Split.shuffle(order, Seeds.random(seed, "normalisation-" + pass));
      // A pass that has begun is finished.
      for (int from = 0; from + size <= order.length; from += size) {
        engine.trainBatch(set.batch(order, from, from + size), targets, size);
        step++;
      }
    }
  }
}
