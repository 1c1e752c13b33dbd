package cnnlab.crosscheck;

import java.util.List;

/**
 * One line of {@code crosscheck.csv}.
 *
 * @param scope the comparison: {@code random-layer}, {@code one-image} or {@code test-set}
 * @param layer name of the layer
 * @param kind kind of the layer
 * @param shape shape of its output for one image, such as {@code 4x28x28} (C, H, W) or {@code 10}
 * @param values number of values compared
 * @param sumAbs Σ |a − b|
 * @param maxAbs max |a − b|
 * @param relative max |a − b| / max |a|
 * @param bound the rounding bound, propagated from the images, at the value with the largest share
 * @param share difference / bound at that value
 * @param aloneLibrary share of the bound on the layer's own rounding errors, for DL4J
 * @param aloneScratch the same for the network from scratch
 * @param aloneFast the same with the kernels of {@code predict}
 * @param nearer the engine that is nearer to double precision
 */
public record CrossCheckRow(
    String scope,
    String layer,
    String kind,
    String shape,
    long values,
    double sumAbs,
    double maxAbs,
    double relative,
    double bound,
    double share,
    double aloneLibrary,
    double aloneScratch,
    double aloneFast,
    String nearer) {

  public static List<CrossCheckRow> of(String scope, List<LayerDifference> layers) {
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
                    l.difference().relative(),
                    l.rounding().together().bound(),
                    l.rounding().together().share(),
                    l.rounding().library().share(),
                    l.rounding().scratch().share(),
                    l.rounding().fast().share(),
                    l.rounding().nearness().nearer()))
        .toList();
  }
}
