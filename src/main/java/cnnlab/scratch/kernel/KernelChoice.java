package cnnlab.scratch.kernel;

import org.slf4j.LoggerFactory;

/** Picks kernels once, when the first network is made. */
final class KernelChoice {
  private static final String MODULE = "jdk.incubator.vector";
  private static final String VECTOR_KERNELS = "cnnlab.scratch.kernel.VectorKernels";

  /** Read by the Vector API when it loads: 0 turns off the bounds check of every load and store. */
  private static final String BOUNDS_CHECK = "jdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK";

  private static final Kernels BEST = choose();

  private KernelChoice() {}

  static Kernels best() {
    return BEST;
  }

  /**
   * Adds the module at run time, as agents do: named on the command line, an incubating module
   * makes Java print a warning at every start, and no option turns that off. The class loader and
   * the speed are the same. Java has to be started with {@code --add-exports
   * java.base/jdk.internal.module=ALL-UNNAMED}.
   */
  private static boolean hasVectorApi() {
    if (ModuleLayer.boot().findModule(MODULE).isPresent()) {
      return true;
    }
    try {
      Class.forName("jdk.internal.module.Modules")
          .getMethod("loadModule", String.class)
          .invoke(null, MODULE);
      return true;
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      LoggerFactory.getLogger(Kernels.class).debug("{} cannot be added", MODULE, e);
      return false; // not exported to us, or not in this Java
    }
  }

  private static Kernels choose() {
    if (!hasVectorApi()) {
      LoggerFactory.getLogger(Kernels.class)
          .warn(
              "The from-scratch engine uses its plain loops, which are many times slower than the vector kernels: start java with --add-modules {}",
              MODULE);
      return new ReferenceKernels();
    }
    if (System.getProperty(BOUNDS_CHECK) == null) {
      // The check costs a third of the speed; the tests run with it.
      System.setProperty(BOUNDS_CHECK, "0");
    }
    try {
      // By name: the class is compiled in a step of its own and cannot be loaded without the
      // module.
      return (Kernels) Class.forName(VECTOR_KERNELS).getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException | LinkageError e) {
      LoggerFactory.getLogger(Kernels.class)
          .warn(
              "The from-scratch engine uses its plain loops: the vector kernels cannot be loaded",
              e);
      return new ReferenceKernels();
    }
  }
}
