package cnnlab.crosscheck;

import cnnlab.model.SingleLayerGraphs;
import cnnlab.scratch.dl4j.GraphCompiler;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.layer.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The report's own check: one randomly initialised layer of each kind, its biases normal rather
 * than zero, on one image; the figure is the sum of absolute differences between the library's
 * output and ours.
 */
public final class SingleLayers {
  private SingleLayers() {}

  /**
   * Runs the check.
   *
   * @param image one image [C, H, W]
   * @param shape its shape
   * @param seed of the random parameters
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
