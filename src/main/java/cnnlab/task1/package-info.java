/** Task 1: the network from scratch cross-checked against a trained DL4J model on MNIST. */
package cnnlab.task1;
