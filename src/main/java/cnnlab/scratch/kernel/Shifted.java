package cnnlab.scratch.kernel;

/**
 * A tensor from whose every value a number is subtracted, one for each channel.
 *
 * @param values [groups, C, plane, L]
 * @param shifts [C]
 */
public record Shifted(float[] values, float[] shifts) {}
