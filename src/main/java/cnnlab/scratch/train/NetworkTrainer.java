package cnnlab.scratch.train;

import cnnlab.scratch.Network;
import cnnlab.scratch.ThreadTeam;
import cnnlab.scratch.kernel.Range;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.Node;
import java.util.ArrayList;
import java.util.List;

/**
 * Trains a network, one batch at a time: gradients, clipping, penalties, the optimiser, averaged
 * weights.
 *
 * <p>The same network, options and batches give the same bits, whatever the number of threads. Not
 * thread-safe.
 */
public final class NetworkTrainer {
  /** Parameters that one task updates. */
  private static final int BLOCK = 16_384;

  private final Network network;
  private final Options options;
  private final ThreadTeam team;
  private final Backpropagation backpropagation;
  private final List<Range> trainable = new ArrayList<>();
  private final List<Penalty> penalties = new ArrayList<>();
  private final double[] sums;
  private final float[][] state;
  private final float[] average;
  private long step;

  /**
   * How to train.
   *
   * @param objective the loss
   * @param optimizer changes the parameters
   * @param penalties on ranges of parameters
   * @param decays decoupled weight decay on ranges of parameters
   * @param clips limits of the gradients' norms; the gradients of penalties are added afterwards
   * @param averageDecay d in [0, 1): averaged ← d·averaged + (1 − d)·w after each step; 0 for no
   *     averaging
   * @param maxBatch the largest batch, at least 1
   * @param seed of the random numbers (dropout)
   */
  public record Options(
      Objective objective,
      Optimizer optimizer,
      List<Penalty> penalties,
      List<WeightDecay> decays,
      List<GradientClip> clips,
      double averageDecay,
      int maxBatch,
      long seed) {
    public Options {
      penalties = List.copyOf(penalties);
      decays = List.copyOf(decays);
      clips = List.copyOf(clips);
    }
  }

  /**
   * @param network its parameters will be changed
   * @param team the threads to compute with
   * @throws IllegalArgumentException when the network cannot be trained
   */
  public NetworkTrainer(Network network, Options options, ThreadTeam team) {
    this.network = network;
    this.options = options;
    this.team = team;
    this.backpropagation =
        new Backpropagation(network, options.objective, options.maxBatch, team, false);
    int parameters = network.parameters().length;
    this.state = new float[options.optimizer.stateArrays()][parameters];
    this.average = options.averageDecay > 0 ? network.parameters().clone() : null;
    for (Node node : network.nodes()) {
      int offset = node.parameterOffset();
      for (Layer.Parameter p : node.layer().parameters()) {
        if (p.trainable()) {
          cut(offset, offset + p.size(), trainable);
        }
        offset += p.size();
      }
    }
    for (Penalty p : options.penalties) {
      List<Range> ranges = new ArrayList<>();
      cut(p.begin(), p.end(), ranges);
      ranges.forEach(r -> penalties.add(new Penalty(r.from(), r.to(), p.l1(), p.l2())));
    }
    this.sums = new double[penalties.size()];
  }

  /** Cuts a range of parameters into blocks, one for each task. */
  private static void cut(int begin, int end, List<Range> into) {
    for (int at = begin; at < end; at += BLOCK) {
      into.add(new Range(at, Math.min(at + BLOCK, end)));
    }
  }

  /**
   * One step on one batch.
   *
   * @param x images [n, C, H, W]
   * @param y targets [n, K]: distributions over the classes, or values
   * @param n the number of images, 1 to {@code maxBatch}, at least 1
   * @return the loss before the step: the objective plus penalties; NaN or infinite if training
   *     diverges
   * @throws IllegalArgumentException when n is not in that range, or {@code x} holds fewer images
   */
  public double step(float[] x, float[] y, int n) {
    if (n < 1 || n > options.maxBatch) {
      throw new IllegalArgumentException(
          "a batch of %d images, it must be 1 to %d".formatted(n, options.maxBatch));
    }
    double loss = backpropagation.run(x, y, n, step, options.seed);
    float[] gradients = backpropagation.gradients();
    team.run(options.clips.size(), (task, pad) -> options.clips.get(task).apply(gradients));
    loss += addPenalties();
    long now = step;
    team.run(
        trainable.size(),
        (task, pad) -> {
          Range range = trainable.get(task);
          options.optimizer.update(
              network.parameters(),
              gradients,
              state,
              range.from(),
              range.to(),
              now,
              decay(range.from()));
        });
    updateAverage();
    step++;
    return loss;
  }

  /** λ of the tensor to which a parameter belongs. */
  private double decay(int parameter) {
    for (WeightDecay d : options.decays) {
      if (parameter >= d.begin() && parameter < d.end()) {
        return d.lambda();
      }
    }
    return 0;
  }

  private double addPenalties() {
    team.run(
        penalties.size(),
        (task, pad) -> {
          Penalty p = penalties.get(task);
          sums[task] =
              network
                  .kernels()
                  .addPenalty(
                      network.parameters(),
                      backpropagation.gradients(),
                      p.begin(),
                      p.end(),
                      (float) p.l1(),
                      (float) p.l2());
        });
    double sum = 0;
    for (double penalty : sums) {
      sum += penalty;
    }
    return sum;
  }

  private void updateAverage() {
    if (average == null) {
      return;
    }
    double decay = averageDecay(options.averageDecay, step);
    float keep = (float) decay;
    float take = (float) (1 - decay);
    float[] parameters = network.parameters();
    for (int i = 0; i < average.length; i++) {
      average[i] = keep * average[i] + take * parameters[i];
    }
  }

  /**
   * The decay of averaged weights after step 0, 1, ...: min(decay, (1 + step) / (10 + step)), so
   * that the first averages follow the newest weights closely, as a mean would.
   */
  public static double averageDecay(double decay, long step) {
    return Math.min(decay, (1.0 + step) / (10.0 + step));
  }

  /** The number of steps taken. */
  public long steps() {
    return step;
  }

  /**
   * The parameters to predict with: the averaged ones if weights are averaged, otherwise the
   * current ones; not a copy.
   */
  public float[] inferenceParameters() {
    return average == null ? network.parameters() : average;
  }

  /** The gradient of the last step, laid out as {@link Network#parameters}. */
  public float[] gradients() {
    return backpropagation.gradients();
  }

  /**
   * The arrays on which later steps depend, besides the number of {@link #steps}: parameters,
   * averages, the optimiser's state. Not copies.
   */
  public List<float[]> state() {
    List<float[]> arrays = new ArrayList<>();
    arrays.add(network.parameters());
    if (average != null) {
      arrays.add(average);
    }
    arrays.addAll(List.of(state));
    return arrays;
  }

  /** Resumes after the given number of steps; {@link #state} must hold the values of that time. */
  public void resumeAt(long steps) {
    step = steps;
  }
}
