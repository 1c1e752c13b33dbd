package cnnlab.experiment;

/**
 * How DL4J computes.
 *
 * @param onednn whether its layers go through oneDNN where the native binary has it
 */
public record Dl4jConfig(boolean onednn) {}
