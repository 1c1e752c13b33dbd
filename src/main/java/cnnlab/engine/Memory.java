package cnnlab.engine;

import cnnlab.config.UsageException;
import cnnlab.model.GraphSize;
import cnnlab.scratch.layer.Shape;
import cnnlab.text.Reason;
import java.nio.file.Path;
import java.util.function.Function;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refuses computations that do not fit into memory, before any is allocated. */
public final class Memory {
  private static final Logger LOG = LoggerFactory.getLogger(Memory.class);

  private Memory() {}

  /**
   * Requires that a model file can run on images of a shape.
   *
   * @param batch images per call
   * @throws UsageException when it needs more memory than is available; the message gives the
   *     figures
   */
  public static void require(
      Path model, ComputationGraph graph, Shape image, EngineKind engine, int batch, int threads) {
    require(model, graph, image, size -> MemoryNeed.inference(size, engine, batch, threads));
  }

  /**
   * Requires that a computation with a model file fits into memory.
   *
   * @param image shape of one image
   * @param need gives the memory needed, from the size of the graph for such an image
   * @throws UsageException when it needs more memory than is available; the message gives the
   *     figures
   */
  public static void require(
      Path model, ComputationGraph graph, Shape image, Function<GraphSize, MemoryNeed> need) {
    GraphSize size;
    try {
      size = GraphSize.of(graph, image.channels(), image.height(), image.width());
    } catch (RuntimeException e) {
      // The graph does not accept such images; running it gives a better message.
      LOG.debug("{}: no estimate of its memory", model, e);
      return;
    }
    require(
        "%s: running it on images of shape %s".formatted(model, image),
        need.apply(size),
        "use smaller images");
  }

  /**
   * Requires that a computation fits into memory.
   *
   * @param what the computation, for the message
   * @param need the memory it needs
   * @param smaller what would need less memory, for the message
   * @throws UsageException when it needs more memory than is available; the message gives the
   *     figures
   */
  public static void require(String what, MemoryNeed need, String smaller) {
    String fault = need.fault();
    if (fault != null) {
      throw new UsageException(
          "%s %s. %s, or %s.".formatted(what, fault, Reason.GIVE_MORE, smaller));
    }
  }
}
