package cnnlab.crosscheck;

import cnnlab.scratch.layer.Shape;

/**
 * The output of one layer, computed by both engines from the same images.
 *
 * @param layer the layer's name in the graph
 * @param kind kind of the layer
 * @param shape shape of its output for one image
 * @param difference difference of the two outputs over all images
 * @param rounding comparison with the rounding bounds
 */
public record LayerDifference(
    String layer, String kind, Shape shape, Difference difference, LayerRounding rounding) {}
