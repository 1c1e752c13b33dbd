package cnnlab.engine;

import cnnlab.model.GraphSize;
import java.util.Locale;
import org.bytedeco.javacpp.Pointer;

/**
 * An estimate of the memory that a computation needs. A computation that does not fit is refused
 * before it starts, because native code that runs out of memory ends the virtual machine.
 *
 * <p>The estimate covers what grows with the network and the batch, in 32-bit floats: parameters,
 * gradients, the optimiser's state, and the activations of a batch with their gradients. Data sets
 * and the virtual machine itself are not included, so a computation that just fits by this estimate
 * may still fail.
 *
 * @param heap bytes of Java's heap
 * @param offHeap bytes of native memory
 * @param longest number of values of the longest array
 */
public record MemoryNeed(double heap, double offHeap, double longest) {
  /** Images that the network from scratch processes at once. */
  private static final int MICRO_BATCH = 32;

  private static final double GIGA = 1e9;
  private static final int MOST_VALUES = Integer.MAX_VALUE - 8;

  /**
   * The need of trainings.
   *
   * @param batch images per step
   * @param averaged whether averaged weights are kept
   * @param workers trainings at once
   */
  public static MemoryNeed training(
      GraphSize size, EngineKind engine, int batch, boolean averaged, int workers) {
    double parameters = size.parameters();
    double copies = averaged ? 1 : 0;
    double activations = 2.0 * size.activations() * batch;
    // Filter banks and their gradients.
    double expanded = 2.0 * size.expanded();
    double longest =
        Math.max(Math.max(parameters, size.expanded()), (double) size.largest() * batch);
    if (engine == EngineKind.DL4J) {
      double floats = parameters * (2 + copies) + size.state() + activations + expanded;
      // They are copied in Java.
      return new MemoryNeed(
          Float.BYTES * expanded * workers, Float.BYTES * floats * workers, longest);
    }
    // Each micro-batch accumulates its own gradient.
    double microBatches = Math.ceil((double) batch / MICRO_BATCH);
    double floats =
        parameters * (2 + copies + microBatches) + size.state() + activations + expanded;
    return new MemoryNeed(
        Float.BYTES * floats * workers, Float.BYTES * parameters * workers, longest);
  }

  /**
   * The need of inference.
   *
   * @param batch images per call
   * @param threads threads of the engine from scratch
   */
  public static MemoryNeed inference(GraphSize size, EngineKind engine, int batch, int threads) {
    double longest = (double) size.largest() * (engine == EngineKind.DL4J ? batch : MICRO_BATCH);
    double parameters = Float.BYTES * (double) size.parameters();
    double expanded = Float.BYTES * (double) size.expanded();
    if (engine == EngineKind.DL4J) {
      // DL4J keeps only the activations that are still needed.
      return new MemoryNeed(expanded, parameters + expanded + Float.BYTES * longest, longest);
    }
    double activations = (double) size.activations() * MICRO_BATCH * threads;
    // A compiled network has weights of its own.
    return new MemoryNeed(
        2 * parameters + expanded * threads + Float.BYTES * activations, parameters, longest);
  }

  /**
   * The need of a comparison of both engines layer by layer. DL4J and two networks from scratch
   * keep the activations of a pass; in addition, the values of one layer are kept in double
   * precision with their bounds.
   *
   * @param batch images per pass
   */
  public static MemoryNeed comparison(GraphSize size, int batch) {
    double activations = (double) size.activations() * batch;
    double bounded = 2.0 * Double.BYTES * size.largest() * batch;
    double parameters = size.parameters();
    double expanded = size.expanded();
    double heap =
        Float.BYTES * (3 * activations + 3 * (parameters + expanded))
            + Double.BYTES * (parameters + expanded);
    return new MemoryNeed(
        heap + 2 * bounded,
        Float.BYTES * (activations + parameters + expanded),
        (double) size.largest() * batch);
  }

  /** The need of both computations at once. */
  public MemoryNeed plus(MemoryNeed other) {
    return new MemoryNeed(
        heap + other.heap, offHeap + other.offHeap, Math.max(longest, other.longest));
  }

  /** Why it does not fit on this virtual machine, as the end of a sentence; null if it fits. */
  public String fault() {
    return fault(Runtime.getRuntime().maxMemory());
  }

  /**
   * The same for a given heap size.
   *
   * @param mostHeap bytes
   */
  public String fault(double mostHeap) {
    double mostOffHeap = Pointer.maxBytes() > 0 ? Pointer.maxBytes() : mostHeap;
    if (heap > mostHeap) {
      return "needs about %s of memory, and Java may use %s".formatted(giga(heap), giga(mostHeap));
    }
    if (offHeap > mostOffHeap) {
      return "needs about %s of memory outside Java's heap, where %s are allowed"
          .formatted(giga(offHeap), giga(mostOffHeap));
    }
    return longest > MOST_VALUES
        ? String.format(
            Locale.ROOT,
            "needs an array of %.3g values, and no array can have more than 2^31",
            longest)
        : null;
  }

  private static String giga(double bytes) {
    return String.format(Locale.ROOT, "%.1f GB", bytes / GIGA);
  }
}
