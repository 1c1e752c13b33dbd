package cnnlab.experiment;

import cnnlab.crosscheck.CrossCheck;
import cnnlab.engine.EngineKind;
import cnnlab.engine.MemoryNeed;
import cnnlab.model.GraphSize;
import cnnlab.scratch.Shape;
import java.nio.file.Path;
import java.util.function.Function;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refuses what cannot fit the memory, before any of it is taken. */
final class Memory {
  /** What to do when memory is short. */
  static final String GIVE_MORE =
      "Give Java more, such as JDK_JAVA_OPTIONS=-Xmx8g if the machine has it";

  private static final Logger LOG = LoggerFactory.getLogger(Memory.class);

  private Memory() {}

  /**
   * Whether a model file can run on images of a shape.
   *
   * @param batch images at once
   * @throws UsageException when it takes more memory than there is; gives the figures
   */
  static void require(
      Path model, ComputationGraph graph, Shape image, EngineKind engine, int batch, int threads) {
    require(model, graph, image, size -> MemoryNeed.inference(size, engine, batch, threads));
  }

  /**
   * Whether both engines can run a model file on images of a shape and be compared.
   *
   * @param batch images that DL4J is given at once
   * @throws UsageException when it takes more memory than there is; gives the figures
   */
  static void requireComparison(Path model, ComputationGraph graph, Shape image, int batch) {
    int threads = Runtime.getRuntime().availableProcessors();
    require(
        model,
        graph,
        image,
        size ->
            MemoryNeed.inference(size, EngineKind.DL4J, batch, 1)
                .plus(MemoryNeed.inference(size, EngineKind.SCRATCH, batch, threads))
                .plus(
                    MemoryNeed.comparison(
                        size, Math.min(batch, CrossCheck.batch(Math.max(1, size.activations()))))));
  }

  private static void require(
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
  static void require(String what, MemoryNeed need, String smaller) {
    String fault = need.fault();
    if (fault != null) {
      throw new UsageException("%s %s. %s, or %s.".formatted(what, fault, GIVE_MORE, smaller));
    }
  }
}
