package cnnlab.data;

/**
 * Images with their targets. The receiver of a batch may change its arrays.
 *
 * @param epoch the pass over the training images that it belongs to, from 1
 * @param x images [n, C, H, W]
 * @param y target distributions [n, K], each summing to 1
 * @param size n, the number of images, at least 1
 */
public record Batch(int epoch, float[] x, float[] y, int size) {}
