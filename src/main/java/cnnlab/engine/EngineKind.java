package cnnlab.engine;

/** The engine that an experiment trains with. */
public enum EngineKind {
  /** Deeplearning4j. */
  DL4J,
  /** The network from scratch. */
  SCRATCH
}
