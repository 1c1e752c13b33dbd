package cnnlab.bench.worker;

import cnnlab.bench.model.BenchModel;
import cnnlab.engine.Dl4jRuntime;
import cnnlab.engine.Engine;
import cnnlab.engine.EngineKind;
import cnnlab.engine.Engines;
import cnnlab.engine.ScratchEngine;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.ReferenceKernels;
import java.io.IOException;

/** Opens networks in engines. */
final class Runners {
  private Runners() {}

  /** Makes DL4J's settings, which graphs read when they are created. */
  static void prepare(String engine, int threads) {
    boolean dl4j = EngineNames.isDl4j(engine);
    Dl4jRuntime.configure(engine.equals(EngineNames.ONEDNN), dl4j ? threads : 1);
  }

  /**
   * Opens a network.
   *
   * @param engine a name of {@link EngineNames}
   * @param training whether it will be trained
   * @throws UnsupportedOperationException when the engine cannot run or train it
   */
  static Runner open(String engine, BenchModel model, boolean training, int threads)
      throws IOException {
    if (EngineNames.isPeer(engine)) {
      Peer peer = EngineNames.peer(engine).orElseThrow();
      if (training && !peer.trains()) {
        throw new UnsupportedOperationException(peer.name() + " only predicts");
      }
      return peer.open(model, training, threads);
    }
    return EngineNames.isDl4j(engine)
        ? dl4j(model, training, threads)
        : scratch(engine, model, training, threads);
  }

  private static Runner dl4j(BenchModel model, boolean training, int threads) {
    Engines.Training options = options(model, training);
    return new OfEngine(
        Engines.training(EngineKind.DL4J, model.graph(), model.input(), options, threads));
  }

  private static Runner scratch(String engine, BenchModel model, boolean training, int threads) {
    Kernels kernels =
        engine.equals(EngineNames.REFERENCE) ? new ReferenceKernels() : Kernels.best();
    return new OfEngine(
        training
            ? Engines.scratch(model.graph(), model.input(), options(model, true), kernels, threads)
            : ScratchEngine.forInference(model.network(kernels), threads));
  }

  /** Averaged weights cost time at inference in DL4J, so they are kept in training alone. */
  private static Engines.Training options(BenchModel model, boolean training) {
    return new Engines.Training(
        Math.max(1, model.trainBatch()), training ? model.averageDecay() : 0, BenchModel.SEED);
  }

  /** An engine of this project. */
  private record OfEngine(Engine engine) implements Runner {
    @Override
    public float[] predict(float[] x, int n) {
      return engine.predict(x, n);
    }

    @Override
    public double train(float[] x, float[] y, int n) {
      return engine.trainBatch(x, y, n);
    }

    @Override
    public void close() {
      engine.close();
    }
  }
}
