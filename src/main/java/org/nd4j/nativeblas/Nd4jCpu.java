package org.nd4j.nativeblas;

/**
 * The class in which DL4J 1.0.0-M2.1 looks for "is oneDNN there?", and which that release no longer
 * has: it moved into ND4J's bindings. Without it DL4J never uses its oneDNN layer helpers on a CPU.
 * {@code cnnlab.engine.Dl4jRuntime} sets the answer.
 */
public final class Nd4jCpu {
  private Nd4jCpu() {}

  /** DL4J's {@code BaseMKLDNNHelper} calls these two methods by reflection. */
  public static final class Environment {
    private static final Environment INSTANCE = new Environment();
    private static volatile boolean useOneDnn;

    private Environment() {}

    public static Environment getInstance() {
      return INSTANCE;
    }

    public boolean isUseMKLDNN() {
      return useOneDnn;
    }

    /** What DL4J will be told. */
    public static void setUseOneDnn(boolean use) {
      useOneDnn = use;
    }
  }
}
