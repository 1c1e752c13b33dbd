/** Task 2: training on a few MNIST images, several times, with augmentation. */
package cnnlab.task2;
