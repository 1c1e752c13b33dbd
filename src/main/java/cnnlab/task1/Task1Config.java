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
 * The numbers of Task 1; {@code experiments/task1.yaml} explains each.
 *
 * @param experiment the folder under {@code results/}
 * @param seed from which every random stream is derived
 * @param engine which engine trains
 * @param init a model file (Keras or DL4J) with whose weights training begins, or empty for random
 *     ones
 * @param kernels the loops of the network from scratch that is compared
 * @param epochs passes over the training images, at least 1
 * @param batchSize images per step, at least 1
 * @param validationFraction share of the 60,000 images held out for validation, in [0, 1)
 * @param trainLimit how many of the training images are used, 0 for all
 * @param evaluationLimit how many images of each part are evaluated at the end, 0 for all
 * @param threads threads to compute with, 0 to choose: one for DL4J, all cores for the network from
 *     scratch
 * @param optimizer Adam
 * @param dl4j how DL4J computes
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
          AdamConfig.KERAS,
          new Dl4jConfig(true));

  /** The loops of the network from scratch. */
  public enum KernelKind {
    /** The plain loops, which can be checked by eye. */
    REFERENCE,
    /** The fastest that this Java can run. */
    FASTEST;

    Kernels kernels() {
      return this == REFERENCE ? new ReferenceKernels() : Kernels.best();
    }
  }

  /** What {@code --quick} sets: the same path in a few seconds. */
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
    Checks.threads("threads", threads);
  }

  /** How many images are held out; NaN holds out none. */
  private static long held(double fraction) {
    return Math.round(Mnist.TRAIN_IMAGES * fraction);
  }

  /** OpenMP threads for DL4J: more than one gain little on networks of this size. */
  int libraryThreads() {
    return Math.max(1, threads);
  }

  /** Threads for the network from scratch. */
  int scratchThreads() {
    return Engines.threads(threads);
  }
}
