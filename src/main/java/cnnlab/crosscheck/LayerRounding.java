package cnnlab.crosscheck;

import cnnlab.crosscheck.bound.BoundUse;
import cnnlab.crosscheck.bound.Nearness;

/**
 * One layer's differences against what rounding allows.
 *
 * @param images how many images were held to bounds that are carried through the network
 * @param together DL4J against from scratch, errors carried from the input on; in deep networks
 *     these bounds grow until they allow anything
 * @param imagesAlone on how many images each layer was looked at by itself
 * @param library DL4J's layer against the same in double precision on DL4J's own inputs to it
 * @param scratch the same from scratch
 * @param fast the same from scratch with the kernels that {@code predict} takes
 * @param nearness which engine is nearer to double precision, on the first images
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

  /** Whether all is within its bounds. */
  public boolean passed() {
    return together.passed() && library.passed() && scratch.passed() && fast.passed();
  }
}
