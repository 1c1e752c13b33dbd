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
  private static final int MICRO_BATCH = 32;

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
    // Each micro-batch accumulates its own gradient.
    double microBatches = Math.ceil((double) batch / MICRO_BATCH);
    double floats = parameters * (2 + copies + microBatches) + size.state() + activations;
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
    double longest = (double) size.largest() * (engine == EngineKind.DL4J ? batch : MICRO_BATCH);
    double parameters = Float.BYTES * (double) size.parameters();
    if (engine == EngineKind.DL4J) {
      // Of the activations DL4J keeps only those that are still needed.
      return new MemoryNeed(0, parameters + Float.BYTES * longest, longest);
    }
    double activations = (double) size.activations() * MICRO_BATCH * threads;
    return new MemoryNeed(parameters + Float.BYTES * activations, parameters, longest);
  }

  /**
   * Of a comparison of both engines layer by layer: the activations of a pass are kept by DL4J and
   * by two networks from scratch, and each layer's in double precision with their bounds.
   *
   * @param batch images in a pass
   */
  public static MemoryNeed comparison(GraphSize size, int batch) {
    double activations = (double) size.activations() * batch;
    double bounded = 2.0 * Double.BYTES * size.largest() * batch;
    double parameters = size.parameters();
    double heap = Float.BYTES * (3 * activations + 3 * parameters) + Double.BYTES * parameters;
    return new MemoryNeed(
        heap + 2 * bounded,
        Float.BYTES * (activations + parameters),
        (double) size.largest() * batch);
  }

  /** Of both at once. */
  public MemoryNeed plus(MemoryNeed other) {
    return new MemoryNeed(
        heap + other.heap, offHeap + other.offHeap, Math.max(longest, other.longest));
  }

  /** What is wrong with it on this virtual machine, as the end of a sentence; null for nothing. */
  public String fault() {
    return fault(Runtime.getRuntime().maxMemory());
  }

  /**
   * The same on one whose heap is another.
   *
   * @param mostHeap bytes
   */
  public String fault(double mostHeap) {
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
