package cnnlab.training;

/**
 * One epoch of training.
 *
 * @param epoch 1, 2, ...
 * @param batchLoss loss before each step, including penalties, averaged over the epoch's images
 * @param trainLoss cross-entropy after the epoch on training images (a fixed sample of at most
 *     6,000)
 * @param trainAccuracy accuracy on the same images, in [0, 1]
 * @param validationLoss cross-entropy after the epoch on the validation images
 * @param validationAccuracy accuracy on the validation images, in [0, 1]
 * @param validationAuc area under the ROC curve on the validation images; null when the data set
 *     does not have two classes, NaN when all images have the same class
 * @param imagesPerSecond training images per second, without the time of evaluation
 * @param seconds duration of the epoch, including evaluation
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
