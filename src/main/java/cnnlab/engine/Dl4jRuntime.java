package cnnlab.engine;

import java.net.URL;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;
import org.nd4j.nativeblas.Nd4jCpu;

/**
 * Makes DL4J 1.0.0-M2.1 run at full speed on a CPU. Graphs choose whether to use oneDNN when they
 * are created, so {@link #configure} must be called before that.
 */
public final class Dl4jRuntime {
  /** DL4J reads this property whenever a layer is created; its default is true (no helpers). */
  private static final String HELPERS_DISABLED = "org.eclipse.deeplearning4j.helpers.disable";

  private static final String BINDINGS = "org/nd4j/linalg/cpu/nativecpu/bindings/";

  private Dl4jRuntime() {}

  /**
   * The settings that DL4J runs with.
   *
   * @param oneDnn whether convolution, pooling and batch normalisation use oneDNN
   * @param oneDnnAvailable whether the native binary on the class path includes oneDNN
   * @param threads OpenMP threads of the native code
   * @param binary the native binary's platform and extension, such as {@code
   *     linux-x86_64-onednn-avx2}
   */
  public record Status(boolean oneDnn, boolean oneDnnAvailable, int threads, String binary) {}

  /**
   * Sets how graphs created from now on compute.
   *
   * @param useOneDnn whether to use oneDNN; it stays off if the binary does not include it
   * @param threads OpenMP threads, at least 1
   */
  public static synchronized Status configure(boolean useOneDnn, int threads) {
    String binary = binary();
    boolean available = binary.contains("onednn");
    boolean on = useOneDnn && available;
    System.setProperty(HELPERS_DISABLED, String.valueOf(!on));
    Nd4jCpu.Environment.setUseOneDnn(on);
    // Otherwise ND4J's own operations, such as pooling, would still use oneDNN.
    Nd4j.getEnvironment().allowHelpers(on);
    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
    return new Status(on, available, threads, binary);
  }

  /** Platform and extension of the native binary that ND4J loads, derived from the class path. */
  private static String binary() {
    String platform = org.bytedeco.javacpp.Loader.getPlatform();
    for (String extension : new String[] {"-onednn", "-onednn-avx512", "-onednn-avx2"}) {
      URL found =
          Dl4jRuntime.class
              .getClassLoader()
              .getResource(BINDINGS + platform + extension + "/" + library(platform));
      if (found != null) {
        return platform + extension;
      }
    }
    return platform;
  }

  private static String library(String platform) {
    return platform.startsWith("windows")
        ? "nd4jcpu.dll"
        : platform.startsWith("macosx") ? "libnd4jcpu.dylib" : "libnd4jcpu.so";
  }
}
