package cnnlab.experiment;

import cnnlab.crosscheck.CrossCheck;
import cnnlab.crosscheck.LayerDifference;
import cnnlab.crosscheck.SingleLayers;
import cnnlab.data.ImageSet;
import cnnlab.data.Seeds;
import cnnlab.scratch.Network;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * The layers side by side.
 *
 * @param randomLayers one random layer of each kind on the first test image, as the report did
 * @param oneImage the trained network on the first test image
 * @param testSet the trained network on all test images
 */
record Task1Comparison(
    List<LayerDifference> randomLayers,
    List<LayerDifference> oneImage,
    List<LayerDifference> testSet) {

  static Task1Comparison of(
      ComputationGraph graph, Network network, ImageSet test, int[] indices, long seed) {
    float[] images = test.batch(indices, 0, indices.length);
    float[] first = Arrays.copyOf(images, network.inputShape().size());
    CrossCheck check = new CrossCheck(graph, network);
    return new Task1Comparison(
        SingleLayers.check(first, network.inputShape(), Seeds.derive(seed, "single-layers")),
        check.layers(first, 1),
        check.layers(images, indices.length));
  }

  /** The report's figure: Σ |a − b| of one random convolution on one image. */
  double convSum() {
    return randomLayers.get(0).difference().sumAbs();
  }

  List<CrossCheckRow> rows() {
    return Stream.of(
            CrossCheckRow.of("random-layer", randomLayers),
            CrossCheckRow.of("one-image", oneImage),
            CrossCheckRow.of("test-set", testSet))
        .flatMap(List::stream)
        .toList();
  }
}
