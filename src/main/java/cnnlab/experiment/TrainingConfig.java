package cnnlab.experiment;

import cnnlab.data.Seeds;
import cnnlab.engine.EngineKind;
import java.util.List;

/** The keys of Tasks 2 and 3 that say how one network is trained. */
public interface TrainingConfig {
  /** Of the whole run; see {@link #seed(int)}. */
  long seed();

  /** Which engine trains. */
  EngineKind engine();

  /** Passes over the training images, at least 1. */
  int epochs();

  /** Images per step, at least 1. */
  int batchSize();

  /** In [0, 1). */
  double labelSmoothing();

  /** α of mix-up, at least 0; 0 for none. */
  double mixUp();

  /** Of averaged weights, in [0, 1); 0 for none. */
  double averageDecay();

  /** Random transforms of training images. */
  List<Object> augmentation();

  /**
   * The seed from which a repetition's streams are derived.
   *
   * @param repetition 1, 2, ...
   */
  default long seed(int repetition) {
    return Seeds.derive(seed(), "repetition-" + repetition);
  }

  /**
   * Steps of the optimiser in one training.
   *
   * @param images trained on in an epoch
   */
  default int steps(int images) {
    return epochs() * Math.toIntExact(((long) images + batchSize() - 1) / batchSize());
  }
}
