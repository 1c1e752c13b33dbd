package cnnlab.data;

/**
 * The source of a training's batches, in the order of the epochs. Only the source knows the order
 * of the images, so images and targets cannot get out of step.
 *
 * <p>Sources can be stacked: {@code MixUp.of(LabelSmoothing.of(new PlainBatches(...), ...), ...)}.
 */
@FunctionalInterface
public interface BatchSource {
  /**
   * The next batch; the last one of an epoch may be smaller than the others.
   *
   * @throws java.util.NoSuchElementException after the last batch
   */
  Batch next();
}
