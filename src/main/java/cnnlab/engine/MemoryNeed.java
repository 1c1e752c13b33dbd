package cnnlab.engine;

import cnnlab.model.GraphSize;
import java.util.Locale;
import org.bytedeco.javacpp.Pointer;

/**
 * About how much memory a computation takes, so that one that cannot fit is refused before it
 * begins: native code that runs out of memory ends the virtual machine.
 *
 * <p>It counts what grows with the network and the batch, in 32-bit floats: parameters, gradients,
 * the optimiser's state, and the activations of a batch with their gradients. Data sets and what
 * the virtual machine itself takes come on top, so what fits narrowly may still not fit.
 *
 * @param heap bytes in Java's heap
 * @param offHeap bytes of native memory
 * @param longest values in the longest array
 */
public record MemoryNeed(double heap, double offHeap, double longest) {
  /** Images that the network from scratch takes through its layers at once. */
  private static final int PIECE = 32;

  private static final double GIGA = 1e9;
  private static final int MOST_VALUES = Integer.MAX_VALUE - 8;

  /**
   * Of trainings.
   *
   * @param batch images per step
   * @param averaged whether averages of the weights are kept
   * @param workers trainings at once
   */
  public static MemoryNeed training(
      GraphSize size, EngineKind engine, int batch, boolean averaged, int workers) {
    double parameters = size.parameters();
    double copies = averaged ? 1 : 0;
    double activations = 2.0 * size.activations() * batch;
    double longest = Math.max(parameters, (double) size.largest() * batch);
    if (engine == EngineKind.DL4J) {
      double floats = parameters * (2 + copies) + size.state() + activations;
      return new MemoryNeed(0, Float.BYTES * floats * workers, longest);
    }
    // Each piece of a batch adds up its own gradient.
    double pieces = Math.ceil((double) batch / PIECE);
    double floats = parameters * (2 + copies + pieces) + size.state() + activations;
    return new MemoryNeed(
        Float.BYTES * floats * workers, Float.BYTES * parameters * workers, longest);
  }

  /**
   * Of a network that only runs.
   *
   * @param batch images that are given at once
   * @param threads of the engine from scratch
   */
  public static MemoryNeed inference(GraphSize size, EngineKind engine, int batch, int threads) {
    double longest = (double) size.largest() * (engine == EngineKind.DL4J ? batch : PIECE);
    double parameters = Float.BYTES * (double) size.parameters();
    if (engine == EngineKind.DL4J) {
      // Of the activations DL4J keeps only those that are still needed.
      return new MemoryNeed(0, parameters + Float.BYTES * longest, longest);
    }
    double activations = (double) size.activations() * PIECE * threads;
    return new MemoryNeed(parameters + Float.BYTES * activations, parameters, longest);
  }

  /** What is wrong with it on this virtual machine, as the end of a sentence; null for nothing. */
  public String fault() {
    double mostHeap = Runtime.getRuntime().maxMemory();
    double mostOffHeap = Pointer.maxBytes() > 0 ? Pointer.maxBytes() : mostHeap;
    if (heap > mostHeap) {
      return "takes about %s of memory, Java was given %s".formatted(giga(heap), giga(mostHeap));
    }
    if (offHeap > mostOffHeap) {
      return "takes about %s of memory outside of Java's heap, %s may be taken"
          .formatted(giga(offHeap), giga(mostOffHeap));
    }
    return longest > MOST_VALUES
        ? String.format(
            Locale.ROOT, "has an array of %.3g values, and no array has more than 2^31", longest)
        : null;
  }

  private static String giga(double bytes) {
    return String.format(Locale.ROOT, "%.1f GB", bytes / GIGA);
  }
}
