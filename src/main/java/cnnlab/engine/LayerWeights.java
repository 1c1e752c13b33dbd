package cnnlab.engine;

import java.util.List;

/**
 * One array of weights or biases of a layer.
 *
 * @param name layer and parameter, such as {@code conv1_W}
 * @param shape its dimensions, row-major; kernels are [O, I, KH, KW]
 * @param values as many as the shape has
 */
public record LayerWeights(String name, List<Integer> shape, float[] values) {}
