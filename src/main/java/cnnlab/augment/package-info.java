/**
 * Augmentation read from YAML: pipelines of DataVec {@code ImageTransform}s, the same for a given
 * seed whatever the threads, and batches of augmented images prepared ahead of training.
 */
package cnnlab.augment;
