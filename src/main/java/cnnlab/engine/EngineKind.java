package cnnlab.engine;

/** The only choice an experiment makes about computation. */
public enum EngineKind {
  /** Deeplearning4j. */
  DL4J,
  /** The network from scratch. */
  SCRATCH
}
