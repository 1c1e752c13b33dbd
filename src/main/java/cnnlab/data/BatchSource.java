package cnnlab.data;

/**
 * Where the batches of a training come from, one after another over all epochs in order. The source
 * alone knows the order of the images, so that images and targets cannot get out of step.
 *
 * <p>Sources can be stacked: {@code MixUp.of(LabelSmoothing.of(new PlainBatches(...), ...), ...)}.
 */
@FunctionalInterface
public interface BatchSource {
  /**
   * The next batch; the last one of an epoch may be smaller than the others.
   *
   * @throws java.util.NoSuchElementException when there is none after the last
   */
  Batch next();
}
