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

/** Refuses what cannot fit the memory, before any of it is taken. */
public final class Memory {
  private static final Logger LOG = LoggerFactory.getLogger(Memory.class);

  private Memory() {}

  /**
   * Whether a model file can run on images of a shape.
   *
   * @param batch images at once
   * @throws UsageException when it takes more memory than there is; gives the figures
   */
  public static void require(
      Path model, ComputationGraph graph, Shape image, EngineKind engine, int batch, int threads) {
    require(model, graph, image, size -> MemoryNeed.inference(size, engine, batch, threads));
  }

  /**
   * Whether what is done with a model file fits.
   *
   * @param image shape of one image that it is given
   * @param need what it takes, by the size of the graph for such an image
   * @throws UsageException when it takes more memory than there is; gives the figures
   */
  public static void require(
      Path model, ComputationGraph graph, Shape image, Function<GraphSize, MemoryNeed> need) {
    GraphSize size;
    try {
      size = GraphSize.of(graph, image.channels(), image.height(), image.width());
    } catch (RuntimeException e) {
      // It does not take such images: those who run it say so in words of their own.
      LOG.debug("{}: no estimate of its memory", model, e);
      return;
    }
    require(
        "%s: running it on images of shape %s".formatted(model, image),
        need.apply(size),
        "take smaller images");
  }

  /**
   * @param what what is to be computed, for the message
   * @param smaller what else would help
   * @throws UsageException when it takes more memory than there is; gives the figures
   */
  public static void require(String what, MemoryNeed need, String smaller) {
    String fault = need.fault();
    if (fault != null) {
      throw new UsageException(
          "%s %s. %s, or %s.".formatted(what, fault, Reason.GIVE_MORE, smaller));
    }
  }
}
