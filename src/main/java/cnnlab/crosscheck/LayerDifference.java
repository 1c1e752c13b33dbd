package cnnlab.crosscheck;

import cnnlab.scratch.layer.Shape;

/**
 * One layer's output, computed by both engines from the same images.
 *
 * @param layer the layer's name in the graph
 * @param kind what kind of layer it is
 * @param shape its output for one image
 * @param difference how far the two outputs are apart, over all images
 * @param rounding how much of that rounding explains
 */
public record LayerDifference(
    String layer, String kind, Shape shape, Difference difference, LayerRounding rounding) {}
