/**
 * Use of trained models: loading, prediction, evaluation, maps of what a network looks at,
 * test-time augmentation.
 */
package cnnlab.inference;
