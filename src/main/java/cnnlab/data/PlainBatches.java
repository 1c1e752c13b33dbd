package cnnlab.data;

/** Batches of unchanged images, for any number of epochs. */
public final class PlainBatches implements BatchSource {
  private final ImageSet set;
  private final EpochOrder order;
  private final int batchSize;
  private int epoch;
  private int[] indices = {};
  private int from;

  /**
   * Batches of a set.
   *
   * @param order the order of each epoch, of at least one image
   * @param batchSize images per batch, at least 1; the last batch of an epoch may be smaller
   * @param epochsDone epochs that a resumed training has completed and that are skipped; at least 0
   */
  public PlainBatches(ImageSet set, EpochOrder order, int batchSize, int epochsDone) {
    this.set = set;
    this.order = order;
    this.batchSize = batchSize;
    this.epoch = epochsDone;
  }

  @Override
  public Batch next() {
    if (from == indices.length) {
      epoch++;
      indices = order.indices(epoch);
      from = 0;
    }
    int first = from;
    from = Math.min(first + batchSize, indices.length);
    return new Batch(
        epoch, set.batch(indices, first, from), set.oneHot(indices, first, from), from - first);
  }
}
