package cnnlab.experiment;

import cnnlab.crosscheck.LayerDifference;
import java.util.List;

/**
 * One line of {@code crosscheck.csv}.
 *
 * @param scope which comparison: {@code random-layer}, {@code one-image} or {@code test-set}
 * @param layer the layer
 * @param kind what kind of layer
 * @param shape its output for one image, such as {@code 4x28x28} (C, H, W) or {@code 10}
 * @param values how many values were compared
 * @param sumAbs Σ |a − b|
 * @param maxAbs max |a − b|
 * @param relative max |a − b| / max |a|
 */
public record CrossCheckRow(
    String scope,
    String layer,
    String kind,
    String shape,
    long values,
    double sumAbs,
    double maxAbs,
    double relative) {

  static List<CrossCheckRow> of(String scope, List<LayerDifference> layers) {
    return layers.stream()
        .map(
            l ->
                new CrossCheckRow(
                    scope,
                    l.layer(),
                    l.kind(),
                    l.shape().toString().replaceAll("[\\[\\]]", "").replace(", ", "x"),
                    l.difference().count(),
                    l.difference().sumAbs(),
                    l.difference().maxAbs(),
                    l.difference().relative()))
        .toList();
  }
}
