package cnnlab.engine;

/**
 * One epoch of training.
 *
 * @param epoch 1, 2, ...
 * @param batchLoss mean over the epoch's batches of the loss before each step, with penalties
 * @param trainLoss cross-entropy after the epoch on training images (a fixed sample of at most
 *     6,000)
 * @param trainAccuracy accuracy on the same images, in [0, 1]
 * @param validationLoss cross-entropy after the epoch on the validation images
 * @param validationAccuracy accuracy on the validation images, in [0, 1]
 * @param imagesPerSecond images trained on per second, evaluation not counted
 * @param seconds time of the epoch, with evaluation
 */
public record EpochMetrics(
    int epoch,
    double batchLoss,
    double trainLoss,
    double trainAccuracy,
    double validationLoss,
    double validationAccuracy,
    double imagesPerSecond,
    double seconds) {}
