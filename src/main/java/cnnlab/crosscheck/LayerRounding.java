package cnnlab.crosscheck;

import cnnlab.crosscheck.bound.BoundUse;
import cnnlab.crosscheck.bound.Nearness;

/**
 * The differences of one layer in relation to its rounding bounds.
 *
 * @param images number of images checked against bounds propagated through the network
 * @param together DL4J compared with the network from scratch, with errors propagated from the
 *     input; in deep networks these bounds grow until they are meaningless
 * @param imagesAlone number of images on which each layer was checked by itself
 * @param library DL4J's layer compared with double precision, on the inputs that DL4J computed for
 *     it
 * @param scratch the same for the network from scratch
 * @param fast the same with the kernels that {@code predict} uses
 * @param nearness the distances of both engines from double precision, on the first images
 */
public record LayerRounding(
    int images,
    BoundUse together,
    int imagesAlone,
    BoundUse library,
    BoundUse scratch,
    BoundUse fast,
    Nearness nearness) {
  static final LayerRounding NONE =
      new LayerRounding(
          0, BoundUse.NONE, 0, BoundUse.NONE, BoundUse.NONE, BoundUse.NONE, Nearness.NONE);

  LayerRounding plus(LayerRounding other) {
    return new LayerRounding(
        images + other.images,
        together.plus(other.together),
        imagesAlone + other.imagesAlone,
        library.plus(other.library),
        scratch.plus(other.scratch),
        fast.plus(other.fast),
        nearness.plus(other.nearness));
  }

  /** Whether all differences are within their bounds. */
  public boolean passed() {
    return together.passed() && library.passed() && scratch.passed() && fast.passed();
  }
}
