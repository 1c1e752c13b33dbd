package cnnlab.bench;

import cnnlab.bench.model.BenchModel;
import cnnlab.bench.worker.EngineNames;
import cnnlab.config.UsageException;
import cnnlab.engine.EngineKind;
import cnnlab.engine.MemoryNeed;

/**
 * The heap of the processes that measure. It is fixed for the engine from scratch, so that its
 * memory is known; larger models get more.
 */
final class WorkerHeap {
  /** Mebibytes; enough to train the Task 3 network at batch size 128. */
  static final long SMALLEST = 512;

  private static final long MEBI = 1L << 20;
  private static final double SPARE = 1.5;

  /** Batches of random inputs, and a batch's outputs. */
  private static final int INPUTS = 5;

  private final BenchOptions options;

  WorkerHeap(BenchOptions options) {
    this.options = options;
  }

  /**
   * The heap of a process.
   *
   * @return mebibytes; 0 for Java's choice
   * @throws UsageException when a model does not fit into memory
   */
  long of(String engine, int threads, Iterable<BenchModel> models) {
    boolean scratch = EngineNames.isScratch(engine);
    double most = 0;
    for (BenchModel model : models) {
      MemoryNeed need = need(model, scratch ? EngineKind.SCRATCH : EngineKind.DL4J, threads);
      String fault = need.fault(Math.max(SMALLEST * MEBI, Runtime.getRuntime().maxMemory()));
      if (fault != null) {
        throw new UsageException(
            "bench: %s of %s with --threads %s %s; use fewer threads or a smaller --batch"
                .formatted(engine, model, threads, fault));
      }
      most = Math.max(most, need.heap());
    }
    return scratch ? Math.max(SMALLEST, (long) Math.ceil(SPARE * most / MEBI)) : 0;
  }

  private MemoryNeed need(BenchModel model, EngineKind kind, int threads) {
    MemoryNeed need = MemoryNeed.inference(model.size(), kind, options.mostBatch(), threads);
    if (options.roofline()) {
      need = need.plus(need);
    }
    if (options.trains(model)) {
      need =
          need.plus(
              MemoryNeed.training(
                  model.size(), kind, model.trainBatch(), model.averageDecay() > 0, 1));
    }
    double batch = Math.max(options.mostBatch(), model.trainBatch());
    double inputs = INPUTS * Float.BYTES * batch * model.input().size();
    return need.plus(new MemoryNeed(inputs, 0, batch * model.input().size()));
  }
}
