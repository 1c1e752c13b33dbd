package cnnlab.task1;

import cnnlab.config.Checks;
import cnnlab.data.Mnist;
import cnnlab.engine.EngineKind;
import cnnlab.engine.Engines;
import cnnlab.experiment.AdamConfig;
import cnnlab.experiment.Dl4jConfig;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.ReferenceKernels;
import java.util.List;

/**
 * The configuration of Task 1; {@code experiments/task1.yaml} explains each key.
 *
 * @param experiment the folder under {@code results/}
 * @param seed the seed from which all random streams are derived
 * @param engine the engine that trains
 * @param init a model file (Keras, ONNX or DL4J) that gives the initial weights, or empty for
 *     random ones
 * @param kernels the kernels of the network from scratch that is compared
 * @param epochs passes over the training images, at least 1
 * @param batchSize images per step, at least 1
 * @param validationFraction share of the 60,000 images held out for validation, in [0, 1)
 * @param trainLimit upper limit on the training images, 0 for all
 * @param evaluationLimit upper limit on the images of each part that are evaluated at the end, 0
 *     for all
 * @param keepWeightsEvery epochs from one to the next whose weights are kept, 0 for none
 * @param threads number of threads; 0 for one in DL4J and all cores in the network from scratch
 * @param optimizer Adam
 * @param dl4j settings of DL4J
 */
public record Task1Config(
    String experiment,
    long seed,
    EngineKind engine,
    String init,
    KernelKind kernels,
    int epochs,
    int batchSize,
    double validationFraction,
    int trainLimit,
    int evaluationLimit,
    int keepWeightsEvery,
    int threads,
    AdamConfig optimizer,
    Dl4jConfig dl4j) {

  /** The lab's configuration. */
  public static final Task1Config DEFAULT =
      new Task1Config(
          "task1",
          1,
          EngineKind.DL4J,
          "",
          KernelKind.REFERENCE,
          10,
          128,
          0.1,
          0,
          0,
          0,
          0,
          AdamConfig.KERAS,
          new Dl4jConfig(true));

  /** The kernels of the network from scratch. */
  public enum KernelKind {
    /** The plain loops, whose code is easy to check by reading. */
    REFERENCE,
    /** The fastest kernels that this Java can run. */
    FASTEST;

    Kernels kernels() {
      return this == REFERENCE ? new ReferenceKernels() : Kernels.best();
    }
  }

  /** The keys that {@code --quick} sets: the same steps in a few seconds. */
  public static final List<String> QUICK =
      List.of("epochs=1", "trainLimit=4096", "evaluationLimit=1000");

  /**
   * @throws IllegalArgumentException when a number is out of range
   */
  public Task1Config {
    Checks.folderName("experiment", experiment);
    Checks.atLeast("epochs", epochs, 1);
    Checks.atLeast("batchSize", batchSize, 1);
    Checks.require(
        held(validationFraction) > 0 && held(validationFraction) < Mnist.TRAIN_IMAGES,
        "validationFraction",
        validationFraction,
        "greater than 0 and less than 1, with at least one image of 60,000 on each side");
    Checks.require(
        trainLimit >= 0 && trainLimit <= Mnist.TRAIN_IMAGES - held(validationFraction),
        "trainLimit",
        trainLimit,
        "0 for all or at most the %d images that are not held out for validation"
            .formatted(Mnist.TRAIN_IMAGES - held(validationFraction)));
    Checks.atLeast("evaluationLimit", evaluationLimit, 0);
    Checks.atLeast("keepWeightsEvery", keepWeightsEvery, 0);
    Checks.threads("threads", threads);
  }

  /** The number of images held out; 0 for NaN. */
  private static long held(double fraction) {
    return Math.round(Mnist.TRAIN_IMAGES * fraction);
  }

  /** OpenMP threads for DL4J. On networks of this size, more than one bring little. */
  int libraryThreads() {
    return Math.max(1, threads);
  }

  /** Threads of the network from scratch. */
  int scratchThreads() {
    return Engines.threads(threads);
  }
}
