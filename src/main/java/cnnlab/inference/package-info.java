/**
 * Use of trained models: loading, prediction, evaluation, occlusion maps, test-time augmentation.
 */
package cnnlab.inference;
