package cnnlab.crosscheck;

import cnnlab.crosscheck.bound.BoundUse;

/**
 * The result for one layer on inputs with a single nonzero value.
 *
 * @param layer the layer's name in the graph
 * @param impulses number of inputs tried
 * @param of number of possible inputs: one for each input of a dense layer, several for each
 *     channel of a convolution, each with both signs
 * @param library DL4J's values compared with double precision
 * @param scratch the same for the network from scratch
 * @param fast the same with the kernels of {@code predict}
 */
public record ImpulseDifference(
    String layer, int impulses, int of, BoundUse library, BoundUse scratch, BoundUse fast) {}
