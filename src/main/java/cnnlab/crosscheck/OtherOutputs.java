package cnnlab.crosscheck;

/**
 * The outputs of a further implementation.
 *
 * @param name its name and version, such as {@code ONNX Runtime 1.23.2}
 * @param values outputs in the order of the engines, [n, C, H, W] or [n, F]
 */
public record OtherOutputs(String name, float[] values) {}
