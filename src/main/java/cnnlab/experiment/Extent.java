package cnnlab.experiment;

import java.nio.file.Path;

/**
 * How far a training goes on the way of its configuration, and from where. The learning rate's
 * schedule is that of all the configuration's epochs, whatever the extent.
 *
 * @param epochs after which it stops, at least 1, at most the configuration's
 * @param checkpoint where an earlier stop of the same training left its state, to be gone on from
 *     to the same bits as in one go; written at the stop. Null for none
 */
public record Extent(int epochs, Path checkpoint) {}
