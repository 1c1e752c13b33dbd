package cnnlab.crosscheck;

import cnnlab.model.SingleLayerGraphs;
import cnnlab.scratch.dl4j.GraphCompiler;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.layer.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The report's own check: one randomly initialised layer of each kind, with normally distributed
 * biases instead of zeros, on one image. Its figure is the sum of absolute differences between the
 * outputs of the library and of the engine from scratch.
 */
public final class SingleLayers {
  private SingleLayers() {}

  /**
   * Runs the check.
   *
   * @param image one image [C, H, W]
   * @param shape its shape
   * @param seed the seed of the random parameters
   * @return one row for each of conv, two convs, pool, flatten and dense
   */
  public static List<LayerDifference> check(float[] image, Shape shape, long seed) {
    List<LayerDifference> rows = new ArrayList<>();
    SingleLayerGraphs.all(seed, shape.channels(), shape.height(), shape.width())
        .forEach(
            (name, graph) -> {
              var network = GraphCompiler.compile(graph, shape, new ReferenceKernels());
              var fast = GraphCompiler.compile(graph, shape, Kernels.best());
              List<LayerDifference> layers = new CrossCheck(graph, network, fast).layers(image, 1);
              LayerDifference last = layers.get(layers.size() - 1);
              rows.add(
                  new LayerDifference(
                      name, last.kind(), last.shape(), last.difference(), last.rounding()));
            });
    return rows;
  }
}
