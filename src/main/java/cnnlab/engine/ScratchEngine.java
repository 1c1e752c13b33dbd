package cnnlab.engine;

import cnnlab.scratch.Network;

/** Runs the network from scratch. */
public final class ScratchEngine implements Engine {
  private final Network network;

  public ScratchEngine(Network network) {
    this.network = network;
  }

  @Override
  public String name() {
    return "scratch";
  }

  @Override
  public float[] predict(float[] x, int n) {
    return network.predict(x, n);
  }

  @Override
  public double trainBatch(float[] x, float[] y, int n) {
    throw new UnsupportedOperationException(
        "the from-scratch engine runs networks, it does not train them yet");
  }
}
