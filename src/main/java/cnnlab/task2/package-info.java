/** Task 2: repeated trainings on a few MNIST images, with augmentation. */
package cnnlab.task2;
