/** Task 1: a cross-check of the network from scratch and a trained DL4J model on MNIST. */
package cnnlab.task1;
