/**
 * Augmentation configured in YAML: pipelines of DataVec {@code ImageTransform}s whose results
 * depend on the seed but not on the number of threads, and batches of augmented images prepared
 * ahead of training.
 */
package cnnlab.augment;
