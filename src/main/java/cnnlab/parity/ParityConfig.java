package cnnlab.parity;

import cnnlab.config.Checks;
import cnnlab.engine.Engines;
import cnnlab.experiment.AdamConfig;
import cnnlab.experiment.Dl4jConfig;

/**
 * The configuration of {@code parity}.
 *
 * @param experiment the folder under {@code results/}
 * @param seed the seed from which all random streams are derived
 * @param steps number of optimiser steps, at least 1
 * @param batchSize images per step, at least 1
 * @param threads threads of the engine from scratch, 0 for all cores; DL4J uses one
 * @param optimizer Adam
 * @param dl4j settings of DL4J
 */
public record ParityConfig(
    String experiment,
    long seed,
    int steps,
    int batchSize,
    int threads,
    AdamConfig optimizer,
    Dl4jConfig dl4j) {

  public static final ParityConfig DEFAULT =
      new ParityConfig("parity", 1, 100, 128, 0, AdamConfig.KERAS, new Dl4jConfig(true));

  /**
   * @throws IllegalArgumentException when a number is out of range
   */
  public ParityConfig {
    Checks.folderName("experiment", experiment);
    Checks.atLeast("steps", steps, 1);
    Checks.atLeast("batchSize", batchSize, 1);
    Checks.threads("threads", threads);
    Checks.require(
        (long) steps * batchSize <= cnnlab.data.Mnist.TRAIN_IMAGES,
        "steps",
        steps,
        "small enough that steps times batchSize is at most 60,000, because each image is used at most once");
  }

  /** Threads of the engine from scratch. */
  int scratchThreads() {
    return Engines.threads(threads);
  }
}
