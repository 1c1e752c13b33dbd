package cnnlab.training;

import cnnlab.data.Batch;
import cnnlab.data.BatchSource;

/**
 * Label smoothing (Szegedy et al. 2016, "Rethinking the Inception architecture for computer
 * vision", CVPR): the targets y of K classes become (1 − s)·y + s/K.
 */
public final class LabelSmoothing implements BatchSource {
  private final BatchSource batches;
  private final double smoothing;

  private LabelSmoothing(BatchSource batches, double smoothing) {
    this.batches = batches;
    this.smoothing = smoothing;
  }

  /**
   * The batches with smoothed targets.
   *
   * @param smoothing s in [0, 1); 0 leaves the targets unchanged
   */
  public static BatchSource of(BatchSource batches, double smoothing) {
    return smoothing == 0 ? batches : new LabelSmoothing(batches, smoothing);
  }

  @Override
  public Batch next() {
    Batch batch = batches.next();
    float[] y = batch.y();
    float keep = (float) (1 - smoothing);
    float share = (float) (smoothing / (y.length / batch.size()));
    for (int i = 0; i < y.length; i++) {
      y[i] = keep * y[i] + share;
    }
    return batch;
  }
}
