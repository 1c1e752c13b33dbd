/**
 * Trained models in use: loading, prediction, evaluation, occlusion maps, test-time augmentation.
 */
package cnnlab.inference;
