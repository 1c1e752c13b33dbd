package cnnlab.augment.transform;

/**
 * Elastic deformation (Simard, Steinkraus and Platt 2003, "Best practices for convolutional neural
 * networks applied to visual document analysis"): every pixel is displaced by a·G(x, y), where G is
 * noise uniform in ±1, independent for x and y, smoothed by a Gaussian.
 *
 * @param alpha the strength in pixels: a is uniform in 0..alpha. The displacement's standard
 *     deviation is a / (2·sqrt(3π)·sigma): 2.0 pixels for a = 60, sigma = 5
 * @param sigma the Gaussian's standard deviation in pixels
 */
public record Elastic(double alpha, double sigma) {}
