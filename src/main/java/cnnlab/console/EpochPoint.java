package cnnlab.console;

/**
 * One epoch of a training curve.
 *
 * @param epoch epoch number, counted from 1
 * @param trainLoss mean loss over the training images, or NaN if it was not measured
 * @param trainAccuracy accuracy on the training images in [0, 1], or NaN
 * @param validationLoss mean loss over the validation images, or NaN
 * @param validationAccuracy accuracy on the validation images in [0, 1], or NaN
 */
public record EpochPoint(
    int epoch,
    double trainLoss,
    double trainAccuracy,
    double validationLoss,
    double validationAccuracy) {}
