package cnnlab.data;

/**
 * Images with their targets. Whoever takes a batch may change its arrays.
 *
 * @param epoch of which pass over the training images it is, from 1
 * @param x images [n, C, H, W]
 * @param y target distributions [n, K], each summing to 1
 * @param size n, how many images, at least 1
 */
public record Batch(int epoch, float[] x, float[] y, int size) {}
