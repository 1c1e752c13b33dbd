package cnnlab.engine;

import cnnlab.scratch.Inference;
import cnnlab.scratch.Network;
import cnnlab.scratch.ThreadTeam;
import cnnlab.scratch.compiled.CompiledNetwork;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.train.NetworkTrainer;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Runs and trains the network from scratch, several parts of a batch in parallel. Results do not
 * depend on the number of threads. Not thread-safe.
 */
public final class ScratchEngine implements Engine {
  private static final int PART = 32;

  private final Network network;
  private final Network averaged;
  private final ThreadTeam team;
  private final NetworkTrainer trainer;
  private final ThreadLocal<Inference> inference;

  /** Whether few images are predicted by {@link CompiledNetwork}, whose sums are others. */
  private final boolean compiles;

  private CompiledNetwork compiled;

  private ScratchEngine(
      Network network,
      int threads,
      boolean compiles,
      Function<ThreadTeam, NetworkTrainer> learning) {
    this.compiles = compiles && network.kernels().lanes() > 1;
    this.network = network;
    this.team = new ThreadTeam(threads);
    this.trainer = learning.apply(team);
    this.averaged =
        trainer == null ? network : network.withParameters(trainer.inferenceParameters());
    this.inference = ThreadLocal.withInitial(() -> new Inference(averaged));
  }

  /**
   * An engine for inference only, as fast as possible: where that takes less time, it computes with
   * a {@link CompiledNetwork}, whose outputs differ from those of {@link #layerByLayer} by
   * rounding.
   *
   * @param network the network; only {@link #setWeights} may change its parameters
   * @param threads number of threads, at least 1
   */
  public static ScratchEngine forInference(Network network, int threads) {
    return new ScratchEngine(network, threads, true, team -> null);
  }

  /**
   * An engine for inference only that computes every layer as it is written, for comparisons.
   *
   * @param threads number of threads, at least 1
   */
  public static ScratchEngine layerByLayer(Network network, int threads) {
    return new ScratchEngine(network, threads, false, team -> null);
  }

  /**
   * An engine for training and inference. If weights are averaged, it predicts with the averaged
   * ones.
   *
   * @param network the network, whose parameters training changes
   * @param options the training settings
   * @param threads number of threads, at least 1
   */
  public static ScratchEngine forTraining(
      Network network, NetworkTrainer.Options options, int threads) {
    return new ScratchEngine(
        network, threads, false, team -> new NetworkTrainer(network, options, team));
  }

  @Override
  public String name() {
    return "scratch";
  }

  @Override
  public float[] predict(float[] x, int n) {
    float[] out = new float[n * network.outputShape().size()];
    if (compiles && compiled == null) {
      compiled = new CompiledNetwork(averaged);
    }
    if (compiles && compiled.suits(n)) {
      compiled.run(x, 0, n, out, team);
      return out;
    }
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
      throw new IllegalStateException("this engine was created for inference, not for training");
    }
    return trainer;
  }

  @Override
  public float[] weights() {
    return averaged.parameters().clone();
  }

  @Override
  public List<LayerWeights> layerWeights() {
    List<LayerWeights> all = new ArrayList<>();
    for (Node node : averaged.nodes()) {
      int at = node.parameterOffset();
      for (Layer.Parameter parameter : node.layer().parameters()) {
        all.add(
            new LayerWeights(
                node.name() + "_" + parameter.name(),
                parameter.shape(),
                Arrays.copyOfRange(averaged.parameters(), at, at + parameter.size())));
        at += parameter.size();
      }
    }
    return all;
  }

  /**
   * Replaces both the current and the averaged weights.
   *
   * @throws IllegalArgumentException when their number is not that of the network
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
    compiled = null;
  }

  /**
   * @throws IllegalStateException when the engine was created for inference only
   */
  @Override
  public void saveState(DataOutputStream out) throws IOException {
    out.writeLong(trainer().steps());
    for (float[] array : trainer().state()) {
      FloatArrays.write(out, array);
    }
  }

  /**
   * @throws IllegalStateException when the engine was created for inference only
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
    // All or nothing: a truncated state leaves the engine unchanged.
    for (int i = 0; i < found.size(); i++) {
      System.arraycopy(found.get(i), 0, state.get(i), 0, found.get(i).length);
    }
    to.resumeAt(steps);
  }

  /** Ends the threads and lets go of the calling thread's memory. */
  @Override
  public void close() {
    inference.remove();
    team.close();
  }
}
