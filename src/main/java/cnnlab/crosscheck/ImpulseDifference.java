package cnnlab.crosscheck;

import cnnlab.crosscheck.bound.BoundUse;

/**
 * One layer on inputs that are zero but for one value.
 *
 * @param layer the layer's name in the graph
 * @param impulses how many inputs were tried
 * @param of how many there are: one for each input of a dense layer, some for each channel of a
 *     convolution, with either sign
 * @param library DL4J's values against those in double precision
 * @param scratch the same from scratch
 * @param fast the same with the kernels of {@code predict}
 */
public record ImpulseDifference(
    String layer, int impulses, int of, BoundUse library, BoundUse scratch, BoundUse fast) {}
