package cnnlab.crosscheck;

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
 * @param bound what rounding allows, carried from the images on, at the value that uses most of it
 * @param share how much of that bound is used
 * @param aloneLibrary DL4J's layer by itself: share of the bound on its own roundings
 * @param aloneScratch the same from scratch
 * @param aloneFast the same from scratch with the kernels of {@code predict}
 * @param nearer which engine is nearer to double precision
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
