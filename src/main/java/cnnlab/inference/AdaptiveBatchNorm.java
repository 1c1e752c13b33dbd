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
 * Adaptive batch normalisation: means and variances are measured again on the images to be
 * classified, without their labels; all other weights stay (Li et al. 2017, "Revisiting batch
 * normalization for practical domain adaptation", ICLR workshop). It helps when those images differ
 * from the training images as a whole, such as tissue from another laboratory. The prediction for
 * an image then depends on the other images, so its scores are reported separately.
 */
public final class AdaptiveBatchNorm {
  /** A remainder of the old averages this small is below the rounding error of a float. */
  private static final double NOTHING = 0x1p-24;

  private AdaptiveBatchNorm() {}

  /**
   * An engine with the weights of a trained graph and the averages of the given images. The graph
   * is not changed.
   *
   * @param graph a trained network with batch normalisation
   * @param input the shape of one image
   * @param set the image set
   * @param indices the images of the set to measure on; they are used in random order, in full
   *     batches only, and repeatedly until nothing of the old averages is left (158 batches with
   *     DL4J's decay of 0.9)
   * @param batchSize images per batch
   * @param seed the seed of the order
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
   * A copy in which training steps change nothing but the averages of batch normalisation. A
   * learning rate of 0 in Adam is not enough: DL4J replaces a step of 0 by epsilon, so the weights
   * would drift by about 1e-7 per batch.
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

  /** The number of batches after which r ← d·r + (1 − d)·batch no longer depends on the old r. */
  static int steps(ComputationGraph graph) {
    double decay = 0;
    for (Layer layer : graph.getLayers()) {
      if (layer.conf().getLayer() instanceof BatchNormalization normalisation) {
        decay = Math.max(decay, normalisation.getDecay());
      }
    }
    if (decay >= 1) {
      throw new IllegalArgumentException(
          "batch normalisation's averages have a decay of " + decay + ", so they never change");
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
      // A pass that has started is completed.
      for (int from = 0; from + size <= order.length; from += size) {
        engine.trainBatch(set.batch(order, from, from + size), targets, size);
        step++;
      }
    }
  }
}
