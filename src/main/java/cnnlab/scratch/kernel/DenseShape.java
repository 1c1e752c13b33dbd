package cnnlab.scratch.kernel;

/**
 * The size of a dense layer; its weights are [in, out].
 *
 * @param in number of input features, at least 1
 * @param out number of output features, at least 1
 */
public record DenseShape(int in, int out) {}
