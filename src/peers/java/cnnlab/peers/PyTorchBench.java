package cnnlab.peers;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import cnnlab.bench.model.BenchModel;
import cnnlab.bench.worker.Peer;
import cnnlab.bench.worker.Runner;

/**
 * PyTorch for {@code bench}, through the <a href="https://djl.ai">Deep Java Library</a>: the
 * network built by hand from PyTorch's operations, one call of the native library for each, as
 * PyTorch runs in Python without compilation. Training takes the gradients from PyTorch, too.
 */
public final class PyTorchBench implements Peer {
  private static final String ENGINE = "PyTorch";

  @Override
  public String engine() {
    return "pytorch";
  }

  @Override
  public String name() {
    return ENGINE + " " + Engine.getEngine(ENGINE).getVersion();
  }

  @Override
  public boolean trains() {
    return true;
  }

  /** PyTorch's threads are those of the process, chosen by the first network. */
  @Override
  public Runner open(BenchModel model, boolean training, int threads) {
    System.setProperty("ai.djl.pytorch.num_threads", String.valueOf(threads));
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    // Everything is in the jars; nothing is downloaded at run time.
    System.setProperty("ai.djl.offline", "true");
    try {
      TorchNetwork network = new TorchNetwork(model, Engine.getEngine(ENGINE));
      return training ? new TorchTraining(network) : network;
    } catch (EngineException | UnsatisfiedLinkError e) {
      throw new UnsupportedOperationException(
          "PyTorch's native library cannot be loaded on this system: " + e.getMessage(), e);
    }
  }
}
