/** Epochs: the trainer, checkpoints, listeners, early stopping. */
package cnnlab.training;
