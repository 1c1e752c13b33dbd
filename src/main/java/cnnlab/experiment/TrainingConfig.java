package cnnlab.experiment;

import cnnlab.config.Checks;
import cnnlab.data.Seeds;
import cnnlab.engine.EngineKind;
import cnnlab.engine.Engines;
import java.util.List;

/** The keys that Tasks 2 and 3 share: how one network is trained. */
public interface TrainingConfig {
  /** The folder under {@code results/}. */
  String experiment();

  /** The seed of the whole run; see {@link #seed(int)}. */
  long seed();

  /** The engine that trains. */
  EngineKind engine();

  /** Passes over the training images, at least 1. */
  int epochs();

  /** Images per step, at least 1. */
  int batchSize();

  /** Strength of label smoothing, in [0, 1). */
  double labelSmoothing();

  /** The parameter α of mix-up, at least 0; 0 for none. */
  double mixUp();

  /** Decay of averaged weights, in [0, 1); 0 for none. */
  double averageDecay();

  /** Epochs from one to the next whose weights are kept; 0 for none. */
  int keepWeightsEvery();

  /** Random transforms of training images. */
  List<Object> augmentation();

  /**
   * The seed from which a repetition's random streams are derived.
   *
   * @param repetition 1, 2, ...
   */
  default long seed(int repetition) {
    return Seeds.derive(seed(), "repetition-" + repetition);
  }

  /**
   * The number of optimiser steps in one training.
   *
   * @param images training images per epoch
   */
  default int steps(int images) {
    return epochs() * Math.toIntExact(((long) images + batchSize() - 1) / batchSize());
  }

  /**
   * Refuses keys out of their range.
   *
   * @throws IllegalArgumentException when one is; it names the key
   */
  static void check(
      int epochs, int batchSize, double labelSmoothing, double mixUp, double averageDecay) {
    Checks.atLeast("epochs", epochs, 1);
    Checks.atLeast("batchSize", batchSize, 1);
    Checks.inUnitInterval("labelSmoothing", labelSmoothing);
    Checks.mixUp(mixUp);
    Checks.inUnitInterval("averageDecay", averageDecay);
  }

  /**
   * The number of trainings at once: one for each core, but no more than there are trainings, and
   * only one where DL4J trains.
   *
   * @param threads the key {@code threads}, 0 for all cores
   * @param repetitions of each variant
   */
  static int workers(
      List<? extends Variant<? extends TrainingConfig>> variants, int threads, int repetitions) {
    // It has not been shown that DL4J trainings side by side in one process repeat bit for bit.
    if (variants.stream().anyMatch(v -> v.config().engine() == EngineKind.DL4J)) {
      return 1;
    }
    return (int) Math.min(Engines.threads(threads), (long) variants.size() * repetitions);
  }
}
