package cnnlab.engine;

import cnnlab.scratch.Inference;
import cnnlab.scratch.Network;
import cnnlab.scratch.ThreadTeam;
import cnnlab.scratch.train.NetworkTrainer;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Runs and trains the network from scratch, several parts of a batch at once. What it computes does
 * not depend on the number of threads. Not to be used by two threads at once.
 */
public final class ScratchEngine implements Engine {
  private static final int PART = 32;

  private final Network network;
  private final Network averaged;
  private final ThreadTeam team;
  private final NetworkTrainer trainer;
  private final ThreadLocal<Inference> inference;

  private ScratchEngine(
      Network network, int threads, Function<ThreadTeam, NetworkTrainer> learning) {
    this.network = network;
    this.team = new ThreadTeam(threads);
    this.trainer = learning.apply(team);
    this.averaged =
        trainer == null ? network : network.withParameters(trainer.inferenceParameters());
    this.inference = ThreadLocal.withInitial(() -> new Inference(averaged));
  }

  /**
   * An engine that only runs.
   *
   * @param threads threads to compute with, at least 1
   */
  public static ScratchEngine running(Network network, int threads) {
    return new ScratchEngine(network, threads, team -> null);
  }

  /**
   * An engine that runs and trains. Where weights are averaged, it predicts with the averaged ones.
   *
   * @param network its parameters are changed by training
   * @param options how to train
   * @param threads threads to compute with, at least 1
   */
  public static ScratchEngine training(
      Network network, NetworkTrainer.Options options, int threads) {
    return new ScratchEngine(network, threads, team -> new NetworkTrainer(network, options, team));
  }

  @Override
  public String name() {
    return "scratch";
  }

  @Override
  public float[] predict(float[] x, int n) {
    float[] out = new float[n * network.outputShape().size()];
    team.run(
        (n + PART - 1) / PART,
        (part, pad) -> inference.get().run(x, part * PART, Math.min((part + 1) * PART, n), out));
    return out;
  }

  @Override
  public double trainBatch(float[] x, float[] y, int n) {
    return trainer().step(x, y, n);
  }

  private NetworkTrainer trainer() {
    if (trainer == null) {
      throw new IllegalStateException("this engine was made to run a network, not to train it");
    }
    return trainer;
  }

  @Override
  public float[] weights() {
    return averaged.parameters().clone();
  }

  /**
   * Replaces both the current and the averaged weights.
   *
   * @throws IllegalArgumentException when they are not as many as the network has
   */
  @Override
  public void setWeights(float[] weights) {
    if (weights.length != network.parameters().length) {
      throw new IllegalArgumentException(
          "%d weights given, the network has %d"
              .formatted(weights.length, network.parameters().length));
    }
    System.arraycopy(weights, 0, network.parameters(), 0, weights.length);
    System.arraycopy(weights, 0, averaged.parameters(), 0, weights.length);
  }

  /**
   * @throws IllegalStateException when the engine was made to run a network only
   */
  @Override
  public void saveState(DataOutputStream out) throws IOException {
    out.writeLong(trainer().steps());
    for (float[] array : trainer().state()) {
      FloatArrays.write(out, array);
    }
  }

  /**
   * @throws IllegalStateException when the engine was made to run a network only
   */
  @Override
  public void loadState(DataInputStream in) throws IOException {
    NetworkTrainer to = trainer();
    long steps = in.readLong();
    List<float[]> state = to.state();
    List<float[]> found = new ArrayList<>();
    for (float[] array : state) {
      float[] values = new float[array.length];
      FloatArrays.read(in, values);
      found.add(values);
    }
    // All of it or nothing: a state that is cut off leaves the engine as it was.
    for (int i = 0; i < found.size(); i++) {
      System.arraycopy(found.get(i), 0, state.get(i), 0, found.get(i).length);
    }
    to.resumeAt(steps);
  }

  @Override
  public void close() {
    team.close();
  }
}
