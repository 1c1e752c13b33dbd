package cnnlab.experiment;

/**
 * Settings of DL4J.
 *
 * @param onednn whether layers use oneDNN if the native binary includes it
 */
public record Dl4jConfig(boolean onednn) {}
