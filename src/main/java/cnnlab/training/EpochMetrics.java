package cnnlab.training;

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
 * @param validationAuc area under the ROC curve of the validation images; null when the data does
 *     not have two classes, NaN when the images are of one class
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
    Double validationAuc,
    double imagesPerSecond,
    double seconds) {}
