/**
 * Image augmentation: pipelines of DataVec {@code ImageTransform}s read from YAML, the same for a
 * given seed whatever the threads, and batches of augmented images prepared ahead of training.
 */
package cnnlab.augment;
