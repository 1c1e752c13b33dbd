package cnnlab.task1;

import cnnlab.crosscheck.Check;
import cnnlab.crosscheck.Comparison;
import cnnlab.crosscheck.CrossCheck;
import cnnlab.crosscheck.CrossCheckRow;
import cnnlab.crosscheck.LayerDifference;
import cnnlab.crosscheck.LayerRounding;
import cnnlab.crosscheck.SingleLayers;
import cnnlab.crosscheck.bound.BoundUse;
import cnnlab.data.ImageSet;
import cnnlab.data.Seeds;
import cnnlab.scratch.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The comparison of the layers of both engines.
 *
 * @param randomLayers one random layer of each kind on the first test image, as in the report
 * @param oneImage the trained network on the first test image
 * @param testSet the trained network on all test images
 */
record Task1Comparison(
    List<LayerDifference> randomLayers, List<LayerDifference> oneImage, Comparison testSet) {

  /**
   * @param library DL4J's probabilities for the test images
   * @param predicted probabilities of the network from scratch, computed as {@code predict} does
   */
  static Task1Comparison of(
      Comparison.Networks networks,
      ImageSet test,
      int[] indices,
      float[] library,
      float[] predicted,
      long seed) {
    Network network = networks.network();
    float[] images = test.batch(indices, 0, indices.length);
    float[] first = Arrays.copyOf(images, network.inputShape().size());
    int[] labels = Arrays.stream(indices).map(i -> test.labels()[i]).toArray();
    return new Task1Comparison(
        SingleLayers.check(first, network.inputShape(), Seeds.derive(seed, "single-layers")),
        new CrossCheck(networks.graph(), network, networks.fast()).layers(first, 1),
        Comparison.of(
            networks,
            new Comparison.Run(images, indices.length, labels, library, predicted, null)));
  }

  /** The figure that the report gives: Σ |a − b| of one random convolution on one image. */
  double convSum() {
    return randomLayers.get(0).difference().sumAbs();
  }

  /** All checks, those of the report's own check first. */
  List<Check> checks() {
    List<Check> checks = new ArrayList<>(randomChecks(randomLayers));
    checks.addAll(testSet.checks());
    return List.copyOf(checks);
  }

  /** The report's own check: its sum, and each value of each random layer. */
  static List<Check> randomChecks(List<LayerDifference> randomLayers) {
    LayerDifference conv = randomLayers.get(0);
    BoundUse sum = BoundUse.of(conv.difference().sumAbs(), conv.rounding().together().boundSum());
    BoundUse each =
        randomLayers.stream()
            .map(l -> l.rounding().together())
            .reduce(BoundUse.NONE, BoundUse::plus);
    boolean passed =
        randomLayers.stream().map(LayerDifference::rounding).allMatch(LayerRounding::passed);
    return List.of(
        Check.of("random convolution, sum |a-b|", sum, conv.rounding().nearness().nearer()),
        new Check(
            "random layers, each value",
            each.difference(),
            each.bound(),
            each.share(),
            "",
            passed));
  }

  List<CrossCheckRow> rows() {
    return Stream.of(
            CrossCheckRow.of("random-layer", randomLayers),
            CrossCheckRow.of("one-image", oneImage),
            CrossCheckRow.of("test-set", testSet.layers()))
        .flatMap(List::stream)
        .toList();
  }
}
