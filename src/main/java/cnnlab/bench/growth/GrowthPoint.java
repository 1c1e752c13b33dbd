package cnnlab.bench.growth;

/**
 * One measurement.
 *
 * @param dimension what grows
 * @param training whether a training on the images was timed, in batches of up to 128; else their
 *     inference in one call
 * @param size its size
 * @param multiplications with as many additions: of the forward pass, in training three times
 * @param seconds the median of several repeats
 * @param bytes of Java's heap that network, engine, images and outputs hold
 */
public record GrowthPoint(
    Dimension dimension,
    boolean training,
    int size,
    double multiplications,
    double seconds,
    double bytes) {}
