package cnnlab.scratch.layer;

import java.util.List;

/**
 * One layer in its place in a network.
 *
 * @param name unique in the network
 * @param layer what it computes
 * @param inputs positions of the nodes it reads, -1 for the network's input
 * @param shape the shape of its output
 * @param parameterOffset where its parameters begin in the parameters of the network
 */
public record Node(
    String name, Layer layer, List<Integer> inputs, Shape shape, int parameterOffset) {}
