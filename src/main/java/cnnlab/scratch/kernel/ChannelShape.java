package cnnlab.scratch.kernel;

/**
 * A tensor [groups, channels, plane, L] whose positions in a plane need not be told apart.
 *
 * @param channels C, at least 1
 * @param plane H·W, at least 1
 */
public record ChannelShape(int channels, int plane) {}
