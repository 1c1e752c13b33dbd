package cnnlab.scratch;

import org.slf4j.LoggerFactory;

/** Picks kernels once, when the first network is made. */
final class KernelChoice {
  private static final String MODULE = "jdk.incubator.vector";
  private static final String VECTOR_KERNELS = "cnnlab.scratch.VectorKernels";

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

  private static Kernels choose() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
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
