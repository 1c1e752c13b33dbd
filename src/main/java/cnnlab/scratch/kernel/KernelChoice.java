package cnnlab.scratch.kernel;

import org.slf4j.LoggerFactory;

/** Picks kernels once, when the first network is made. */
final class KernelChoice {
  private static final String MODULE = "jdk.incubator.vector";
  private static final String VECTOR_KERNELS = "cnnlab.scratch.kernel.VectorKernels";

  /**
   * Read by the Vector API when it loads: 0 leaves out its check of every load's and store's
   * bounds.
   */
  private static final String BOUNDS_CHECK = "jdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK";

  private static final Kernels BEST = choose();

  private KernelChoice() {}

  static Kernels best() {
    return BEST;
  }

  /**
   * Named on the command line, an incubating module makes Java print a warning before everything
   * that a program says, and no option turns it off. Added by this method, as agents add the
   * modules that they need, it is defined to the same class loader and is as fast. Java has to be
   * started with {@code --add-exports java.base/jdk.internal.module=ALL-UNNAMED}.
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
              "The from-scratch engine runs its plain loops, many times slower than it can: start java with --add-modules {}",
              MODULE);
      return new ReferenceKernels();
    }
    if (System.getProperty(BOUNDS_CHECK) == null) {
      // Worth a third of the speed; the tests run with the check.
      System.setProperty(BOUNDS_CHECK, "0");
    }
    try {
      // By name: the class is compiled apart, and cannot be loaded without the module.
      return (Kernels) Class.forName(VECTOR_KERNELS).getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException | LinkageError e) {
      LoggerFactory.getLogger(Kernels.class)
          .warn("The from-scratch engine runs its plain loops: the vector kernels do not load", e);
      return new ReferenceKernels();
    }
  }
}
